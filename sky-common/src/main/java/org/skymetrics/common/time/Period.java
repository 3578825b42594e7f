package org.skymetrics.common.time;

import java.time.Duration;

/**
 * The base interval in which things are counted: 60 s, 10 s or 1 s. A period is named by its start,
 * ms since 1970 UTC, a multiple of its length.
 */
public enum Period {
  ONE_MINUTE(60_000, "60s"),
  TEN_SECONDS(10_000, "10s"),
  ONE_SECOND(1_000, "1s");

  private final long lengthMs;
  private final String label;

  Period(long lengthMs, String label) {
    this.lengthMs = lengthMs;
    this.label = label;
  }

  public long lengthMs() {
    return lengthMs;
  }

  public Duration length() {
    return Duration.ofMillis(lengthMs);
  }

  /** As options spell it: {@code 60s}. */
  public String label() {
    return label;
  }

  /** The start of the period that holds {@code timeMs}. */
  public long startOf(long timeMs) {
    return floor(timeMs, lengthMs);
  }

  /** The greatest multiple of {@code lengthMs} that is not after {@code timeMs}. */
  public static long floor(long timeMs, long lengthMs) {
    return Math.floorDiv(timeMs, lengthMs) * lengthMs;
  }

  /**
   * The period of this length.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static Period ofMs(long lengthMs) {
    for (Period period : values()) {
      if (period.lengthMs == lengthMs) {
        return period;
      }
    }
    throw new IllegalArgumentException("a period is 60s, 10s or 1s, not " + lengthMs + " ms");
  }

  /**
   * The period that an option spells.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static Period parse(String text) {
    for (Period period : values()) {
      if (period.label.equals(text) || (period == ONE_MINUTE && text.equals("1m"))) {
        return period;
      }
    }
    throw new IllegalArgumentException("a period is 60s, 10s or 1s, not \"" + text + "\"");
  }
}
