package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A source of a counter. */
abstract class CounterSource extends Source {
  private static final VarHandle ASIDE;

  static {
    try {
      ASIDE = MethodHandles.lookup().findVarHandle(CounterSource.class, "aside", Aside.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Made when it is needed. */
  @SuppressWarnings("UnusedVariable") // read and written through ASIDE
  private @Nullable Aside aside;

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
      aside().addFraction(more);
    }
  }

  /** Adds to the total that threads share. */
  final void addShared(long n) {
    aside().add(n);
  }

  private Aside aside() {
    Aside present = (Aside) ASIDE.getAcquire(this);
    if (present == null) {
      ASIDE.compareAndSet(this, null, new Aside());
      present = (Aside) ASIDE.getAcquire(this);
    }
    return present;
  }

  /** The fraction added since the last call, which need not be less than 1. The sender calls it. */
  final double takeFraction() {
    Aside present = (Aside) ASIDE.getAcquire(this);
    return present == null ? 0 : present.takeFraction();
  }

  /** The sum of all that was added, up to some moment not before this call's. */
  long total() {
    Aside present = (Aside) ASIDE.getAcquire(this);
    return present == null ? 0 : present.total();
  }

  /** What was added since the last call. The sender calls it. */
  final long take() {
    long total = total();
    long since = total - taken;
    taken = total;
    return since;
  }

  @Override
  long accepted() {
    return total();
  }
}
