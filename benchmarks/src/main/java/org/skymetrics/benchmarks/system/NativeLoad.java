package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sky standalone} under packets of Sky's own clients: CPU time for a million records, heap
 * for a key, how long a period's end takes, and what a point takes on disk.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.NativeLoad --help
 * </pre>
 */
@Command(
    name = "native-load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Clients of Sky count each of their keys once a second at a Sky of its own. Start it in the"
            + " folder of Sky's sources.")
public final class NativeLoad implements Callable<Integer> {
  private static final String JAVA = "-Xmx4g -XX:NativeMemoryTracking=off";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many keys; all clients count the same. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many clients. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "60",
      description = "For how long, after a warm-up as long. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--every",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seconds between two counts of a key. Default: ${DEFAULT-VALUE}")
  private int every;

  @Option(
      names = "--period",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "The ring's period. Default: ${DEFAULT-VALUE}")
  private String period;

  @Option(
      names = "--redis",
      paramLabel = "HOST:PORT",
      description = "A Redis for the batches; otherwise SQLite keeps them.")
  private String redis = "";

  private NativeLoad() {}

  /**
   * Runs it.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new NativeLoad()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("sky-native").resolve("data");
    List<String> options =
        new ArrayList<>(List.of("--period", period, "--max-keys", "" + (2 * keys + 10_000)));
    options.addAll(List.of("--session-keys", "" + (2 * keys + 10_000)));
    if (!redis.isEmpty()) {
      options.addAll(List.of("--redis", redis));
    }
    try (RunningSky sky = RunningSky.start(data, JAVA, options);
        NativeClients load = new NativeClients(keys)) {
      long heapBefore = new Jvm(sky.pid()).liveHeapBytes();
      for (int i = 0; i < clients; i++) {
        load.add();
      }
      load.count(seconds, every);
      double cpu = sky.figures().cpuSeconds();
      long records = sky.metric("sky_server_records_counted_total");
      long drops = UdpFigures.of(RunningSky.PORT).drops();
      ThreadFigures threads = ThreadFigures.of(List.of(sky.pid()));
      long startNs = System.nanoTime();
      load.count(seconds, every);
      double passed = (System.nanoTime() - startNs) / 1e9;
      cpu = sky.figures().cpuSeconds() - cpu;
      records = sky.metric("sky_server_records_counted_total") - records;
      drops = UdpFigures.of(RunningSky.PORT).drops() - drops;
      System.out.printf(
          Locale.ROOT,
          "%,d records in %.0f s: %.4f CPU seconds a million, all of the process; %,d packets dropped"
              + " by the kernel%n",
          records,
          passed,
          1e6 * cpu / records,
          drops);
      System.out.printf(
          "of it: %s%n", ThreadFigures.of(List.of(sky.pid())).since(threads, records));
      System.out.printf(
          Locale.ROOT,
          "live heap %.1f MB, of it %.0f bytes a key%n",
          new Jvm(sky.pid()).liveHeapBytes() / 1e6,
          (double) (new Jvm(sky.pid()).liveHeapBytes() - heapBefore) / keys);
      flush(sky, load);
      return end(sky, load, data) ? 0 : 1;
    }
  }

  /** Goes on counting past the end of a period, and looks when its batches are where. */
  private void flush(RunningSky sky, NativeClients load) throws InterruptedException {
    long periodMs = 1000L * Integer.parseInt(period.replace("s", ""));
    long put = sky.metric("sky_server_batches_put_total");
    long confirmed = sky.metric("sky_server_batches_confirmed_total");
    long endMs = (System.currentTimeMillis() / periodMs + 1) * periodMs;
    load.count((int) ((endMs - System.currentTimeMillis()) / 1000 + 1), every);
    long wantedPut = awaitRest(sky, "sky_server_batches_put_total", put);
    System.out.printf("after the period's end: all batches put after %,d ms%n", wantedPut - endMs);
    long wantedConfirmed = awaitRest(sky, "sky_server_batches_confirmed_total", confirmed);
    System.out.printf(
        "after the period's end: all in history after %,d ms%n", wantedConfirmed - endMs);
  }

  /** When a counter that has begun to grow has stood still for two seconds, ms since 1970. */
  private static long awaitRest(RunningSky sky, String metric, long before)
      throws InterruptedException {
    long last = before;
    long lastMs = System.currentTimeMillis();
    long endNs = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < endNs) {
      long now = sky.metric(metric);
      if (now != last) {
        last = now;
        lastMs = System.currentTimeMillis();
      } else if (now > before && System.currentTimeMillis() - lastMs > 2000) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return lastMs;
  }

  private static boolean end(RunningSky sky, NativeClients load, Path data)
      throws IOException, InterruptedException {
    boolean acknowledged = load.awaitAcknowledged(PATIENCE);
    long arrived = sky.total(load.firstParent());
    long wanted = load.counted() / NativeClients.PARENTS;
    System.out.printf(
        "counted %,d; all acknowledged: %s; %s has %,d of %,d%n",
        load.counted(), acknowledged, load.firstParent(), arrived, wanted);
    System.out.printf(
        Locale.ROOT,
        "history: %.1f MB, journal %.1f MB%n",
        Soak.size(data, "history.db") / 1e6,
        Soak.size(data.resolve("journal"), "") / 1e6);
    return acknowledged && arrived == wanted;
  }
}
