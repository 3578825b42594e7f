package org.skymetrics.client;

import java.util.concurrent.atomic.LongAdder;

/** A counter whose total all threads share: of what spills over from keys past the limit. */
final class SharedCounter extends CounterSource {
  private final LongAdder total = new LongAdder();

  SharedCounter() {
    super(0);
  }

  @Override
  void add(long n) {
    total.add(n);
  }

  /**
   * Each stripe is read once and only gathers, so the differences of successive sums add up
   * exactly.
   */
  @Override
  long total() {
    return total.sum();
  }

  @Override
  long accepted() {
    return total();
  }
}
