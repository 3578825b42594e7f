package org.skymetrics.benchmarks.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All figures of a folder, which {@code benchmarks/run} has filled, as one table and as one file of
 * JSON, {@code figures.json}.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.Summary FOLDER
 * </pre>
 */
public final class Summary {
  private static final String RESULT = "figures.json";

  private final ObjectMapper json = new ObjectMapper();
  private final ArrayNode all = json.createArrayNode();

  private Summary() {}

  /**
   * Prints it, and writes the file.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Summary summary = new Summary();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".json") && !name.equals(RESULT)) {
          summary.take(name.substring(0, name.length() - ".json".length()), file);
        }
      }
    }
    summary.print();
    summary
        .json
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve(RESULT).toFile(), summary.all);
  }

  /** The figures of one part: ours, those of JMH, or those of daemons beside each other. */
  private void take(String part, Path file) throws IOException {
    for (JsonNode row : json.readTree(file.toFile())) {
      if (row.has("primaryMetric")) {
        jmh(part, row);
      } else if (row.has("load")) {
        daemon(part, row);
      } else {
        add(part, row.path("what").asText(), row.path("value"), row.path("unit").asText())
            .set("most", row.path("most"));
      }
    }
  }

  private void jmh(String part, JsonNode row) {
    String benchmark = row.path("benchmark").asText();
    String of =
        row.path("params").properties().stream()
            .map(parameter -> parameter.getKey() + " " + parameter.getValue().asText())
            .collect(Collectors.joining(", "));
    JsonNode metric = row.path("primaryMetric");
    String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    String unit = metric.path("scoreUnit").asText();
    add(part, of.isEmpty() ? name : name + ", " + of, metric.path("score"), unit)
        .set("error", metric.path("scoreError"));
    JsonNode bytes = row.path("secondaryMetrics").path("gc.alloc.rate.norm");
    if (bytes.isObject() && bytes.path("score").asDouble() >= 1) {
      add(part, name + ", allocated", bytes.path("score"), "B/op");
    }
  }

  private void daemon(String part, JsonNode row) {
    String what = row.path("load").asText() + ": " + row.path("daemon").asText();
    if (row.has("samplesPerSecond")) {
      add(part, what, row.path("samplesPerSecond"), "samples/s");
    } else {
      add(part, what, row.path("cpuSecondsPerMillion"), "CPU s a million")
          .set("lossRatio", row.path("lossRatio"));
      JsonNode compiler = row.path("compilerCpuSecondsPerMillion");
      if (compiler.asDouble() > 0) {
        add(part, what + ", of it its compilers", compiler, "CPU s a million");
      }
    }
  }

  private ObjectNode add(String part, String what, JsonNode value, String unit) {
    ObjectNode figure = all.addObject();
    figure.put("part", part).put("what", what).put("unit", unit).set("value", value);
    return figure;
  }

  private void print() {
    System.out.println("| part | what | found | unit | aim |");
    System.out.println("|---|---|---|---|---|");
    for (JsonNode figure : all) {
      double value = figure.path("value").asDouble(Double.NaN);
      List<String> cells =
          List.of(
              figure.path("part").asText(),
              figure.path("what").asText(),
              Figures.number(value),
              figure.path("unit").asText(),
              aim(value, figure.path("most")));
      System.out.println("| " + String.join(" | ", cells) + " |");
    }
  }

  private static String aim(double value, JsonNode most) {
    if (!most.isNumber()) {
      return "";
    }
    return "at most "
        + Figures.number(most.asDouble())
        + (value <= most.asDouble() ? "" : ": missed");
  }
}
