package org.skymetrics.server.aggregate;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many more cells a segment may have, for each period. Shared by all receiving threads; asked
 * only where a cell is made. Safe from any thread.
 */
final class KeyBudget {
  private final int limitPerPeriod;
  private final ConcurrentMap<Long, AtomicInteger> used = new ConcurrentHashMap<>();
  private final LongAdder total = new LongAdder();

  KeyBudget(int limitPerPeriod) {
    this.limitPerPeriod = limitPerPeriod;
  }

  /** Takes one cell of a period; false where there is none left. Never true again after that. */
  boolean claim(long periodMs) {
    AtomicInteger ofPeriod = used.computeIfAbsent(periodMs, p -> new AtomicInteger());
    if (ofPeriod.get() >= limitPerPeriod || ofPeriod.incrementAndGet() > limitPerPeriod) {
      return false;
    }
    total.increment();
    return true;
  }

  /** The cells taken, over all periods. */
  long cells() {
    return total.sum();
  }
}
