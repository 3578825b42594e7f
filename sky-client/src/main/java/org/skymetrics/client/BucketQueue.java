package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.skymetrics.common.cell.HistogramCell;

/**
 * The way of single values from the one thread that records them to the sender, two bytes each:
 * their buckets, in a ring that is let out again as the sender takes them. It grows to 128 places
 * and no further. Most series have no more values than that between two harvests, and need no count
 * for each bucket.
 *
 * <p>Places are numbered on and on. The writer fills a place and says so with release; the sender
 * takes it and says so with release, and only then is it filled anew. A ring that is too short is
 * copied by the writer, who publishes it before it says that anything new is in it: a sender that
 * asks how much was written, and then for the ring, finds all of it there.
 */
final class BucketQueue {
  /** So many values are kept at most. */
  static final int MOST = 128;

  private static final int FIRST = 8;
  private static final VarHandle RING;
  private static final VarHandle WRITTEN;
  private static final VarHandle TAKEN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RING = lookup.findVarHandle(BucketQueue.class, "ring", short[].class);
      WRITTEN = lookup.findVarHandle(BucketQueue.class, "written", int.class);
      TAKEN = lookup.findVarHandle(BucketQueue.class, "taken", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private short[] ring = new short[FIRST];

  /** The writer's: the next place. */
  private int written;

  /** The sender's: the first place that it has not taken. */
  private int taken;

  /** Adds a value by its bucket; false where there is no room. The writer's. */
  boolean add(int bucket) {
    short[] r = ring;
    int place = written;
    int used = place - (int) TAKEN.getAcquire(this);
    if (used == r.length) {
      if (used == MOST) {
        return false;
      }
      r = widen(r, place);
    }
    r[place & (r.length - 1)] = (short) bucket;
    WRITTEN.setRelease(this, place + 1);
    return true;
  }

  /** All places are in use: those before {@code place}. */
  private short[] widen(short[] old, int place) {
    short[] wider = Arrays.copyOf(old, 2 * old.length);
    for (int i = place - old.length; i != place; i++) {
      wider[i & (wider.length - 1)] = old[i & (old.length - 1)];
    }
    RING.setRelease(this, wider);
    return wider;
  }

  /** The place that comes next, for any thread. */
  int written() {
    return (int) WRITTEN.getAcquire(this);
  }

  /** Whether there is nothing left in the places before this one. The sender's. */
  boolean isTaken(int before) {
    return taken == before;
  }

  /** Gives what is in the places before this one, which was written. The sender's. */
  void take(int before, HistogramCell.BucketVisitor out) {
    short[] r = (short[]) RING.getAcquire(this);
    for (int i = taken; i != before; i++) {
      out.bucket(r[i & (r.length - 1)], 1);
    }
    TAKEN.setRelease(this, before);
  }
}
