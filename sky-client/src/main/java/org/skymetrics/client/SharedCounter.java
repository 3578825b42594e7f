package org.skymetrics.client;

import java.util.concurrent.atomic.LongAdder;

/** A counter that many threads share: virtual ones, and those past the number of thread tables. */
final class SharedCounter extends CounterSource {
  private final LongAdder total = new LongAdder();

  SharedCounter(String name) {
    super(name);
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
}
