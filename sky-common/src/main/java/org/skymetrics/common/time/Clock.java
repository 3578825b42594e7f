package org.skymetrics.common.time;

/** Time, passed in so that tests and the simulation can drive it. */
public interface Clock {
  /** Wall clock, ms since 1970 UTC; may step. */
  long wallMs();

  /** Monotonic time, ns from an arbitrary origin; for differences only. */
  long monotonicNs();

  /** The clocks of the JVM. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
