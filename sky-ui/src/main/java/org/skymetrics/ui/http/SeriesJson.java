package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;

/** Answers as JSON. */
final class SeriesJson {
  private SeriesJson() {}

  /** The whole answer of {@code /api/series}. */
  static byte[] answer(
      Answer answer,
      Selection selection,
      byte[] lines,
      long periodMs,
      long nowMs,
      List<String> partial) {
    return Json.bytes(
        out -> {
          out.writeStartObject();
          out.writeNumberField("from", answer.range().startMs() / 1000);
          out.writeNumberField("to", answer.range().endMs() / 1000);
          out.writeNumberField("resolution", answer.range().stepMs() / 1000);
          out.writeNumberField("period", periodMs / 1000);
          out.writeNumberField("now", nowMs / 1000);
          writePartial(out, partial);
          selection.writeMatch(out);
          out.writeFieldName("series");
          out.writeRawValue(new String(lines, StandardCharsets.UTF_8));
          out.writeEndObject();
        });
  }

  /** The array of series with their points: what does not change where the range is closed. */
  static byte[] lines(Answer answer, boolean withBuckets) {
    return Json.bytes(
        out -> {
          out.writeStartArray();
          for (Answer.Line line : answer.lines()) {
            writeLine(out, line, withBuckets);
          }
          out.writeEndArray();
        });
  }

  static void writePartial(JsonGenerator out, List<String> partial) throws IOException {
    out.writeArrayFieldStart("partial");
    for (String fault : partial) {
      out.writeString(fault);
    }
    out.writeEndArray();
  }

  private static void writeLine(JsonGenerator out, Answer.Line line, boolean withBuckets)
      throws IOException {
    out.writeStartObject();
    writeSeries(out, line.series());
    writeTotal(out, line);
    out.writeArrayFieldStart("points");
    for (Point point : line.points()) {
      out.writeStartObject();
      writePoint(out, point, withBuckets);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  static void writeSeries(JsonGenerator out, Series series) throws IOException {
    byte[] text = SeriesText.utf8(series);
    int keyLength = series.key().length();
    out.writeFieldName("series");
    out.writeUTF8String(text, 0, text.length);
    out.writeFieldName("key");
    out.writeUTF8String(text, text.length - keyLength, keyLength);
    out.writeStringField("kind", series.kind().label());
  }

  /** The sum of a counter, the members of a set over all points, the count of the others. */
  private static void writeTotal(JsonGenerator out, Answer.Line line) throws IOException {
    long total = 0;
    double fraction = 0;
    SetCell members = new SetCell();
    for (Point point : line.points()) {
      Cell cell = point.cell();
      if (cell instanceof CounterCell counter) {
        total += counter.sum();
        fraction += counter.fraction();
      } else if (cell instanceof GaugeCell gauge) {
        total += gauge.count();
      } else if (cell instanceof HistogramCell histogram) {
        total += histogram.count();
      } else if (cell instanceof SetCell set) {
        members.merge(set);
      }
    }
    total += members.estimate();
    if (fraction == 0) {
      out.writeNumberField("total", total);
    } else {
      Json.field(out, "total", total + fraction);
    }
  }

  static void writePoint(JsonGenerator out, Point point, boolean withBuckets) throws IOException {
    out.writeNumberField("time", point.timeMs() / 1000);
    PointFields.write(
        point,
        new PointFields.Sink() {
          @Override
          public void field(String name, double value) throws IOException {
            Json.field(out, name, value);
          }

          @Override
          public void field(String name, long value) throws IOException {
            out.writeNumberField(name, value);
          }
        });
    if (point.open()) {
      out.writeBooleanField("open", true);
    }
    if (withBuckets && point.cell() instanceof HistogramCell histogram) {
      PointFields.writeBuckets(histogram, out);
    }
  }
}
