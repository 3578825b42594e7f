package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A source of a counter. What is not whole stands beside the total, in a cell that writers add to
 * and the sender empties, each by one atomic step: a growth of doubles could not be told exactly.
 */
abstract class CounterSource extends Source {
  private static final VarHandle FRACTION;

  static {
    try {
      FRACTION = MethodHandles.lookup().findVarHandle(CounterSource.class, "fraction", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The bits of a double: what is not whole, and was not taken yet. */
  @SuppressWarnings("UnusedVariable") // read and written through FRACTION
  private long fraction;

  /** The sender's: the total that it took last. */
  private long taken;

  CounterSource(String name) {
    super(name);
  }

  abstract void add(long n);

  /** Adds a finite number that need not be whole. */
  final void add(double value) {
    long whole = (long) value;
    add(whole);
    double more = value - whole;
    if (more != 0) {
      addFraction(more);
    }
  }

  private void addFraction(double more) {
    long before;
    long after;
    do {
      before = (long) FRACTION.getAcquire(this);
      double sum = Double.longBitsToDouble(before) + more;
      after =
          Double.doubleToRawLongBits(Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, sum)));
    } while (!FRACTION.compareAndSet(this, before, after));
  }

  /** The fraction added since the last call, which need not be less than 1. The sender calls it. */
  final double takeFraction() {
    return (long) FRACTION.getOpaque(this) == 0
        ? 0
        : Double.longBitsToDouble((long) FRACTION.getAndSet(this, 0L));
  }

  /** The sum of all that was added, up to some moment not before this call's. */
  abstract long total();

  /** What was added since the last call. The sender calls it. */
  final long take() {
    long total = total();
    long since = total - taken;
    taken = total;
    return since;
  }

  @Override
  final long accepted() {
    return total();
  }
}
