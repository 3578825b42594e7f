package org.skymetrics.rollup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long each level of history is kept; {@link #FOR_EVER} is longer than anything.
 *
 * @param periods the base periods
 * @param fiveMinutes the level of 5 minutes
 * @param hours the level of 1 hour
 * @param days the level of 1 day
 */
public record Retention(Duration periods, Duration fiveMinutes, Duration hours, Duration days) {
  /** Nothing is removed. */
  public static final Duration FOR_EVER = Duration.ofDays(365_000);

  /** Keeps all. */
  public static final Retention ALL = new Retention(FOR_EVER, FOR_EVER, FOR_EVER, FOR_EVER);

  public Retention {
    List<String> faults = new ArrayList<>();
    requireOrder(faults, "period", periods, "5m", fiveMinutes);
    requireOrder(faults, "5m", fiveMinutes, "1h", hours);
    requireOrder(faults, "1h", hours, "1d", days);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static void requireOrder(
      List<String> faults, String finer, Duration kept, String coarser, Duration longer) {
    if (kept.compareTo(longer) > 0) {
      faults.add(
          finer
              + " is kept "
              + kept.toDays()
              + " days, longer than "
              + coarser
              + " with "
              + longer.toDays());
    }
  }
}
