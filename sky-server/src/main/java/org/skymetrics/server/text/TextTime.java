package org.skymetrics.server.text;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.statsd.Refusal;

/**
 * Whether a line that has a time of its own can be counted, and where: now, or in a period that is
 * over. So near to this moment that only the way here lies between is now.
 */
final class TextTime {
  private static final long NEAR_MS = 2_000;

  private final Period period;
  private final Duration lateHorizon;
  private final Clock clock;

  TextTime(Period period, Duration lateHorizon, Clock clock) {
    this.period = period;
    this.lateHorizon = lateHorizon;
    this.clock = clock;
  }

  /** Why a line of this time is refused, or null. */
  @Nullable Refusal judge(long timeSeconds) {
    long nowMs = clock.wallMs();
    if (timeSeconds > Long.MAX_VALUE / 1000) {
      return Refusal.LATE;
    }
    long timeMs = timeSeconds * 1000;
    return isNow(timeMs, nowMs) || (timeMs <= nowMs && nowMs - timeMs <= lateHorizon.toMillis())
        ? null
        : Refusal.LATE;
  }

  /** Whether a line of this time, which was not refused, counts now. */
  boolean isNow(long timeSeconds) {
    return isNow(timeSeconds * 1000, clock.wallMs());
  }

  private boolean isNow(long timeMs, long nowMs) {
    return Math.abs(nowMs - timeMs) <= NEAR_MS || period.startOf(timeMs) == period.startOf(nowMs);
  }

  long monotonicNs() {
    return clock.monotonicNs();
  }

  long nowMs() {
    return clock.wallMs();
  }
}
