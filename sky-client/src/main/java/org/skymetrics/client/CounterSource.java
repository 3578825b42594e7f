package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A source of a counter. What is not whole stands beside the total, in a cell that writers add to
 * and the sender empties, each by one atomic step: a growth of doubles could not be told exactly.
 */
abstract class CounterSource extends Source {
  private static final VarHandle FRACTION;

  static {
    try {
      FRACTION =
          MethodHandles.lookup().findVarHandle(CounterSource.class, "fraction", AtomicLong.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The bits of a double: what is not whole, and was not taken yet. Few counters have one. */
  @SuppressWarnings("UnusedVariable") // read and written through FRACTION
  private @Nullable AtomicLong fraction;

  /** The sender's: the total that it took last. */
  private long taken;

  /** A counter that begins at this total. */
  CounterSource(long total) {
    taken = total;
  }

  abstract void add(long n);

  /** Adds a finite number that need not be whole. */
  final void add(double value) {
    long whole = (long) value;
    add(whole);
    double more = value - whole;
    if (more != 0) {
      addFraction(fraction(), more);
    }
  }

  private AtomicLong fraction() {
    AtomicLong present = (AtomicLong) FRACTION.getAcquire(this);
    if (present == null) {
      FRACTION.compareAndSet(this, null, new AtomicLong());
      present = (AtomicLong) FRACTION.getAcquire(this);
    }
    return present;
  }

  private static void addFraction(AtomicLong fraction, double more) {
    long before;
    long after;
    do {
      before = fraction.getAcquire();
      double sum = Double.longBitsToDouble(before) + more;
      after =
          Double.doubleToRawLongBits(Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, sum)));
    } while (!fraction.compareAndSet(before, after));
  }

  /** The fraction added since the last call, which need not be less than 1. The sender calls it. */
  final double takeFraction() {
    AtomicLong present = (AtomicLong) FRACTION.getAcquire(this);
    return present == null || present.getOpaque() == 0
        ? 0
        : Double.longBitsToDouble(present.getAndSet(0));
  }

  /** The sum of all that was added, up to some moment not before this call's. */
  abstract long total();

  /** Whether there is something to take. The sender calls it. */
  final boolean hasGrown() {
    return total() != taken;
  }

  /** What was added since the last call. The sender calls it. */
  final long take() {
    long total = total();
    long since = total - taken;
    taken = total;
    return since;
  }
}
