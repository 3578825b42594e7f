package org.skymetrics.simulation;

import org.skymetrics.common.time.Clock;

/** The clock of one machine: its wall clock may be wrong, and may be stepped. */
final class NodeClock implements Clock {
  /**
   * 2023-11-30 23:59:48 UTC: where the world's time begins, just before the end of an hour, a day
   * and a month. So all of them are made while there are faults and counts come late.
   */
  static final long START_MS = 1_701_388_788_000L;

  private final Timeline timeline;
  private final long originNs;
  private long offsetMs;

  NodeClock(Timeline timeline, long originNs, long offsetMs) {
    this.timeline = timeline;
    this.originNs = originNs;
    this.offsetMs = offsetMs;
  }

  /** A clock that is right. */
  static NodeClock right(Timeline timeline) {
    return new NodeClock(timeline, 1_000_000_000L, 0);
  }

  @Override
  public long wallMs() {
    return START_MS + timeline.nowNs() / 1_000_000 + offsetMs;
  }

  @Override
  public long monotonicNs() {
    return timeline.nowNs() + originNs;
  }

  /** The moment of the world's time at which the monotonic clock shows this. */
  long worldNs(long monotonicNs) {
    return monotonicNs - originNs;
  }

  /** Steps the wall clock, so that it is at most so far from the right time. */
  void step(long ms, long maxOffsetMs) {
    offsetMs = Math.max(-maxOffsetMs, Math.min(maxOffsetMs, offsetMs + ms));
  }
}
