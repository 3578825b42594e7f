package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.client.PeriodFolds.Name;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;

/**
 * What a server of the ring needs of its client when it passes on what others sent, and
 * applications do not: to count in a period that is over, to change a gauge by some number, and to
 * count without a look at the name. Times are ms since 1970, by the clock of the ring. Safe from
 * any thread.
 *
 * <p>What is held until the next flush is bounded: ask {@link #hasRoom} before, for without room
 * nothing is taken.
 */
public final class Relay {
  private final @Nullable Core core;
  private final @Nullable Recorder recorder;
  private final @Nullable PeriodFolds folds;
  private final Period period;

  private Relay(@Nullable Core core, @Nullable Recorder recorder, Period period) {
    this.core = core;
    this.recorder = recorder;
    this.folds = core == null ? null : core.registry().periodFolds();
    this.period = period;
  }

  /** The relay of a client whose ring has this period. */
  public static Relay of(Sky sky, Period period) {
    return new Relay(sky.core(), sky.recorder(), period);
  }

  /** A counter or a histogram that is passed on again and again. */
  public RelayedSeries series(String key, Kind kind) {
    return new RelayedSeries(recorder, key, kind);
  }

  /**
   * Counts {@code n}, and from now on all that its thread adds to the total at this place, which is
   * 0 before and this counter's alone. Null where the key can have no counter of its own; then
   * {@code n} was counted as well as it can be, and nothing of the place is.
   */
  public @Nullable PlacedCounter count(String key, long n, long[] totals, int index) {
    return recorder == null ? null : recorder.count(key, n, totals, index);
  }

  /** Another number whenever some series was retired. */
  public long retirements() {
    return core == null ? 0 : core.mishaps().get(ClientCounter.SERIES_RETIRED);
  }

  /** Whether one more series of one more period is taken. */
  public boolean hasRoom() {
    return folds == null || folds.hasRoom();
  }

  /** Counts {@code n} in the period of this time. */
  public void count(String key, long n, long timeMs) {
    if (folds != null) {
      folds.fold(name(key, Kind.COUNTER, timeMs), cell -> ((CounterCell) cell).add(n));
    }
  }

  /** Counts a finite number that need not be whole in the period of this time. */
  public void count(String key, double value, long timeMs) {
    if (folds != null) {
      folds.fold(name(key, Kind.COUNTER, timeMs), cell -> ((CounterCell) cell).add(value));
    }
  }

  /** Sets a gauge to a finite value as of this time. */
  public void gauge(String key, double value, long timeMs) {
    if (folds != null) {
      folds.fold(name(key, Kind.GAUGE, timeMs), cell -> ((GaugeCell) cell).set(value, timeMs));
    }
  }

  /** Changes a gauge by a finite number, from whatever it is at its owner. */
  public void change(String key, double by, long timeMs) {
    if (folds != null) {
      folds.fold(name(key, Kind.GAUGE, timeMs), cell -> ((GaugeCell) cell).change(by, timeMs));
    }
  }

  private Name name(String key, Kind kind, long timeMs) {
    return new Name(Key.of(key), kind, period.startOf(timeMs));
  }
}
