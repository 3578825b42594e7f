package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.answer.SeriesListView;
import org.skymetrics.cli.answer.SeriesView;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.common.key.KeyPattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky query}: what one series has counted. */
@Command(
    name = "query",
    description = {
      "Shows a series over time, or its total; or the sum of all that match a pattern.",
      "",
      "A * in KEY stands for any characters but | and >: 'name|*env:prod*' is all children of name"
          + " that hold env:prod. The server adds them up (--sum, unless said), lists them (--list)"
          + " or gives the greatest (--top).",
      "The period that still runs is part of the answer: what was acknowledged is in it."
    })
final class QueryCommand implements Callable<Integer> {
  /** Enough for a table on a screen. */
  private static final int TABLE_POINTS = 120;

  private static final int LIST_POINTS = 40;
  private static final int MAX_POINTS = 20_000;

  /** What is printed. */
  enum Format {
    TABLE,
    JSON,
    CSV
  }

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ApiOptions http = new ApiOptions();

  @Parameters(index = "0", paramLabel = "KEY", description = "As sky keys lists it, or a pattern.")
  private String key = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "counter, gauge, histogram or set. Without it: what the key is; counter, where it is several.")
  private @Nullable Kind kind;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      defaultValue = "-1h",
      description =
          "The start: epoch seconds, now, or relative to it: -90s, -1h, -7d. Default:"
              + " ${DEFAULT-VALUE}")
  private String from = "-1h";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      defaultValue = "now",
      description = "The end. Default: ${DEFAULT-VALUE}")
  private String to = "now";

  @Option(
      names = "--resolution",
      paramLabel = "STEP",
      description =
          "The length of a step: the server's period or a multiple of it: 10s, 1m, 5m, 1h, 1d."
              + " Without it: the finest that fits a screen; for json and csv the finest of all.")
  private @Nullable String resolution;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "table, json (an array of objects with \"time\" in epoch seconds) or csv. Default:"
              + " ${DEFAULT-VALUE}")
  private Format format = Format.TABLE;

  @Option(
      names = "--total",
      description =
          "Print one number: a counter's sum, a histogram's count, a gauge's number of samples, the"
              + " members of a set.")
  private boolean total;

  @Option(
      names = "--sum",
      description =
          "The sum of all that match: counters, histograms merged; of gauges the sum of their values.")
  private boolean sum;

  @Option(names = "--list", description = "Each series that matches.")
  private boolean list;

  @Option(
      names = "--top",
      paramLabel = "N",
      description =
          "The N that are greatest over the whole range: by a counter's sum, a histogram's count, a"
              + " gauge's mean.")
  private @Nullable Integer top;

  @Option(
      names = "--max-series",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "How many series may match, at most 5000. More are an error, never left out. Default:"
              + " ${DEFAULT-VALUE}")
  private int maxSeries = 1000;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    KeyFault fault = Key.fault(key);
    if (fault != null) {
      throw CommandFailure.usage("\"" + key + "\" is not a key: " + fault.description());
    }
    sky.logAsTool();
    boolean match = isMatch();
    Api api = http.api();
    Kind asked = kind != null ? kind : chosen(kindsOf(api, match), sky);
    JsonNode answer = api.get("/api/series", parameters(asked, match));
    if (list || top != null) {
      print(sky, new SeriesListView(answer, asked, sky.outside().zone()));
    } else {
      print(sky, new SeriesView(answer, asked, sky.outside().zone()));
    }
    return ApiOptions.statusFor(Api.partial(answer), sky);
  }

  private boolean isMatch() {
    int ways = (sum ? 1 : 0) + (list ? 1 : 0) + (top == null ? 0 : 1);
    if (ways > 1) {
      throw CommandFailure.usage("give one of --sum, --list and --top");
    }
    return ways == 1 || KeyPattern.isPattern(key);
  }

  private void print(SkyCommand sky, SeriesView view) {
    if (total) {
      sky.print(view.total());
      return;
    }
    switch (format) {
      case TABLE -> sky.print(view.table());
      case JSON -> sky.print(view.json());
      case CSV -> sky.print(view.csv());
    }
  }

  private void print(SkyCommand sky, SeriesListView view) {
    if (total) {
      sky.print(view.totals());
      return;
    }
    switch (format) {
      case TABLE -> sky.print(view.table());
      case JSON -> sky.print(view.json());
      case CSV -> sky.print(view.csv());
    }
  }

  private Map<String, String> parameters(Kind asked, boolean match) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(match ? "match" : "series", asked.label() + ":" + key);
    if (match) {
      parameters.put("as", top != null ? "top" : list ? "list" : "sum");
      parameters.put("maxSeries", Integer.toString(maxSeries));
    }
    if (top != null) {
      parameters.put("n", Integer.toString(top));
    }
    parameters.put("from", from);
    parameters.put("to", to);
    if (resolution != null) {
      parameters.put("resolution", resolution);
    } else {
      parameters.put("points", Integer.toString(points()));
    }
    return parameters;
  }

  /** Many series are shown as small lines, so they need few points; a total needs one. */
  private int points() {
    boolean several = list || top != null;
    if (total) {
      return several ? 1 : MAX_POINTS;
    }
    return format == Format.TABLE ? (several ? LIST_POINTS : TABLE_POINTS) : MAX_POINTS;
  }

  /** What the key is, or the keys that match. */
  private Set<Kind> kindsOf(Api api, boolean match) {
    JsonNode answer =
        match
            ? api.get("/api/keys", Map.of("match", key, "limit", "10000"))
            : api.get("/api/search", Map.of("q", key, "limit", "10"));
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (JsonNode found : answer.path("keys")) {
      if (match || found.path("key").asText().equals(key)) {
        for (JsonNode label : found.path("kinds")) {
          Kind known = Kind.byLabel(label.asText());
          if (known != null) {
            kinds.add(known);
          }
        }
      }
    }
    return kinds;
  }

  private Kind chosen(Set<Kind> kinds, SkyCommand sky) {
    if (kinds.isEmpty()) {
      return Kind.COUNTER;
    }
    // Counters come first.
    Kind chosen = kinds.iterator().next();
    if (kinds.size() > 1) {
      sky.say("sky: " + key + " is of several kinds; this is the " + chosen.label() + " (--kind)");
    }
    return chosen;
  }
}
