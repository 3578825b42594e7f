package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;

/** A source of a gauge or a histogram. */
abstract class SampleSource extends CellSource {
  SampleSource(String name) {
    super(name);
  }

  /** Takes one finite value. */
  abstract void record(double value);

  /**
   * Looks at the place that the next value goes to: who is to count many asks for all of them
   * first, so that memory is waited for once and not for each.
   */
  long look() {
    return 0;
  }

  /** Takes one finite value that stands for {@code times}, at least 1; of a gauge for one. */
  abstract void record(double value, long times);

  /**
   * The source of one thread: a chain of folds, one an epoch, written at its end and read from its
   * start. A fold that was read to its end is kept to be used once more, so a series that goes on
   * allocates nothing.
   */
  static final class Owned extends SampleSource {
    private static final VarHandle TOTAL;
    private static final VarHandle SPARE;

    static {
      try {
        TOTAL = MethodHandles.lookup().findVarHandle(Owned.class, "total", long.class);
        SPARE = MethodHandles.lookup().findVarHandle(Owned.class, "spare", Fold.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Epoch epoch;
    private final TimeSource time;

    /** What the folds of a histogram share; a gauge has none. */
    private final @Nullable BucketQueue queue;

    /** The writer's: the fold it writes to. */
    private Fold current;

    /** The sender's: the first fold it has not read to its end. */
    private Fold oldest;

    /** Goes from the sender, who sets it where it is null, to the writer, who takes it. */
    @SuppressWarnings("UnusedVariable") // read and written through SPARE
    private @Nullable Fold spare;

    /** The writer's: values of a gauge. */
    private long total;

    Owned(String name, boolean gauge, Epoch epoch, TimeSource time) {
      super(name);
      this.epoch = epoch;
      this.time = time;
      queue = gauge ? null : new BucketQueue();
      current = newFold(epoch.get());
      oldest = current;
    }

    private Fold newFold(int number) {
      return queue == null ? new GaugeFold(number) : new HistogramFold(number, queue);
    }

    @Override
    void record(double value) {
      int number = epoch.get();
      Fold fold = current;
      if (fold.epoch() != number) {
        fold = roll(number);
      }
      if (queue == null) {
        fold.record(value, time.monotonicNs());
        TOTAL.setRelease(this, total + 1);
      } else {
        fold.record(value, 0);
      }
    }

    @Override
    void record(double value, long times) {
      int number = epoch.get();
      Fold fold = current;
      if (fold.epoch() != number) {
        fold = roll(number);
      }
      if (times > 1 && fold instanceof HistogramFold histogram) {
        histogram.recordTimes(value, times);
      } else {
        // One value goes by the queue: counts cost more than all else that most series have.
        record(value);
      }
    }

    @Override
    long look() {
      return queue == null ? 0 : queue.look();
    }

    private Fold roll(int number) {
      current.leave();
      Fold fold = (Fold) SPARE.getAcquire(this);
      if (fold == null) {
        fold = newFold(number);
      } else {
        SPARE.setRelease(this, null);
        fold.begin(number);
      }
      current.link(fold);
      current = fold;
      return fold;
    }

    @Override
    void take(FoldTimes times, BiConsumer<Integer, Cell> out) {
      while (true) {
        Fold fold = oldest;
        // Seen before the fold is read: then nothing was written to it after.
        Fold next = fold.next();
        int number = fold.epoch();
        Cell cell =
            fold instanceof GaugeFold g
                ? g.take(times.referenceNs(number))
                : fold instanceof HistogramFold h ? h.take() : null;
        if (cell != null) {
          out.accept(number, cell);
        }
        if (next == null) {
          return;
        }
        oldest = next;
        fold.end();
        SPARE.compareAndSet(this, null, fold);
      }
    }

    @Override
    long accepted() {
      return queue == null ? (long) TOTAL.getAcquire(this) : queue.accepted();
    }
  }
}
