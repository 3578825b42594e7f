package org.skymetrics.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What some counters have besides totals of threads: a total that threads share, virtual ones and
 * those past the number of thread tables; and what is not whole, which writers add and the sender
 * takes, each by one atomic step: a growth of doubles could not be told exactly.
 */
final class Aside {
  private final LongAdder total = new LongAdder();

  /** The bits of a double. */
  private final AtomicLong fraction = new AtomicLong();

  void add(long n) {
    total.add(n);
  }

  /**
   * Each stripe is read once and only gathers, so the differences of successive sums add up
   * exactly.
   */
  long total() {
    return total.sum();
  }

  void addFraction(double more) {
    long before;
    long after;
    do {
      before = fraction.get();
      double sum = Double.longBitsToDouble(before) + more;
      after =
          Double.doubleToRawLongBits(Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, sum)));
    } while (!fraction.compareAndSet(before, after));
  }

  double takeFraction() {
    return fraction.getOpaque() == 0 ? 0 : Double.longBitsToDouble(fraction.getAndSet(0));
  }
}
