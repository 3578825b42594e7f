package org.skymetrics.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;

/**
 * A client for an application's own tests: it sends nothing, what was counted can be read, and its
 * clock is moved by hand.
 *
 * <pre>{@code
 * Recording recording = Sky.recording();
 * new Checkout(recording.sky()).buy();
 * assertEquals(1, recording.count("orders"));
 * }</pre>
 *
 * <p>Parents are read as the server will have them: {@code count("a")} has what was counted in
 * {@code a|b}.
 */
public final class Recording {
  private record Name(Key key, Kind kind) {}

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final Core core;
  private final FoldTimes times;
  private final Harvest harvest;
  private final Map<Name, Cell> cells = new HashMap<>();

  Recording(boolean strict) {
    Settings defaults = new SkyBuilder().settings();
    core = new Core(defaults, clock, strict);
    times = new FoldTimes(core.epoch().get(), 0);
    harvest =
        new Harvest(
            core.registry(),
            core.mishaps(),
            times,
            Period.ONE_MINUTE.length().multipliedBy(1_000_000).toNanos());
  }

  /** The same, but bad keys and values throw an IllegalArgumentException where they are used. */
  public Recording strict() {
    return new Recording(true);
  }

  /** The client to give to what is tested. */
  public Sky sky() {
    return core.root();
  }

  /** The clock that gauges take their time from; it moves only when told to. */
  public ManualClock clock() {
    return clock;
  }

  /** The sum of a counter; 0 where nothing was counted. */
  public long count(String key) {
    return cell(key, Kind.COUNTER) instanceof CounterCell counter ? counter.sum() : 0;
  }

  /** The sum of a counter with what is not whole of it; 0 where nothing was counted. */
  public double sum(String key) {
    return cell(key, Kind.COUNTER) instanceof CounterCell counter ? counter.value() : 0;
  }

  /** The last value of a gauge; NaN where it was never set. */
  public double gauge(String key) {
    return cell(key, Kind.GAUGE) instanceof GaugeCell gauge ? gauge.last() : Double.NaN;
  }

  /** How many values a histogram took. */
  public long samples(String key) {
    return cell(key, Kind.HISTOGRAM) instanceof HistogramCell histogram ? histogram.count() : 0;
  }

  /** A quantile (0 to 1) of a histogram, within 0.4 %; NaN where it took none. */
  public double quantile(String key, double quantile) {
    return cell(key, Kind.HISTOGRAM) instanceof HistogramCell histogram
        ? histogram.quantile(quantile)
        : Double.NaN;
  }

  /** How many distinct members a set has: exactly up to 100, within 2 % beyond. */
  public long members(String key) {
    return cell(key, Kind.SET) instanceof SetCell set ? set.estimate() : 0;
  }

  private synchronized @Nullable Cell cell(String key, Kind kind) {
    harvest.take(
        clock.monotonicNs(),
        new Harvest.Crop() {
          @Override
          public boolean wants(Entry entry) {
            return true;
          }

          @Override
          public void counter(Entry entry, long sum) {
            CounterCell cell = new CounterCell();
            cell.add(sum);
            merge(entry, cell);
          }

          @Override
          public void samples(Entry entry, Cell cell, long referenceNs) {
            merge(entry, cell);
          }
        });
    takePeriodFolds();
    return cells.get(new Name(Key.of(key), kind));
  }

  private long periodFoldsTaken;

  private void takePeriodFolds() {
    PeriodFolds folds = core.registry().periodFolds();
    for (PeriodFolds.Name name : folds.names()) {
      Cell cell = folds.take(name);
      if (cell instanceof GaugeCell gauge && gauge.isChange()) {
        Cell before = cells.get(new Name(name.key(), Kind.GAUGE));
        cell = gauge.settled(before instanceof GaugeCell known ? known.last() : 0);
      }
      if (cell instanceof GaugeCell gauge) {
        // Of two at the same instant the later taken is the last.
        gauge.setOrigin(0, 0, ++periodFoldsTaken);
      }
      if (cell != null) {
        merge(new Entry(name.key(), name.kind()), cell);
      }
    }
  }

  private void merge(Entry entry, Cell cell) {
    mergeInto(entry.key, cell);
    List<Key> parents = entry.key.parents();
    parents.forEach(parent -> mergeInto(parent, cell));
  }

  private void mergeInto(Key key, Cell cell) {
    cells.computeIfAbsent(new Name(key, cell.kind()), n -> n.kind().newCell()).merge(cell);
  }
}
