package org.skymetrics.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;

/**
 * How long it takes to read one series of many from an embedded history: 24 hours by the minute, or
 * a year by hours and by days. Cold: the first time that the reader sees any of it. Warm: again.
 *
 * <pre>
 *   java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.HistoryReadTimes \
 *     day SERIES | year SERIES | growth SERIES DAYS
 * </pre>
 *
 * <p>{@code growth}: the CPU time that a minute takes on its way into history, which should not
 * depend on how much is there.
 */
public final class HistoryReadTimes {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final long START_MS = 1_700_006_400_000L; // 2023-11-15 00:00 UTC
  private static final long MINUTE_MS = 60_000;
  private static final int QUERIES = 200;

  private final ManualClock clock = new ManualClock(START_MS);
  private final List<Series> series = new ArrayList<>();
  private final Random random = new Random(1);
  private final PeriodStore periods;
  private final HistoryStore history;
  private final Rollup rollup;
  private final PrintStream out;

  private HistoryReadTimes(Path dir, int count, PrintStream out) {
    this.out = out;
    periods = SqlitePeriodStore.open(dir, LAYOUT, clock, new StoreCounters());
    history = SqliteHistoryStore.open(dir);
    rollup =
        Rollup.create(
            RollupConfig.builder().auditHorizon(Duration.ZERO).build(), periods, history, clock);
    for (int i = 0; i < count; i++) {
      series.add(new Series(Key.of("shop|host-" + i % 100 + "|item" + i / 100), Kind.COUNTER));
    }
  }

  /** Fills a history, reads from it, and prints the times. */
  public static void main(String[] args) throws IOException {
    Path dir = Files.createTempDirectory("sky-history-read");
    HistoryReadTimes times = new HistoryReadTimes(dir, Integer.parseInt(args[1]), System.out);
    if (args[0].equals("day")) {
      times.fill(0, 26 * 60, MINUTE_MS);
      times.read("24 h by 1 m", Duration.ofDays(1), MINUTE_MS);
    } else if (args[0].equals("growth")) {
      times.grow(Integer.parseInt(args[2]));
    } else {
      times.fill(0, 366 * 24, 60 * MINUTE_MS);
      times.read("a year by 1 h", Duration.ofDays(365), 60 * MINUTE_MS);
      times.read("a year by 1 d", Duration.ofDays(365), 24 * 60 * MINUTE_MS);
    }
  }

  private void grow(int days) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    int quarter = 6 * 60;
    for (int i = 0; i < 4 * days; i++) {
      long cpuNs = threads.getCurrentThreadCpuTime();
      fill(i * quarter, (i + 1) * quarter, MINUTE_MS);
      out.printf(
          Locale.ROOT,
          "after %3d h: %.2f CPU ms a minute of %d series%n",
          6 * (i + 1),
          (threads.getCurrentThreadCpuTime() - cpuNs) / 1e6 / quarter,
          series.size());
    }
  }

  private void fill(int from, int to, long stepMs) {
    for (int step = from; step < to; step++) {
      long startMs = START_MS + step * stepMs;
      clock.advance(Duration.ofMillis(startMs + MINUTE_MS + 35_000 - clock.wallMs()));
      TreeMap<ShardPeriod, TreeMap<Series, Cell>> shards = new TreeMap<>();
      for (Series s : series) {
        CounterCell cell = new CounterCell();
        cell.add((long) (100 + 10 * random.nextGaussian()));
        shards
            .computeIfAbsent(
                new ShardPeriod(s.key().shard(LAYOUT.shards()), startMs), p -> new TreeMap<>())
            .put(s, cell);
      }
      List<Batch> batches = new ArrayList<>();
      BatchName name = new BatchName(0x5eed, 1000L + step);
      shards.forEach((place, cells) -> batches.add(Batch.of(name, place, MINUTE_MS, cells)));
      periods.put(batches);
      rollup.runOnce();
    }
  }

  private QueryEngine engine() {
    return new QueryEngine(
        LAYOUT, periods, history, clock, 256L << 20, Duration.ofMinutes(1), new Counters());
  }

  private void read(String what, Duration length, long stepMs) {
    long toMs = Period.floor(clock.wallMs(), stepMs);
    Range range = new Range(toMs - length.toMillis(), toMs, stepMs);
    long[] cold = new long[QUERIES];
    long[] warm = new long[QUERIES];
    int points = 0;
    for (int i = 0; i < QUERIES; i++) {
      QueryEngine engine = engine();
      List<Series> one = List.of(series.get(random.nextInt(series.size())));
      cold[i] = time(engine, one, range);
      warm[i] = time(engine, one, range);
      points = engine.answer(one, range, List.of()).lines().get(0).points().size();
    }
    out.printf(
        Locale.ROOT,
        "%s, one of %d series, %d points: cold %.2f ms, warm %.2f ms (medians of %d)%n",
        what,
        series.size(),
        points,
        median(cold),
        median(warm),
        QUERIES / 2);
  }

  private static long time(QueryEngine engine, List<Series> one, Range range) {
    long start = System.nanoTime();
    Answer answer = engine.answer(one, range, List.of());
    long took = System.nanoTime() - start;
    if (!answer.damaged().isEmpty()) {
      throw new IllegalStateException(String.join("; ", answer.damaged()));
    }
    return took;
  }

  /** Of the second half: the first warms the machine up. */
  private static double median(long[] times) {
    long[] half = Arrays.copyOfRange(times, times.length / 2, times.length);
    Arrays.sort(half);
    return half[half.length / 2] / 1e6;
  }
}
