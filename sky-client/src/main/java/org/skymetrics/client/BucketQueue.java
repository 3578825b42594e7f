package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.skymetrics.common.cell.HistogramCell;

/**
 * The way of single values from the one thread that records them, two bytes each: their buckets, in
 * a ring that grows to 128 places and no further. The sender takes them out; where it comes too
 * seldom the writer moves them into counts by buckets itself, all at once. So what is written with
 * each value lies in one place, and the counts of a histogram, which lie about in many, are gone to
 * once for many values; and most series have so few that they need no counts.
 *
 * <p>Places are numbered on and on. The writer fills a place and says so with release. Whoever
 * takes places claims them with one atomic step: the sender after it has read them, for the writer
 * fills them anew from then on, and the writer before it moves them. A ring that is too short is
 * copied by the writer, who publishes it before it says that anything new is in it: a sender that
 * asks how much was written, and then for the ring, finds all of it there.
 */
final class BucketQueue {
  /** So many values are kept at most. */
  static final int MOST = 128;

  private static final int FIRST = 8;

  /** A writer that was stopped in the middle of its move is waited for so often. */
  private static final int WAITS = 1_000;

  private static final long WAIT_NS = 20_000;

  private static final VarHandle RING;
  private static final VarHandle WRITTEN;
  private static final VarHandle TAKEN;
  private static final VarHandle MOVING;
  private static final VarHandle BESIDE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RING = lookup.findVarHandle(BucketQueue.class, "ring", short[].class);
      WRITTEN = lookup.findVarHandle(BucketQueue.class, "written", long.class);
      TAKEN = lookup.findVarHandle(BucketQueue.class, "taken", long.class);
      BESIDE = lookup.findVarHandle(BucketQueue.class, "beside", long.class);
      MOVING = lookup.findVarHandle(BucketQueue.class, "moving", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private short[] ring = new short[FIRST];

  /** The writer's: the next place. */
  private long written;

  /** The writer's: the first place that is not free, as far as it has looked. */
  private long limit = FIRST;

  /** The first place that nobody has claimed. */
  @SuppressWarnings("UnusedVariable") // read and written through TAKEN
  private long taken;

  /** Whether the writer has claimed places whose values are not all in the counts. */
  @SuppressWarnings("UnusedVariable") // read through MOVING
  private boolean moving;

  /** The writer's: values that were recorded beside the queue. */
  private long beside;

  /** Where a place is in a ring. */
  private static int at(long place, short[] ring) {
    return (int) place & (ring.length - 1);
  }

  /** Adds a value by its bucket; false where there is no room known of. The writer's. */
  boolean add(int bucket) {
    long place = written;
    if (place == limit) {
      return false;
    }
    short[] r = ring;
    r[at(place, r)] = (short) bucket;
    WRITTEN.setRelease(this, place + 1);
    return true;
  }

  /**
   * Finds room: what the sender took, or a longer ring; false where there is none. The writer's.
   */
  boolean findRoom() {
    long place = written;
    long from = (long) TAKEN.getAcquire(this);
    if (place - from == ring.length) {
      if (ring.length == MOST) {
        return false;
      }
      widen(ring, place);
    }
    limit = from + ring.length;
    return true;
  }

  /** All places are in use: those before {@code place}. */
  private void widen(short[] old, long place) {
    short[] wider = Arrays.copyOf(old, 2 * old.length);
    for (long i = place - old.length; i != place; i++) {
      wider[at(i, wider)] = old[at(i, old)];
    }
    RING.setRelease(this, wider);
  }

  /**
   * Moves all values to such counts, which the sender must be able to find, where none is left from
   * before the place {@code begin}; whether there is room then. The writer's.
   */
  boolean moveTo(BucketCounts counts, long begin) {
    long from = (long) TAKEN.getAcquire(this);
    if (from < begin) {
      return false;
    }
    moving = true;
    if (TAKEN.compareAndSet(this, from, written)) {
      move(from, counts);
    }
    MOVING.setRelease(this, false);
    return findRoom();
  }

  private void move(long from, BucketCounts counts) {
    short[] r = ring;
    long next = from;
    try {
      for (; next != written; next++) {
        counts.addUntold(r[at(next, r)]);
      }
    } finally {
      if (next != written) {
        // There was no memory for a page: what is not in the counts stays here.
        TAKEN.setRelease(this, next);
        MOVING.setRelease(this, false);
      }
    }
  }

  /** Says of so many values that they were counted beside the queue. The writer's. */
  void passedBy(long values) {
    BESIDE.setRelease(this, beside + values);
  }

  /** All values ever, also those beside the queue. */
  long accepted() {
    return written() + (long) BESIDE.getAcquire(this);
  }

  /** The place that comes next, for any thread. */
  long written() {
    return (long) WRITTEN.getAcquire(this);
  }

  /** Whether nobody has claimed all places before {@code end}, which was written. */
  boolean isLeft(long end) {
    return (long) TAKEN.getAcquire(this) < end;
  }

  /** What the next place has, which means nothing: to look at it before much is added. */
  int look() {
    short[] r = ring;
    return r[at(written, r)];
  }

  /**
   * Gives what is in the places before {@code end}, which was written, and nobody has claimed.
   * Where the writer moves them, they are in its counts after this. The sender's.
   */
  void take(long end, HistogramCell cell) {
    long from = (long) TAKEN.getAcquire(this);
    if (from < end) {
      short[] r = (short[]) RING.getAcquire(this);
      short[] values = new short[(int) (end - from)];
      for (int i = 0; i < values.length; i++) {
        values[i] = r[at(from + i, r)];
      }
      if (TAKEN.compareAndSet(this, from, end)) {
        for (short bucket : values) {
          cell.add(bucket, 1);
        }
        return;
      }
    }
    for (int i = 0; i < WAITS && (boolean) MOVING.getAcquire(this); i++) {
      LockSupport.parkNanos(WAIT_NS);
    }
  }
}
