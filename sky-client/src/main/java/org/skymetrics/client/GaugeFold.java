package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Moments;

/** A gauge's samples of one epoch. */
final class GaugeFold extends Fold {
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(GaugeFold.class, "count", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long count;
  private double last;
  private long lastNs;

  private long taken;

  GaugeFold(int epoch) {
    super(epoch);
  }

  @Override
  void clear() {
    count = 0;
    taken = 0;
  }

  @Override
  void record(double value, long timeNs) {
    addToMoments(value);
    last = value;
    lastNs = timeNs;
    COUNT.setRelease(this, count + 1);
  }

  /**
   * The samples since the last call, their time from {@code referenceNs}; null where there are
   * none.
   */
  @Nullable GaugeCell take(long referenceNs) {
    long now = (long) COUNT.getAcquire(this);
    if (now == taken) {
      return null;
    }
    Moments moments = takeMoments();
    GaugeCell cell = new GaugeCell();
    cell.set(
        now - taken,
        last,
        Math.floorDiv(lastNs - referenceNs, 1_000_000L),
        moments.min(),
        moments.max(),
        moments.sum(),
        moments.sumOfSquares());
    taken = now;
    return cell;
  }
}
