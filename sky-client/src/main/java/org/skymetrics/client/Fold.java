package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Moments;

/**
 * What one thread has gathered of a gauge or histogram in one epoch, the time between two cuts of
 * the sender. Minimum, maximum and last can't be told as a growth since the last harvest, so they
 * begin anew with each epoch.
 *
 * <p>Written by one thread, read by the sender while it is written. The writer changes the moments
 * first and counts the value last, with release; the reader reads the counts first, with acquire,
 * and then the moments. So the moments hold at least the values whose count was read; what they are
 * ahead by is the growth of the next harvest. When a thread meets a new epoch it links a new fold
 * behind this one, with release, and never writes here again: a reader that sees the link reads
 * this fold to its end.
 */
abstract class Fold {
  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Fold.class, "next", Fold.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int epoch;

  @SuppressWarnings("UnusedVariable") // read and written through NEXT
  private @Nullable Fold next;

  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double sum;
  private double sumLow;
  private double squares;
  private double squaresLow;

  /** The sender's: the sums that it took last. */
  private double takenSum;

  private double takenSquares;

  Fold(int epoch) {
    this.epoch = epoch;
  }

  final int epoch() {
    return epoch;
  }

  final @Nullable Fold next() {
    return (Fold) NEXT.getAcquire(this);
  }

  final void link(Fold following) {
    NEXT.setRelease(this, following);
  }

  /** Starts anew for another epoch; who calls it is the only one who knows of this fold. */
  final void begin(int newEpoch) {
    epoch = newEpoch;
    next = null;
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
    sum = 0;
    sumLow = 0;
    squares = 0;
    squaresLow = 0;
    takenSum = 0;
    takenSquares = 0;
    clear();
  }

  /** Forgets the counts. */
  abstract void clear();

  /** The writer's: another fold is to follow. */
  void leave() {}

  /** The sender's: the fold was read to its end. */
  void end() {}

  /** Takes one value; {@code timeNs} is the monotonic clock, 0 where it is not asked for. */
  abstract void record(double value, long timeNs);

  /** Takes a value into the moments, its sums compensated (Neumaier 1974). */
  final void addToMoments(double value) {
    if (value < min) {
      min = value;
    }
    if (value > max) {
      max = value;
    }
    addToSums(value, value * value);
  }

  /** Takes a value that stands for {@code times}. */
  final void addToMoments(double value, long times) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    addToSums(value * times, value * value * times);
  }

  private void addToSums(double value, double square) {
    double t = sum + value;
    sumLow += Math.abs(sum) >= Math.abs(value) ? (sum - t) + value : (value - t) + sum;
    sum = t;
    double s = squares + square;
    squaresLow += squares >= square ? (squares - s) + square : (square - s) + squares;
    squares = s;
  }

  /** The moments: minimum and maximum of the whole epoch, sums since the last call. */
  final Moments takeMoments() {
    double sumNow = total(sum, sumLow);
    double squaresNow = total(squares, squaresLow);
    Moments moments = new Moments();
    moments.set(min, max, growth(sumNow, takenSum), growth(squaresNow, takenSquares));
    takenSum = sumNow;
    takenSquares = squaresNow;
    return moments;
  }

  /** A sum that ran over stays so: what it grew by can't be told. */
  private static double growth(double now, double taken) {
    return Double.isFinite(now) ? now - taken : now;
  }

  /** A sum that ran over has no low part. */
  private static double total(double high, double low) {
    return Double.isFinite(high) ? high + low : high;
  }
}
