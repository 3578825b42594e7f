package org.skymetrics.ui.query;

import org.skymetrics.common.time.Period;
import org.skymetrics.store.chunk.Ladder;

/**
 * A stretch of time cut into equal steps, all in ms: whole steps from {@code startMs} (included) to
 * {@code endMs} (not).
 */
public record Range(long startMs, long endMs, long stepMs) {
  /** The most points that a series may have in one answer. */
  public static final int MAX_POINTS = 20_000;

  /** Lengths that divide days, hours or minutes: what a step should be. */
  private static final long[] ROUND_MS = {
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    20_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_200_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    14_400_000,
    21_600_000,
    28_800_000,
    43_200_000,
    86_400_000
  };

  private static final long DAY_MS = 86_400_000;

  public Range {
    if (stepMs <= 0 || endMs <= startMs || (endMs - startMs) % stepMs != 0) {
      throw new IllegalArgumentException("a range is some whole steps");
    }
  }

  /**
   * The range from {@code fromMs} to {@code toMs}, widened to whole steps.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static Range at(long fromMs, long toMs, long stepMs, Period period) {
    requireOrder(fromMs, toMs);
    if (stepMs % period.lengthMs() != 0) {
      throw new IllegalArgumentException(
          "resolution is the period "
              + TimeText.duration(period.lengthMs())
              + " or a multiple of it, not "
              + TimeText.duration(stepMs));
    }
    Range range = widened(fromMs, toMs, stepMs);
    if (range.steps() > MAX_POINTS) {
      throw new IllegalArgumentException(
          "resolution="
              + TimeText.duration(stepMs)
              + " gives "
              + range.steps()
              + " points a series, at most "
              + MAX_POINTS
              + " are given; resolution="
              + TimeText.duration(ofAtMost(fromMs, toMs, MAX_POINTS, period).stepMs())
              + " would do");
    }
    return range;
  }

  /**
   * The range in the finest steps that are at most {@code points}. Steps begin at multiples of
   * their length; only where no such step fits (a single point across a boundary) they begin at
   * {@code fromMs}.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static Range ofAtMost(long fromMs, long toMs, int points, Period period) {
    requireOrder(fromMs, toMs);
    for (long stepMs : ROUND_MS) {
      if (stepMs % period.lengthMs() == 0 && widened(fromMs, toMs, stepMs).steps() <= points) {
        return widened(fromMs, toMs, stepMs);
      }
    }
    long days = Math.max(2, (toMs - fromMs) / DAY_MS / points);
    for (long most = 2 * days + 2; days <= most; days++) {
      Range range = widened(fromMs, toMs, days * DAY_MS);
      if (range.steps() <= points) {
        return range;
      }
    }
    Range periods = widened(fromMs, toMs, period.lengthMs());
    long stepMs = period.lengthMs() * ceilDiv(periods.steps(), points);
    long steps = ceilDiv(periods.endMs - periods.startMs, stepMs);
    return new Range(periods.startMs, periods.startMs + steps * stepMs, stepMs);
  }

  private static void requireOrder(long fromMs, long toMs) {
    if (fromMs >= toMs) {
      throw new IllegalArgumentException(
          "from must be before to: from is " + fromMs / 1000 + ", to is " + toMs / 1000);
    }
  }

  private static long ceilDiv(long n, long by) {
    return (n + by - 1) / by;
  }

  private static Range widened(long fromMs, long toMs, long stepMs) {
    return new Range(Period.floor(fromMs, stepMs), Period.floor(toMs + stepMs - 1, stepMs), stepMs);
  }

  /** The number of steps. */
  public long steps() {
    return (endMs - startMs) / stepMs;
  }

  /** The step that holds this instant of the range, from 0. */
  int stepOf(long timeMs) {
    return (int) ((timeMs - startMs) / stepMs);
  }

  /** The longest level that each step is made of; 0 where it is made of periods. */
  long levelMs() {
    long levelMs = Ladder.levelFor(stepMs);
    while (levelMs > 0 && startMs % levelMs != 0) {
      levelMs = Ladder.levelBelow(levelMs);
    }
    return levelMs;
  }
}
