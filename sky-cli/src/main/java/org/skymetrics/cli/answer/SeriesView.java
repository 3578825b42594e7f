package org.skymetrics.cli.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.skymetrics.common.cell.Kind;

/** One series of an answer, as a table, as CSV, as JSON or as the one number of its total. */
public final class SeriesView {
  private static final int SPARKLINE_WIDTH = 72;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final JsonNode answer;
  private final JsonNode series;
  private final Kind kind;
  private final ZoneId zone;

  /** The first series of an answer. */
  public SeriesView(JsonNode answer, Kind kind, ZoneId zone) {
    this(answer, answer.path("series").path(0), kind, zone);
  }

  /** One of the series of an answer. */
  SeriesView(JsonNode answer, JsonNode series, Kind kind, ZoneId zone) {
    this.answer = answer;
    this.series = series;
    this.kind = kind;
    this.zone = zone;
  }

  /** The one number: 0 where the series is not there. */
  public String total() {
    JsonNode total = series.path("total");
    return total.isNumber() ? Numbers.exact(total) : "0";
  }

  /** The total as a table shows it. */
  String shownTotal() {
    return Numbers.shown(series.path("total"));
  }

  String key() {
    return series.path("key").asText();
  }

  /** An array of the points. */
  public String json() {
    StringBuilder text = new StringBuilder("[");
    String separator = "\n  ";
    for (JsonNode point : series.path("points")) {
      text.append(separator).append(point);
      separator = ",\n  ";
    }
    return text.append(series.path("points").isEmpty() ? "]" : "\n]").toString();
  }

  /** A line of names, then a line for each point; all digits. */
  public List<String> csv() {
    List<String> lines = new ArrayList<>();
    lines.add("time," + String.join(",", fields()) + ",open");
    for (JsonNode point : series.path("points")) {
      List<String> cells = new ArrayList<>();
      cells.add(point.path("time").asText());
      fields().forEach(field -> cells.add(Numbers.exact(point.path(field))));
      cells.add(Boolean.toString(point.path("open").asBoolean(false)));
      lines.add(String.join(",", cells));
    }
    return lines;
  }

  /** For people: what it is, a sparkline, and the points. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    JsonNode points = series.path("points");
    lines.add(heading());
    if (points.isEmpty()) {
      lines.add("nothing was counted in this range");
      return lines;
    }
    lines.add(sparkline(SPARKLINE_WIDTH));
    lines.add("");
    List<String> headings = new ArrayList<>(List.of("time (" + zone.getId() + ")"));
    shownFields().forEach(field -> headings.add(">" + field));
    headings.add("");
    TextTable table = new TextTable(headings);
    for (JsonNode point : points) {
      List<String> cells = new ArrayList<>(List.of(time(point.path("time").asLong())));
      shownFields().forEach(field -> cells.add(Numbers.shown(point.path(field))));
      cells.add(point.path("open").asBoolean(false) ? "open" : "");
      table.row(cells);
    }
    lines.addAll(table.lines());
    return lines;
  }

  private String heading() {
    return String.format(
        Locale.ROOT,
        "%s  total %s  every %s  from %s to %s",
        series.path("series").asText(""),
        total(),
        span(answer.path("resolution").asLong()),
        time(answer.path("from").asLong()),
        time(answer.path("to").asLong()));
  }

  /** The points as one line of small bars. */
  String sparkline(int width) {
    long from = answer.path("from").asLong();
    long step = Math.max(1, answer.path("resolution").asLong());
    long steps = Math.max(1, (answer.path("to").asLong() - from + step - 1) / step);
    double[] values = new double[(int) Math.min(steps, 100_000)];
    Arrays.fill(values, Double.NaN);
    for (JsonNode point : series.path("points")) {
      long at = (point.path("time").asLong() - from) / step;
      if (at >= 0 && at < values.length) {
        values[(int) at] = point.path(mainField()).asDouble();
      }
    }
    return Sparkline.of(values, kind == Kind.COUNTER || kind == Kind.HISTOGRAM, width);
  }

  private String time(long epochSeconds) {
    return TIME.format(Instant.ofEpochSecond(epochSeconds).atZone(zone));
  }

  private static String span(long seconds) {
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private String mainField() {
    return kind == Kind.HISTOGRAM || kind == Kind.SET ? "count" : "value";
  }

  private List<String> fields() {
    return switch (kind) {
      case COUNTER -> List.of("value", "min", "max", "sumSquares", "periods");
      case GAUGE -> List.of("value", "min", "max", "mean", "sum", "sumSquares", "count");
      case HISTOGRAM ->
          List.of("count", "sum", "min", "max", "mean", "sumSquares", "p50", "p90", "p99");
      case SET -> List.of("count", "min", "max", "sumSquares", "periods");
    };
  }

  private List<String> shownFields() {
    return switch (kind) {
      case COUNTER -> List.of("value");
      case GAUGE -> List.of("value", "min", "max", "mean", "count");
      case HISTOGRAM -> List.of("count", "mean", "min", "p50", "p90", "p99", "max");
      case SET -> List.of("count");
    };
  }
}
