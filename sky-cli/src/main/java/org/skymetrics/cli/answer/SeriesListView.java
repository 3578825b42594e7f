package org.skymetrics.cli.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.cell.Kind;

/** Several series of an answer, a line each: as a table, as CSV, as JSON or as their totals. */
public final class SeriesListView {
  private static final int SPARKLINE_WIDTH = 40;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode answer;
  private final List<SeriesView> views = new ArrayList<>();

  public SeriesListView(JsonNode answer, Kind kind, ZoneId zone) {
    this.answer = answer;
    for (JsonNode series : answer.path("series")) {
      views.add(new SeriesView(answer, series, kind, zone));
    }
  }

  /** A key and its total a line, parted by a tab. */
  public List<String> totals() {
    return views.stream().map(view -> view.key() + "\t" + view.total()).toList();
  }

  /** An array of series, each with its key, its total and the array of its points. */
  public String json() {
    ArrayNode all = JSON.createArrayNode();
    for (JsonNode series : answer.path("series")) {
      all.add(series);
    }
    return Api.pretty(all);
  }

  /** A line of names, then a line for each point of each series; all digits. */
  public List<String> csv() {
    List<String> lines = new ArrayList<>();
    for (SeriesView view : views) {
      List<String> own = view.csv();
      if (lines.isEmpty()) {
        lines.add("key," + own.get(0));
      }
      String key = '"' + view.key().replace("\"", "\"\"") + '"';
      own.subList(1, own.size()).forEach(line -> lines.add(key + "," + line));
    }
    return lines;
  }

  /** For people: how many match, and each with its total and a sparkline. */
  public List<String> table() {
    JsonNode match = answer.path("match");
    List<String> lines = new ArrayList<>();
    lines.add(
        match.path("kind").asText()
            + ":"
            + match.path("pattern").asText()
            + "  "
            + match.path("matched").asLong()
            + " match");
    if (!views.isEmpty()) {
      TextTable table = new TextTable("key", ">total", "");
      views.forEach(v -> table.row(v.key(), v.shownTotal(), v.sparkline(SPARKLINE_WIDTH)));
      lines.addAll(table.lines());
    }
    return lines;
  }
}
