package org.skymetrics.server.flush;

import java.time.Duration;
import org.skymetrics.common.time.Period;

/** When to seal: a delay after each period's end, by the wall clock. One thread. */
public final class SealSchedule {
  private final Period period;
  private final long delayMs;
  private long closing;

  public SealSchedule(Period period, Duration delay, long nowMs) {
    this.period = period;
    this.delayMs = delay.toMillis();
    this.closing = period.startOf(nowMs - delayMs);
  }

  /** Whether a period's end and the delay have passed since this last said so. */
  public boolean isDue(long nowMs) {
    long now = period.startOf(nowMs - delayMs);
    boolean due = now != closing;
    closing = now;
    return due;
  }
}
