package org.skymetrics.client;

import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;

/**
 * The ring's clock as this client knows it: an offset to the monotonic clock, from what servers
 * said. Until one has said it, the client's own wall clock stands in.
 */
final class ServerTime {
  /**
   * What an answer says more than this from the estimate is not delay but another clock, or one
   * that was set.
   */
  private static final long TOLERATED_MS = 1_000;

  private long offsetMs;
  private boolean known;
  private long periodMs;

  ServerTime(Clock clock, Period assumed) {
    offsetMs = clock.wallMs() - clock.monotonicNs() / 1_000_000;
    periodMs = assumed.lengthMs();
  }

  /** The server's clock, ms since 1970, at a moment of the monotonic clock. */
  long atMs(long monotonicNs) {
    return offsetMs + monotonicNs / 1_000_000;
  }

  /** The moment of the monotonic clock at which the server's clock shows this. */
  long monotonicNs(long serverMs) {
    return (serverMs - offsetMs) * 1_000_000;
  }

  boolean known() {
    return known;
  }

  long periodMs() {
    return periodMs;
  }

  void setPeriodMs(long lengthMs) {
    periodMs = lengthMs;
  }

  /**
   * A server's clock was read at some moment of the last {@code withinNs}; it tells another time
   * only where it can't be reconciled with that.
   */
  void heardWithin(long serverMs, long nowNs, long withinNs) {
    long least = serverMs - nowNs / 1_000_000;
    long greatest = least + withinNs / 1_000_000;
    if (offsetMs < least - TOLERATED_MS || offsetMs > greatest + TOLERATED_MS) {
      heard(serverMs, nowNs, withinNs);
    }
  }

  /** A server's clock was read {@code sinceNs} ago at most, and half of that most likely. */
  void heard(long serverMs, long nowNs, long sinceNs) {
    long heardOffset = serverMs + sinceNs / 2_000_000 - nowNs / 1_000_000;
    if (!known || Math.abs(heardOffset - offsetMs) > TOLERATED_MS) {
      offsetMs = heardOffset;
      known = true;
    }
  }
}
