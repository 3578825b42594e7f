package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long {@code sky standalone} takes from its start to {@code /readyz}: in a new data directory,
 * and again in that directory.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.Starts [times]
 * </pre>
 */
public final class Starts {
  private static final int TIMES = 5;

  private Starts() {}

  /**
   * Runs it.
   *
   * @param arguments how often; 5 where nothing is said
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int times = arguments.length > 0 ? Integer.parseInt(arguments[0]) : TIMES;
    start(Files.createTempDirectory("sky-start").resolve("data"), "first, not counted");
    double[] anew = new double[times];
    double[] again = new double[times];
    for (int i = 0; i < times; i++) {
      Path data = Files.createTempDirectory("sky-start").resolve("data");
      anew[i] = start(data, "in a new directory");
      again[i] = start(data, "again");
    }
    Figures figures = new Figures();
    figures.add("start in a new directory, median", median(anew), "s", 1.5);
    figures.add("start again, median", median(again), "s", 1.5);
    figures.end();
    System.exit(0);
  }

  private static double start(Path data, String what) throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    try (RunningSky sky = RunningSky.start(data, "", List.of())) {
      double took = (System.nanoTime() - startNs) / 1e9;
      System.out.printf(
          Locale.ROOT, "%-20s %.2f s, %.2f CPU s%n", what, took, sky.figures().cpuSeconds());
      return took;
    }
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
