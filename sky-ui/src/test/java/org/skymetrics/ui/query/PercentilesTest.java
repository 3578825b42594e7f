package org.skymetrics.ui.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
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
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.skymetrics.ui.count.Counters;

/**
 * What a reader is told of distributions, through batches of several servers, rollup, levels and
 * query: percentiles within 1 % of the exact ones at every resolution, and sets within 2 %.
 */
final class PercentilesTest {
  private static final long START_MS = 19_675 * 86_400_000L;
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 3);
  private static final Series LATENCY = new Series(Key.of("latency|GET"), Kind.HISTOGRAM);
  private static final Series USERS = new Series(Key.of("users"), Kind.SET);
  private static final int MINUTES = 1_440;

  /** One minute in so many has data: a day of all would take long to make. */
  private static final int EVERY = 7;

  private static final int SERVERS = 3;

  @TempDir Path dir;

  @Test
  void shouldBeWithinOnePercentAtEveryResolution() {
    Random random = new Random(20_231_114);
    ManualClock clock = new ManualClock(START_MS + MINUTES * 60_000L);
    TreeMap<Integer, List<Double>> values = new TreeMap<>();
    try (SqlitePeriodStore periods =
            SqlitePeriodStore.open(dir, LAYOUT, clock, new StoreCounters());
        SqliteHistoryStore history = SqliteHistoryStore.open(dir)) {
      for (int minute = 0; minute < MINUTES; minute += EVERY) {
        List<Double> ofMinute = new ArrayList<>();
        values.put(minute, ofMinute);
        List<Batch> batches = new ArrayList<>();
        for (int server = 0; server < SERVERS; server++) {
          batches.addAll(batches(minute, server, ofMinute, random));
        }
        periods.put(batches);
      }
      Rollup rollup = Rollup.create(RollupConfig.defaults(), periods, history, clock);
      assertThat(rollup.drain(Duration.ofMinutes(1))).isTrue();
      QueryEngine engine =
          new QueryEngine(
              LAYOUT, periods, history, clock, 1 << 24, Duration.ofMinutes(1), new Counters());
      for (int minutes : new int[] {1, 5, 15, 60, 360, 1_440}) {
        check(engine, minutes, values);
      }
    }
  }

  private static List<Batch> batches(int minute, int server, List<Double> into, Random random) {
    HistogramCell latency = new HistogramCell();
    double scale = Math.exp(random.nextGaussian());
    for (int i = 0; i < 150; i++) {
      double value = scale * Math.exp(random.nextGaussian() * 1.5);
      latency.record(value);
      into.add(value);
    }
    SetCell users = new SetCell();
    // Each server sees a half, and some of them twice.
    for (int i = server % 2; i < 1_500; i += 2) {
      users.add(SetCell.hash("user " + (minute * 100 + i)));
    }
    List<Batch> batches = new ArrayList<>();
    for (Map.Entry<Series, ? extends Cell> one :
        Map.of(LATENCY, latency, USERS, users).entrySet()) {
      ShardPeriod place =
          new ShardPeriod(one.getKey().key().shard(LAYOUT.shards()), START_MS + minute * 60_000L);
      batches.add(
          Batch.of(
              new BatchName(server + 1, 2 * minute + batches.size()),
              place,
              60_000,
              new TreeMap<>(Map.of(one.getKey(), one.getValue()))));
    }
    return batches;
  }

  private static void check(
      QueryEngine engine, int minutes, TreeMap<Integer, List<Double>> values) {
    Range range =
        Range.at(START_MS, START_MS + MINUTES * 60_000L, minutes * 60_000L, LAYOUT.period());
    Answer answer = engine.answer(List.of(LATENCY, USERS), range, List.of());
    List<Point> latency = answer.lines().get(0).points();
    List<Point> users = answer.lines().get(1).points();
    assertThat(latency.stream().mapToLong(p -> ((HistogramCell) p.cell()).count()).sum())
        .isEqualTo(values.values().stream().mapToLong(List::size).sum());
    for (int step = 0; step < latency.size(); step++) {
      int from = (int) ((latency.get(step).timeMs() - START_MS) / 60_000);
      var here = values.subMap(from, from + minutes);
      double[] exact =
          here.values().stream()
              .flatMap(List::stream)
              .mapToDouble(Double::doubleValue)
              .sorted()
              .toArray();
      HistogramCell cell = (HistogramCell) latency.get(step).cell();
      assertThat(cell.count()).isEqualTo(exact.length);
      for (double q : new double[] {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1}) {
        double wanted = exact[(int) Math.ceil(q * exact.length) - 1];
        assertThat(cell.quantile(q))
            .as("p%s of %d min, step %d", q * 100, minutes, step)
            .isCloseTo(wanted, within(0.01 * wanted));
      }
      int distinct = EVERY * 100 * (here.size() - 1) + 1_500;
      assertThat((double) ((SetCell) users.get(step).cell()).estimate())
          .as("users of %d min, step %d", minutes, step)
          .isCloseTo(distinct, within(0.02 * distinct));
    }
  }
}
