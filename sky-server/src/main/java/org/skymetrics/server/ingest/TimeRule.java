package org.skymetrics.server.ingest;

import java.time.Duration;
import org.skymetrics.common.time.Period;

/** Which period a packet counts in, by its age; pure. */
public final class TimeRule {
  /** What the age of a packet means. */
  enum Age {
    GOOD,
    /** Past the late horizon. */
    LATE,
    /** Too far ahead: a clock is wrong, here or there. */
    FUTURE
  }

  /** How far beyond one period ahead a fold may lie, for clocks that were stepped. */
  private static final long SLACK_MS = 5_000;

  private final Period period;
  private final long horizonMs;

  public TimeRule(Period period, Duration lateHorizon) {
    this.period = period;
    this.horizonMs = lateHorizon.toMillis();
  }

  Period period() {
    return period;
  }

  Age judge(int ageMs) {
    if (ageMs > horizonMs) {
      return Age.LATE;
    }
    return ageMs < -(period.lengthMs() + SLACK_MS) ? Age.FUTURE : Age.GOOD;
  }

  /** The start of the period that holds this instant. */
  long periodOf(long referenceMs) {
    return period.startOf(referenceMs);
  }
}
