package org.skymetrics.ui.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;

/** Answers as CSV (RFC 4180): a line for each point; a field that its kind lacks is empty. */
final class SeriesCsv {
  private static final List<String> FIELDS =
      List.of(
          "value",
          "count",
          "sum",
          "min",
          "max",
          "mean",
          "sumSquares",
          "periods",
          "p50",
          "p90",
          "p99");

  private SeriesCsv() {}

  static byte[] lines(Answer answer) {
    StringBuilder out = new StringBuilder("series,time,open,");
    out.append(String.join(",", FIELDS)).append("\r\n");
    for (Answer.Line line : answer.lines()) {
      String series = quoted(SeriesText.of(line.series()));
      for (Point point : line.points()) {
        out.append(series).append(',').append(point.timeMs() / 1000);
        out.append(',').append(point.open());
        Map<String, String> fields = fields(point);
        for (String field : FIELDS) {
          out.append(',').append(fields.getOrDefault(field, ""));
        }
        out.append("\r\n");
      }
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> fields(Point point) {
    Map<String, String> fields = new HashMap<>();
    try {
      PointFields.write(
          point,
          new PointFields.Sink() {
            @Override
            public void field(String name, double value) {
              fields.put(name, Json.text(value));
            }

            @Override
            public void field(String name, long value) {
              fields.put(name, Long.toString(value));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("a map takes all fields", e);
    }
    return fields;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
