package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter of one thread. That thread alone writes: a plain read and a release write, no atomic
 * update.
 */
final class OwnedCounter extends CounterSource {
  private static final VarHandle TOTAL;

  static {
    try {
      TOTAL = MethodHandles.lookup().findVarHandle(OwnedCounter.class, "total", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long total;

  OwnedCounter(String name) {
    super(name);
  }

  @Override
  void add(long n) {
    TOTAL.setRelease(this, total + n);
  }

  @Override
  long total() {
    return (long) TOTAL.getAcquire(this);
  }
}
