package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.block.Level;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;

/** Stores, the batches that were put into them, and what must be true of them at any moment. */
final class World {
  static final Period PERIOD = Period.ONE_MINUTE;

  /** 2023-11-14 22:10 UTC, the start of a window of five minutes. */
  static final long WINDOW_MS = 1_699_999_800_000L;

  final ManualClock clock = new ManualClock(WINDOW_MS + 400_000);
  final MemoryPeriodStore periods = new MemoryPeriodStore(new Layout(PERIOD, 4), clock);
  final MemoryHistoryStore history = new MemoryHistoryStore();
  final List<Batch> all = new ArrayList<>();

  static ShardPeriod place(int shard, int minute) {
    return new ShardPeriod(shard, WINDOW_MS + minute * 60_000L);
  }

  /** A batch with a counter, a gauge and a histogram whose content follows from its name. */
  static Batch batch(ShardPeriod place, long incarnation, long segment) {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    CounterCell counter = new CounterCell();
    counter.add(1000 * incarnation + segment);
    counter.add(0.1);
    cells.put(new Series(Key.of("requests"), Kind.COUNTER), counter);
    cells.put(new Series(Key.of("requests|of " + incarnation), Kind.COUNTER), counter);
    GaugeCell gauge = new GaugeCell();
    gauge.set(segment * 0.3, place.startMs() + segment);
    cells.put(new Series(Key.of("heap"), Kind.GAUGE), gauge);
    HistogramCell histogram = new HistogramCell();
    histogram.record(segment * 1.7);
    histogram.record(incarnation * 0.1);
    cells.put(new Series(Key.of("latency"), Kind.HISTOGRAM), histogram);
    return Batch.of(new BatchName(incarnation, segment), place, PERIOD.lengthMs(), cells);
  }

  void put(Batch... batches) {
    all.addAll(List.of(batches));
    periods.put(List.of(batches));
  }

  Rollup rollup() {
    return rollup(periods, history);
  }

  Rollup rollup(PeriodStore ps, HistoryStore hs) {
    return Rollup.create(RollupConfig.defaults(), ps, hs, clock);
  }

  Block block(ShardPeriod place) {
    Block block = Block.empty(place);
    for (byte[] value : history.get(Block.historyKey(place)).values()) {
      try {
        block = block.unite(Block.parse(place, value));
      } catch (CorruptException e) {
        throw new AssertionError(e);
      }
    }
    return block;
  }

  /**
   * True at any moment: each batch is in a mailbox or in a block, and done means all is written.
   */
  void assertNothingIsMissed() {
    for (Batch batch : all) {
      boolean waits = periods.mailbox(batch.place()).contains(batch);
      Block block = block(batch.place());
      assertThat(waits || block.batches().containsKey(batch.name())).as("%s", batch).isTrue();
      Set<BatchName> done = periods.done.getOrDefault(batch.place(), new TreeSet<>());
      if (done.contains(batch.name())) {
        assertThat(block.batches()).containsKey(batch.name());
        assertThat(coveringLevel(Windows.of(batch.place())).sources())
            .contains(new Level.Source(batch.place().startMs(), batch.name()));
        assertThat(keyList(batch.place().shard()).lastSeenMs().keySet()).containsAll(series(batch));
      }
    }
  }

  private static Set<Series> series(Batch batch) {
    Set<Series> series = new HashSet<>();
    try {
      batch.forEach((s, cell) -> series.add(s));
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
    return series;
  }

  private Level coveringLevel(Level.Window window) {
    List<Level> levels = new ArrayList<>();
    for (byte[] value : history.get(window.historyKey()).values()) {
      levels.add(level(window, value));
    }
    assertThat(levels).as("levels of %s", window).isNotEmpty();
    return levels.stream()
        .filter(level -> levels.stream().allMatch(level::covers))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sibling covers the others"));
  }

  private static Level level(Level.Window window, byte[] value) {
    try {
      return Level.parse(window, value);
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
  }

  private KeyList keyList(int shard) {
    KeyList list = KeyList.empty();
    for (byte[] value : history.get(KeyList.historyKey(shard)).values()) {
      try {
        list = list.with(KeyList.parse(value).lastSeenMs());
      } catch (CorruptException e) {
        throw new AssertionError(e);
      }
    }
    return list;
  }

  /** True when all is at rest: history is just what follows from the batches. */
  void assertSettled() {
    assertNothingIsMissed();
    assertThat(periods.waiting()).isEmpty();
    SortedMap<ShardPeriod, Block> blocks = new TreeMap<>();
    for (Batch batch : all) {
      blocks.merge(batch.place(), Block.empty(batch.place()).with(List.of(batch)), Block::unite);
    }
    blocks.forEach((place, block) -> assertThat(block(place).toBytes()).isEqualTo(block.toBytes()));
    Map<Level.Window, List<Block>> windows = new HashMap<>();
    blocks.forEach(
        (place, block) ->
            windows.computeIfAbsent(Windows.of(place), w -> new ArrayList<>()).add(block));
    windows.forEach(
        (window, of) -> {
          try {
            assertThat(coveringLevel(window).bytes())
                .isEqualTo(Level.of(window, PERIOD.lengthMs(), of).bytes());
          } catch (CorruptException e) {
            throw new AssertionError(e);
          }
        });
  }
}
