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
  private static final @Nullable Object[] NONE = {};
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
  private int begin;

  /** Kept from an epoch in which it was needed to the next of this fold. */
  private @Nullable BucketCounts counts;

  /** The writer's: the pages of the counts, one read nearer; none until the queue was full. */
  private @Nullable Object[] pages = NONE;

  private int firstPage;

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
    if (pages == NONE) {
      counts = null;
    } else if (counts != null) {
      counts.clear();
    }
    pages = NONE;
  }

  @Override
  void end() {
    taken = null;
  }

  @Override
  void record(double value, long timeNs) {
    addToMoments(value);
    count(Buckets.index(value), 1);
  }

  /** Takes one value that stands for {@code times}. */
  void recordTimes(double value, long times) {
    addToMoments(value, times);
    count(Buckets.index(value), times);
  }

  private void count(int bucket, long times) {
    if (!BucketCounts.add(firstPage, pages, bucket, times)) {
      countOtherwise(bucket, times);
    }
  }

  private void countOtherwise(int bucket, long times) {
    if (pages == NONE && times == 1 && queue.add(bucket)) {
      return;
    }
    BucketCounts present = counts == null ? new BucketCounts() : counts;
    present.add(bucket, times);
    firstPage = present.firstPage();
    pages = present.pages();
    COUNTS.setRelease(this, present);
  }

  /** What the place has that a value would be counted in; 0 where it is not made yet. */
  long look(double value) {
    return BucketCounts.count(firstPage, pages, Buckets.index(value));
  }

  /** The values since the last call; null where there are none. */
  @Nullable HistogramCell take() {
    int written = queue.written();
    // Seen after: without it all that was written is of this fold.
    HistogramFold next = (HistogramFold) next();
    int end = next == null ? written : next.begin;
    BucketCounts present = (BucketCounts) COUNTS.getAcquire(this);
    if (present == null && queue.isTaken(end)) {
      return null;
    }
    HistogramCell cell = new HistogramCell();
    queue.take(end, cell::add);
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
