package org.skymetrics.common.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until told to move. Part of the API: for users' own tests too. Safe
 * from any thread.
 */
public final class ManualClock implements Clock {
  private final AtomicLong monotonicNs = new AtomicLong();
  private final AtomicLong wallOffsetMs;

  /** A clock whose wall time starts at {@code wallMs}, ms since 1970 UTC. */
  public ManualClock(long wallMs) {
    wallOffsetMs = new AtomicLong(wallMs);
  }

  @Override
  public long wallMs() {
    return wallOffsetMs.get() + monotonicNs.get() / 1_000_000;
  }

  @Override
  public long monotonicNs() {
    return monotonicNs.get();
  }

  /** Lets time pass. */
  public void advance(Duration by) {
    monotonicNs.addAndGet(by.toNanos());
  }

  /** Steps the wall clock alone, forward or back, as an operator or NTP does. */
  public void stepWall(Duration by) {
    wallOffsetMs.addAndGet(by.toMillis());
  }
}
