package org.skymetrics.client;

import java.util.random.RandomGenerator;

/**
 * When to try again: from 100 ms doubling to 2 s, each up to a quarter earlier at random, so that
 * clients do not keep step.
 */
final class Backoff {
  static final long FIRST_NS = 100_000_000;
  static final long LAST_NS = 2_000_000_000;

  private Backoff() {}

  /** How long to wait after so many tries (at least 1), ns. */
  static long delayNs(int tries, RandomGenerator random) {
    long delay = Math.min(LAST_NS, FIRST_NS << Math.min(10, tries - 1));
    return delay - random.nextLong(delay / 4);
  }
}
