package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter whose total lies where its one thread wants it, beside what the thread finds it by: so
 * that to count is one look at memory. Made by {@link Relay#count(String, long, long[], int)}; what
 * else counts in its name is added to it.
 *
 * <p>It is retired when it is idle, as any source; the thread has to look, some seconds after
 * {@link Relay#retirements} has changed at the latest, and then count elsewhere.
 */
public final class PlacedCounter extends CounterSource {
  private static final VarHandle TOTALS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] totals;
  private final int index;

  PlacedCounter(long[] totals, int index) {
    super(0);
    this.totals = totals;
    this.index = index;
  }

  /** Counts {@code n} in the counter whose total is there; for its thread. */
  public static void add(long[] totals, int index, long n) {
    TOTALS.setRelease(totals, index, totals[index] + n);
  }

  /** Counts {@code n} in it; for its thread. */
  public void count(long n) {
    add(n);
  }

  /** Whether nothing is to be counted in it any more. */
  public boolean hasEnded() {
    return isRetired();
  }

  @Override
  void add(long n) {
    add(totals, index, n);
  }

  @Override
  long total() {
    return (long) TOTALS.getAcquire(totals, index);
  }

  @Override
  long accepted() {
    return total();
  }
}
