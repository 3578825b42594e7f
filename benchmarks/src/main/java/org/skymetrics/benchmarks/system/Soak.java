package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code sky standalone} under a steady load for long: whether its heap, its native memory, its
 * file descriptors, its journal and its mailbox stay as they are after the first minutes.
 *
 * <pre>
 * java -Xmx3g -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.Soak [minutes]
 * </pre>
 *
 * <p>The load is half of what is taken at most: clients of 100,000 keys are added, each of which
 * counts each key once a second, until the server and they together can no more; then half of them
 * stay. History grows, for it is kept; how fast is in the table. In the end each count must have
 * been acknowledged, and be there.
 */
public final class Soak {
  private static final int KEYS = 100_000;
  private static final int MOST_CLIENTS = 40;
  private static final int WARM_UP_SECONDS = 20;
  private static final int STEP_SECONDS = 10;
  private static final double TAKEN = 0.95;
  private static final String RECORDS = "sky_server_records_counted_total";
  private static final String JAVA = "-Xms1g -Xmx1g -XX:NativeMemoryTracking=summary";

  private Soak() {}

  /**
   * Runs it.
   *
   * @param arguments how many minutes (30)
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
    Path data = Files.createTempDirectory("sky-soak").resolve("data");
    boolean exact;
    try (RunningSky sky = RunningSky.start(data, JAVA, List.of());
        NativeClients load = new NativeClients(KEYS)) {
      int most = capacity(sky, load);
      load.keep(Math.max(1, most / 2));
      System.out.printf(
          "most: %d clients, %,d records a second; from now on %d%n",
          most, most * KEYS, load.size());
      System.out.println(
          "minute  live heap MB  native MB  RSS MB  descriptors  threads  CPU %  journal MB"
              + "  period store MB  history MB");
      double cpu = sky.figures().cpuSeconds();
      for (int minute = 1; minute <= minutes; minute++) {
        load.count(60, 1);
        double now = sky.figures().cpuSeconds();
        say(minute, sky, (now - cpu) / 60, data);
        cpu = now;
      }
      boolean acknowledged = load.awaitAcknowledged(Duration.ofMinutes(2));
      long arrived = sky.total(load.firstParent());
      long wanted = load.counted() / NativeClients.PARENTS;
      System.out.printf(
          "counted %,d; all acknowledged: %s; %s has %,d of %,d%n",
          load.counted(), acknowledged, load.firstParent(), arrived, wanted);
      exact = acknowledged && arrived == wanted;
    }
    System.exit(exact ? 0 : 1);
  }

  /** How many clients there may be before records come in more slowly than they are made. */
  private static int capacity(RunningSky sky, NativeClients load) throws InterruptedException {
    load.add();
    load.count(WARM_UP_SECONDS, 1);
    while (load.size() < MOST_CLIENTS) {
      long before = sky.metric(RECORDS);
      long startNs = System.nanoTime();
      load.count(STEP_SECONDS, 1);
      double rate = (sky.metric(RECORDS) - before) * 1e9 / (System.nanoTime() - startNs);
      System.out.printf(Locale.ROOT, "%d clients: %,.0f records a second%n", load.size(), rate);
      if (rate < TAKEN * KEYS * load.size()) {
        return load.size() - 1;
      }
      load.add();
    }
    return load.size();
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
