package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.CatalogShelf;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;
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
   * True at any moment: each batch is in a mailbox or in a block, a block has no series that is not
   * listed, and done means all is written.
   */
  void assertNothingIsMissed() {
    for (Batch batch : all) {
      boolean waits = periods.mailbox(batch.place()).contains(batch);
      Block block = block(batch.place());
      assertThat(waits || block.batches().containsKey(batch.name())).as("%s", batch).isTrue();
      if (block.batches().containsKey(batch.name())) {
        assertThat(keyList(batch.place().shard()).lastSeenMs().keySet()).containsAll(series(batch));
      }
      Set<BatchName> done = periods.done.getOrDefault(batch.place(), new TreeSet<>());
      if (done.contains(batch.name())) {
        assertThat(block.batches()).containsKey(batch.name());
        assertThat(isMarked(batch.place()) || isInHour(batch))
            .as("marked, or in the files of its hour: %s", batch)
            .isTrue();
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

  Catalog catalog(int shard) {
    try {
      return new CatalogShelf(history).read(shard);
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isMarked(ShardPeriod place) {
    long window = Period.floor(place.startMs(), Span.FIVE_MINUTES_MS);
    return catalog(place.shard()).isMarked(Span.HOUR, window, window + Span.FIVE_MINUTES_MS);
  }

  /** Whether a sibling of the files of its hour, or of its day, was made from this batch. */
  private boolean isInHour(Batch batch) {
    for (Span span : List.of(Span.HOUR, Span.DAY)) {
      for (ChunkFile file : files(span, PERIOD.lengthMs(), batch.place())) {
        try {
          if (file.names().at(batch.place().startMs()).contains(batch.name())) {
            return true;
          }
        } catch (CorruptException e) {
          throw new AssertionError(e);
        }
      }
    }
    return false;
  }

  /** The siblings of the file (the tests' shards have one part) that holds a place. */
  List<ChunkFile> files(Span span, long resolutionMs, ShardPeriod place) {
    ChunkPlace at =
        new ChunkPlace(span, resolutionMs, place.shard(), span.startOf(place.startMs()), 0, 0);
    try {
      return ChunkVersions.read(history, List.of(at)).values().iterator().next().siblings();
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
  }

  KeyList keyList(int shard) {
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
    for (Batch batch : all) {
      assertThat(isMarked(batch.place()) || isInHour(batch)).as("%s", batch).isTrue();
    }
  }

  /** Looks until nothing is left to be done at this time. */
  void settle() {
    Rollup rollup = rollup();
    long before = -1;
    for (long now = history.writes(); now != before; now = history.writes()) {
      before = now;
      rollup.runOnce();
    }
    assertThat(rollup.counters())
        .containsEntry(RollupCounter.CHUNKS_DAMAGED, 0L)
        .containsEntry(RollupCounter.SPANS_NOT_COVERED, 0L);
  }

  /**
   * The points of a series that follow from the batches alone, at a level or of the periods; all
   * batches are of one shard.
   */
  List<Point> expected(Series series, long resolutionMs) {
    SortedMap<Long, Block> blocks = new TreeMap<>();
    for (Batch batch : all) {
      blocks.merge(
          batch.place().startMs(), Block.empty(batch.place()).with(List.of(batch)), Block::unite);
    }
    List<Point> periods = new ArrayList<>();
    blocks.forEach(
        (startMs, block) -> {
          try {
            Cell cell = block.cell(series);
            if (cell != null) {
              periods.add(Point.ofPeriod(startMs, cell));
            }
          } catch (CorruptException e) {
            throw new AssertionError(e);
          }
        });
    return resolutionMs == PERIOD.lengthMs()
        ? periods
        : DayWork.level(series, periods, resolutionMs);
  }
}
