package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.skymetrics.benchmarks.system.PeriodWatch.Flush;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sky standalone} with many counters over some periods: how long the flush of a period takes
 * and its way into history, memory, disk, and whether all of it arrives.
 *
 * <pre>
 * java -Xmx2g -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.Periods --help
 * </pre>
 */
@Command(
    name = "periods",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A client of Sky counts each of its keys every so often at a Sky of its own, spread evenly."
          + " Told is when, after the moment at which a period is flushed (2 s after its end), the"
          + " period store had all of it, and when history had.",
      "",
      "Start it in the folder of Sky's sources. Ends with status 1 where a count is missing."
    })
public final class Periods implements Callable<Integer> {
  private static final String JAVA = "-Xms2g -Xmx6g";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int SHARDS = 16;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "500000",
      description = "How many counters. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--every",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds between two counts of a key. Default: ${DEFAULT-VALUE}")
  private int every;

  @Option(
      names = "--period",
      paramLabel = "S",
      defaultValue = "10",
      description = "The ring's period: 10 or 60 seconds. Default: ${DEFAULT-VALUE}")
  private int period;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "For how long. Default: ${DEFAULT-VALUE}")
  private int minutes;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "2",
      description = "Of how many periods the times are left out. Default: ${DEFAULT-VALUE}")
  private int warmUp;

  @Option(
      names = "--redis",
      description = "Batches go through a Redis of its own; otherwise SQLite has them.")
  private boolean withRedis;

  @Option(
      names = "--java",
      paramLabel = "OPTIONS",
      defaultValue = JAVA,
      description = "Options of Sky's JVM. Default: ${DEFAULT-VALUE}")
  private String java = JAVA;

  private final Figures figures = new Figures();

  private Periods() {}

  /**
   * Runs it.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Periods()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("sky-periods").resolve("data");
    boolean exact;
    List<Flush> flushes;
    try (RealRedis redis = withRedis ? RealRedis.start() : null) {
      try (RunningSky sky = RunningSky.start(data, java, options(redis));
          NativeClients load = new NativeClients(keys)) {
        load.add();
        try (PeriodWatch watch = new PeriodWatch(sky, period * 1000L)) {
          run(sky, load, redis, data);
          exact = end(sky, load);
          flushes = watch.finished(warmUp);
          figures.add("periods not in history when it ended", watch.unfinished(), "", 1);
        }
      }
    }
    times(flushes);
    double points = (double) (keys + NativeClients.PARENTS) * minutes * 60 / period;
    figures.add(
        "history on disk, columns of the hour among it",
        Files.size(data.resolve("history.db")) / points,
        "bytes a point",
        10);
    figures.end();
    return exact ? 0 : 1;
  }

  private List<String> options(@Nullable RealRedis redis) {
    String most = "" + (2 * keys + 10_000);
    List<String> options = new ArrayList<>(List.of("--period", period + "s"));
    options.addAll(List.of("--max-keys", most, "--session-keys", most));
    if (redis != null) {
      options.addAll(List.of("--redis", redis.address()));
    }
    return options;
  }

  private void run(RunningSky sky, NativeClients load, @Nullable RealRedis redis, Path data)
      throws IOException, InterruptedException {
    System.out.println(
        "minute  live heap MB  RSS MB  CPU s  Redis CPU s  Redis MB  journal MB  period store MB"
            + "  history MB");
    double firstHeap = Double.NaN;
    double lastHeap = Double.NaN;
    double cpu = sky.figures().cpuSeconds();
    double redisCpu = redis == null ? 0 : redis.cpuSeconds();
    for (int minute = 1; minute <= minutes; minute++) {
      load.spread(60 / every, every);
      double nowCpu = sky.figures().cpuSeconds();
      double nowRedis = redis == null ? 0 : redis.cpuSeconds();
      lastHeap = new Jvm(sky.pid()).liveHeapBytes() / 1e6;
      firstHeap = minute <= 2 ? lastHeap : firstHeap;
      System.out.printf(
          Locale.ROOT,
          "%6d  %12.0f  %6.0f  %5.1f  %11.1f  %8.0f  %10.0f  %15.0f  %10.0f%n",
          minute,
          lastHeap,
          sky.figures().residentBytes() / 1e6,
          nowCpu - cpu,
          nowRedis - redisCpu,
          redis == null ? 0 : redis.dataBytes() / 1e6,
          Soak.size(data.resolve("journal"), "") / 1e6,
          Soak.size(data, "period.db") / 1e6,
          Soak.size(data, "history.db") / 1e6);
      cpu = sky.figures().cpuSeconds();
      redisCpu = nowRedis;
    }
    figures.add("live heap after the second minute", firstHeap, "MB");
    figures.add("live heap in the end", lastHeap, "MB", 1.2 * firstHeap);
    if (redis != null) {
      redisBytes(sky, redis);
    }
  }

  /** The mailbox is empty most of the time: what it takes is the batches as they were made. */
  private void redisBytes(RunningSky sky, RealRedis redis) throws InterruptedException {
    long periodStart =
        (System.currentTimeMillis() / 1000 - 2 * period) / period * period; // of one that is put
    double sums = 0;
    for (int shard = 0; shard < SHARDS; shard++) {
      sums += redis.bytesOf("sky:{" + shard + "}:count:" + periodStart);
    }
    double batches =
        sky.metric("sky_server_batch_bytes_sealed_total")
            / (double) sky.metric("sky_server_segments_sealed_total");
    figures.add("Redis, mailbox and count", (sums + batches) / keys, "bytes a key", 130);
    figures.add("of it count", sums / keys, "bytes a key");
  }

  private boolean end(RunningSky sky, NativeClients load) throws InterruptedException {
    boolean acknowledged = load.awaitAcknowledged(PATIENCE);
    long arrived = sky.total(load.firstParent());
    long wanted = load.counted() / NativeClients.PARENTS;
    System.out.printf(
        "counted %,d; all acknowledged: %s; %s has %,d of %,d; %,d packets dropped by the kernel,"
            + " which were sent again%n",
        load.counted(),
        acknowledged,
        load.firstParent(),
        arrived,
        wanted,
        UdpFigures.of(RunningSky.PORT).drops());
    figures.add("counts missing of " + load.firstParent(), Math.abs(wanted - arrived), "", 0);
    return acknowledged && arrived == wanted;
  }

  private void times(List<Flush> flushes) {
    add(flushes, "batches made", Flush::sealedMs, Double.NaN, Double.NaN);
    add(flushes, "flush: all in the period store", Flush::putMs, 3, period);
    add(flushes, "all in history", Flush::doneMs, 10, period);
  }

  private void add(
      List<Flush> flushes, String what, ToLongFunction<Flush> time, double middle, double most) {
    long[] all = flushes.stream().mapToLong(time).sorted().toArray();
    if (all.length > 0) {
      figures.add(what + ", median of " + all.length, all[all.length / 2] / 1e3, "s", middle);
      figures.add(what + ", longest", all[all.length - 1] / 1e3, "s", most);
    }
  }
}
