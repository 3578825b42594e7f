package org.skymetrics.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

/** Batches to test with. */
public final class Samples {
  public static final long PERIOD_MS = 60_000;
  public static final long START_MS = 1_700_000_040_000L;
  public static final ShardPeriod PLACE = new ShardPeriod(1, START_MS);

  private Samples() {}

  public static Series counter(String key) {
    return new Series(Key.of(key), Kind.COUNTER);
  }

  public static Series gauge(String key) {
    return new Series(Key.of(key), Kind.GAUGE);
  }

  public static Series histogram(String key) {
    return new Series(Key.of(key), Kind.HISTOGRAM);
  }

  public static CounterCell count(long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    return cell;
  }

  /** A gauge of one sample. */
  public static GaugeCell level(double value, long timeMs, long lane, long sequence) {
    GaugeCell cell = new GaugeCell();
    cell.set(value, timeMs);
    cell.setOrigin(0, lane, sequence);
    return cell;
  }

  public static HistogramCell times(double... values) {
    HistogramCell cell = new HistogramCell();
    for (double value : values) {
      cell.record(value);
    }
    return cell;
  }

  /** A set of so many members; of two with near seeds some are the same. */
  public static SetCell members(int seed, int n) {
    SetCell cell = new SetCell();
    for (int i = 0; i < n; i++) {
      cell.add(SetCell.hash("member " + (seed + i)));
    }
    return cell;
  }

  /** A batch of this segment with a single counter. */
  public static Batch batch(long segment, String key, long n) {
    return batch(PLACE, segment, Map.of(counter(key), count(n)));
  }

  public static Batch batch(ShardPeriod place, long segment, Map<Series, ? extends Cell> cells) {
    return Batch.of(new BatchName(7, segment), place, PERIOD_MS, new TreeMap<>(cells));
  }

  /** A key of 1 to 4 segments; few enough that two draws often meet. */
  public static Key key(Random random) {
    List<String> segments = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      segments.add(
          List.of("a", "bb", "http_status", "200", "\u00e9\u4e16", "x y").get(random.nextInt(6)));
    }
    return Key.of(String.join(random.nextBoolean() ? "|" : ">", segments));
  }

  public static Cell cell(Kind kind, Random random) {
    switch (kind) {
      case COUNTER -> {
        CounterCell counter = new CounterCell();
        counter.add(random.nextLong() >> (8 + random.nextInt(56)));
        if (random.nextInt(4) == 0) {
          counter.add(random.nextDouble());
        }
        return counter;
      }
      case GAUGE -> {
        GaugeCell gauge = new GaugeCell();
        for (int i = random.nextInt(3); i >= 0; i--) {
          gauge.set(random.nextGaussian() * 1000, START_MS + random.nextInt(3));
        }
        gauge.setOrigin(0, random.nextInt(3), random.nextInt(3));
        return gauge;
      }
      case SET -> {
        return members(random.nextInt(), random.nextInt(random.nextBoolean() ? 10 : 300) + 1);
      }
      default -> {
        HistogramCell histogram = new HistogramCell();
        for (int i = random.nextInt(20); i >= 0; i--) {
          histogram.record(StrictMath.exp(random.nextGaussian() * 4));
        }
        return histogram;
      }
    }
  }

  public static TreeMap<Series, Cell> cells(int atMost, Random random) {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    for (int i = random.nextInt(atMost + 1); i > 0; i--) {
      Kind kind = Kind.values()[random.nextInt(4)];
      cells.put(new Series(key(random), kind), cell(kind, random));
    }
    return cells;
  }

  public static Batch batch(ShardPeriod place, BatchName name, Random random) {
    return Batch.of(name, place, PERIOD_MS, cells(60, random));
  }

  /** As many counters as a large shard has, and some gauges and histograms. */
  public static Batch large(ShardPeriod place, long segment, int counters) {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    for (int i = 0; i < counters; i++) {
      cells.put(counter("shop|checkout|item" + place.shard() + "x" + i), count(i + segment));
    }
    return batch(place, segment, cells);
  }
}
