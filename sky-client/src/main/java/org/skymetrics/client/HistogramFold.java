package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Buckets;
import org.skymetrics.common.cell.HistogramCell;

/**
 * A histogram's values of one epoch: in the queue of their thread, and from the first value on that
 * finds no room there in counts. A fold begins at the place in the queue where the one before ends.
 */
final class HistogramFold extends Fold {
  private static final VarHandle COUNTS;

  static {
    try {
      COUNTS =
          MethodHandles.lookup().findVarHandle(HistogramFold.class, "counts", BucketCounts.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Of all folds of the thread's source, one after the other. */
  private final BucketQueue queue;

  /** The place in the queue that the fold begins at; set before it is linked. */
  private long begin;

  /** Kept from an epoch in which it was needed to the next of this fold. */
  private @Nullable BucketCounts counts;

  /** The writer's: whether anything is in the counts. */
  private boolean isCounting;

  /** The sender's: what it has of the counts. */
  private @Nullable BucketCounts taken;

  HistogramFold(int epoch, BucketQueue queue) {
    super(epoch);
    this.queue = queue;
    begin = queue.written();
  }

  @Override
  void clear() {
    begin = queue.written();
    if (!isCounting) {
      counts = null;
    } else if (counts != null) {
      counts.clear();
    }
    isCounting = false;
  }

  @Override
  void end() {
    taken = null;
  }

  @Override
  void record(double value, long timeNs) {
    addToMoments(value);
    int bucket = Buckets.index(value);
    if (!queue.add(bucket)) {
      addOtherwise(bucket);
    }
  }

  private void addOtherwise(int bucket) {
    boolean hasRoom = queue.findRoom() || queue.moveTo(counting(), begin);
    if (!hasRoom || !queue.add(bucket)) {
      addBeside(bucket, 1);
    }
  }

  /** Takes one value that stands for {@code times}. */
  void recordTimes(double value, long times) {
    addToMoments(value, times);
    addBeside(Buckets.index(value), times);
  }

  private void addBeside(int bucket, long times) {
    counting().add(bucket, times);
    queue.passedBy(times);
  }

  /** The counts, for the sender to find. */
  private BucketCounts counting() {
    BucketCounts present = counts == null ? new BucketCounts() : counts;
    isCounting = true;
    COUNTS.setRelease(this, present);
    return present;
  }

  /**
   * The writer's, before it begins the fold that follows: a series of many values leaves none in
   * the queue, where they would be in the way of those that follow.
   */
  @Override
  void leave() {
    if (isCounting) {
      queue.moveTo(counting(), begin);
    }
  }

  /** The values since the last call; null where there are none. */
  @Nullable HistogramCell take() {
    long written = queue.written();
    // Seen after: without it all that was written is of this fold.
    HistogramFold next = (HistogramFold) next();
    long end = next == null ? written : next.begin;
    // Asked for first: who moves values to the counts makes those before.
    boolean isLeft = queue.isLeft(end);
    if (!isLeft && COUNTS.getAcquire(this) == null) {
      return null;
    }
    HistogramCell cell = new HistogramCell();
    queue.take(end, cell);
    BucketCounts present = (BucketCounts) COUNTS.getAcquire(this);
    if (present != null) {
      if (taken == null) {
        taken = new BucketCounts();
      }
      present.takeGrowth(taken, cell::add);
    }
    if (cell.isEmpty()) {
      return null;
    }
    cell.mergeMoments(takeMoments());
    return cell;
  }
}
