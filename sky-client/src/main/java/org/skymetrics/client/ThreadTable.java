package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * What one thread writes in one scope: its row of the counters' totals, and its sources of gauges
 * and histograms. When the thread has ended, the next new thread goes on with it.
 *
 * <p>A total is added to by a plain read and an opaque write, no atomic update: it is all there is
 * to see, so nothing has to be seen before it. A row that is too short is copied by its thread and
 * published with release; a reader that has the old one reads totals of a moment before.
 */
final class ThreadTable {
  private static final VarHandle TOTAL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle OWNER;
  private static final VarHandle TOTALS;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(ThreadTable.class, "owner", Thread.class);
      TOTALS = MethodHandles.lookup().findVarHandle(ThreadTable.class, "totals", long[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final SourceTable gauges = new SourceTable();
  final SourceTable histograms = new SourceTable();

  private long[] totals = {};

  /** Read plainly by a thread that asks for itself: no other one writes that it is the owner. */
  private @Nullable Thread owner;

  ThreadTable(@Nullable Thread owner) {
    this.owner = owner;
  }

  boolean isOf(Thread thread) {
    return owner == thread;
  }

  /** Who has it; null where no thread does, see {@link #release}. */
  @Nullable Thread owner() {
    return (Thread) OWNER.getAcquire(this);
  }

  /**
   * Takes the table over where its thread has ended: then all that it wrote can be read, and
   * another may write.
   */
  boolean claim(Thread thread) {
    Thread before = (Thread) OWNER.getAcquire(this);
    return (before == null || !before.isAlive()) && OWNER.compareAndSet(this, before, thread);
  }

  /** Lets go of a thread that has ended. The sender's. */
  void release() {
    Thread before = (Thread) OWNER.getAcquire(this);
    if (before != null && !before.isAlive()) {
      OWNER.compareAndSet(this, before, null);
    }
  }

  /** Whether the thread with this id, a plain one, has the table and has not ended. */
  boolean isOwnedBy(long threadId) {
    Thread present = (Thread) OWNER.getAcquire(this);
    return present != null && present.getId() == threadId && present.isAlive();
  }

  /** Adds to the total at a place; false where there is none there. Its thread's. */
  boolean add(int place, long n) {
    long[] row = totals;
    if (place >= 0 && place < row.length) {
      TOTAL.setOpaque(row, place, row[place] + n);
      return true;
    }
    return false;
  }

  /** The same, and makes room for it. */
  void addWithRoom(int place, long n) {
    if (!add(place, n)) {
      int length = place + Math.max(56, place >> 2);
      TOTALS.setRelease(this, Arrays.copyOf(totals, length));
      add(place, n);
    }
  }

  /** The total at a place, for any thread. */
  long total(int place) {
    long[] row = (long[]) TOTALS.getAcquire(this);
    return place < row.length ? (long) TOTAL.getOpaque(row, place) : 0;
  }

  /** The sum of all totals, for any thread. */
  long total() {
    long[] row = (long[]) TOTALS.getAcquire(this);
    long sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += (long) TOTAL.getOpaque(row, i);
    }
    return sum;
  }

  /** Sources of gauges, or of histograms. */
  SourceTable of(Kind kind) {
    return switch (kind) {
      case GAUGE -> gauges;
      case HISTOGRAM -> histograms;
      case COUNTER, SET -> throw new IllegalArgumentException("no thread has sources of " + kind);
    };
  }
}
