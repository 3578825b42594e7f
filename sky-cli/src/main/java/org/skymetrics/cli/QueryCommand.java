package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.answer.SeriesView;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky query}: what one series has counted. */
@Command(
    name = "query",
    description = {
      "Shows a series over time, or its total.",
      "",
      "The period that still runs is part of the answer: what was acknowledged is in it."
    })
final class QueryCommand implements Callable<Integer> {
  /** Enough for a table on a screen. */
  private static final int TABLE_POINTS = 120;

  private static final int MAX_POINTS = 20_000;

  /** What is printed. */
  enum Format {
    TABLE,
    JSON,
    CSV
  }

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ApiOptions http = new ApiOptions();

  @Parameters(index = "0", paramLabel = "KEY", description = "As sky keys lists it.")
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

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    KeyFault fault = Key.fault(key);
    if (fault != null) {
      throw CommandFailure.usage("\"" + key + "\" is not a key: " + fault.description());
    }
    sky.logAsTool();
    Api api = http.api();
    Kind asked = kind != null ? kind : kindOf(api, sky);
    JsonNode answer = api.get("/api/series", parameters(asked));
    SeriesView view = new SeriesView(answer, asked, sky.outside().zone());
    if (total) {
      sky.print(view.total());
    } else {
      switch (format) {
        case TABLE -> sky.print(view.table());
        case JSON -> sky.print(view.json());
        case CSV -> sky.print(view.csv());
      }
    }
    return ApiOptions.statusFor(Api.partial(answer), sky);
  }

  private Map<String, String> parameters(Kind asked) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("series", asked.label() + ":" + key);
    parameters.put("from", from);
    parameters.put("to", to);
    if (resolution != null) {
      parameters.put("resolution", resolution);
    } else {
      boolean screen = format == Format.TABLE && !total;
      parameters.put("points", Integer.toString(screen ? TABLE_POINTS : MAX_POINTS));
    }
    return parameters;
  }

  /** What the key is. */
  private Kind kindOf(Api api, SkyCommand sky) {
    List<Kind> kinds = new ArrayList<>();
    for (JsonNode found : api.get("/api/search", Map.of("q", key, "limit", "10")).path("keys")) {
      if (found.path("key").asText().equals(key)) {
        for (JsonNode label : found.path("kinds")) {
          Kind known = Kind.byLabel(label.asText());
          if (known != null) {
            kinds.add(known);
          }
        }
      }
    }
    if (kinds.isEmpty()) {
      return Kind.COUNTER;
    }
    Kind chosen = kinds.contains(Kind.COUNTER) ? Kind.COUNTER : kinds.get(0);
    if (kinds.size() > 1) {
      sky.say("sky: " + key + " is of several kinds; this is the " + chosen.label() + " (--kind)");
    }
    return chosen;
  }
}
