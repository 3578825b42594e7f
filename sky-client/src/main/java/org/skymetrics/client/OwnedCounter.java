package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter of one thread. That thread alone writes: a plain read and a release write, no atomic
 * update. The total lies among those of the thread's other counters ({@link ThreadTotals}).
 */
final class OwnedCounter extends CounterSource {
  private static final VarHandle TOTAL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] totals;
  private final int index;

  OwnedCounter(String name, long[] totals, int index) {
    super(name);
    this.totals = totals;
    this.index = index;
  }

  @Override
  void add(long n) {
    TOTAL.setRelease(totals, index, totals[index] + n);
  }

  @Override
  long total() {
    return (long) TOTAL.getAcquire(totals, index);
  }
}
