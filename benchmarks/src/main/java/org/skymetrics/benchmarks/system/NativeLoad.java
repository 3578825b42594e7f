package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sky standalone} under packets of Sky's own clients: CPU time for a million records, heap
 * for a key.
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
      description =
          "For how long; whole periods are fair, for what a key costs once a period is in it."
              + " Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "60",
      description = "For how long before that. Default: ${DEFAULT-VALUE}")
  private int warmUp;

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

  private final Figures figures = new Figures();

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
      load.count(warmUp, every);
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
      figures.add("native packets", 1e6 * cpu / records, "CPU s a million records", 0.1);
      System.out.printf(
          "of it: %s%n", ThreadFigures.of(List.of(sky.pid())).since(threads, records));
      System.out.printf(
          Locale.ROOT,
          "live heap %.1f MB, of it %.0f bytes a key%n",
          new Jvm(sky.pid()).liveHeapBytes() / 1e6,
          perKey(sky, heapBefore));
      return end(sky, load) ? 0 : 1;
    }
  }

  private double perKey(RunningSky sky, long heapBefore) throws IOException, InterruptedException {
    double bytes = (double) (new Jvm(sky.pid()).liveHeapBytes() - heapBefore) / keys;
    figures.add("live heap, of server, rollup and page", bytes, "bytes a key", 250);
    return bytes;
  }

  private boolean end(RunningSky sky, NativeClients load) throws InterruptedException {
    boolean acknowledged = load.awaitAcknowledged(PATIENCE);
    long arrived = sky.total(load.firstParent());
    long wanted = load.counted() / NativeClients.PARENTS;
    System.out.printf(
        "counted %,d; all acknowledged: %s; %s has %,d of %,d%n",
        load.counted(), acknowledged, load.firstParent(), arrived, wanted);
    figures.add("counts missing of " + load.firstParent(), Math.abs(wanted - arrived), "", 0);
    figures.end();
    return acknowledged && arrived == wanted;
  }
}
