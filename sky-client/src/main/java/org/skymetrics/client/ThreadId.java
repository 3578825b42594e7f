package org.skymetrics.client;

import java.util.concurrent.atomic.AtomicLong;

/** The id of the running thread. */
final class ThreadId {
  private ThreadId() {}

  /**
   * An id that no other thread of this JVM has or had. Thread.getId() may be overridden by a
   * subclass to say anything; only a plain Thread's is taken at its word, and the others get their
   * own from a ThreadLocal.
   */
  static long current() {
    Thread thread = Thread.currentThread();
    return thread.getClass() == Thread.class ? thread.getId() : Other.ID.get();
  }

  private static final class Other {
    /** Negative, so that it meets no id of a plain thread. */
    private static final AtomicLong NEXT = new AtomicLong(-1);

    static final ThreadLocal<Long> ID = ThreadLocal.withInitial(NEXT::getAndDecrement);
  }
}
