package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code sky standalone} under a steady load for long: whether its heap, its native memory, its
 * file descriptors, its journal and its mailbox stay as they are after the first minutes.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.Soak [minutes [counts a second]]
 * </pre>
 *
 * <p>History grows, for it is kept; how fast is in the table. The load is {@code sky load} with
 * 100,000 keys, in a process of its own, and in the end each count must have been acknowledged.
 */
public final class Soak {
  private static final int KEYS = 100_000;
  private static final String HEAP = "-Xms512m -Xmx512m -XX:NativeMemoryTracking=summary";

  private Soak() {}

  /**
   * Runs it.
   *
   * @param arguments how many minutes (30), and how many counts a second (200,000)
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
    int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
    Path folder = Files.createTempDirectory("sky-soak");
    Path data = folder.resolve("data");
    try (RunningSky sky = RunningSky.start(data, HEAP, List.of())) {
      Process load = load(folder, rate, minutes * 60);
      try {
        System.out.println(
            "minute  live heap MB  native MB  RSS MB  descriptors  threads  CPU %  journal MB"
                + "  period store MB  history MB");
        double cpu = sky.figures().cpuSeconds();
        for (int minute = 1; minute <= minutes; minute++) {
          TimeUnit.SECONDS.sleep(60);
          double now = sky.figures().cpuSeconds();
          say(minute, sky, (now - cpu) / 60, data);
          cpu = now;
        }
        load.waitFor(5, TimeUnit.MINUTES);
        System.out.println(Files.readString(folder.resolve("load.out")).strip());
        System.exit(load.exitValue());
      } finally {
        load.destroyForcibly();
      }
    }
  }

  private static Process load(Path folder, int rate, int seconds) throws IOException {
    return new ProcessBuilder(
            "./sky",
            "load",
            "--ring",
            RunningSky.UDP,
            "--keys",
            "" + KEYS,
            "--rate",
            "" + rate,
            "--seconds",
            "" + seconds,
            "--wait",
            "60s")
        .redirectError(folder.resolve("load.log").toFile())
        .redirectOutput(folder.resolve("load.out").toFile())
        .start();
  }

  private static void say(int minute, RunningSky sky, double cores, Path data)
      throws IOException, InterruptedException {
    ProcFigures figures = sky.figures();
    Jvm jvm = new Jvm(sky.pid());
    System.out.printf(
        Locale.ROOT,
        "%6d  %12.1f  %9.1f  %6.0f  %11d  %7d  %5.0f  %10.1f  %15.1f  %10.1f%n",
        minute,
        jvm.liveHeapBytes() / 1e6,
        jvm.nativeBytes() / 1e6,
        figures.residentBytes() / 1e6,
        figures.descriptors(),
        figures.threads(),
        100 * cores,
        size(data.resolve("journal")) / 1e6,
        size(data, "period.db") / 1e6,
        size(data, "history.db") / 1e6);
  }

  /** A database and what SQLite keeps beside it. */
  static long size(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .mapToLong(Soak::size)
          .sum();
    }
  }

  private static long size(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(Soak::length).sum();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files come and go while one looks. */
  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
