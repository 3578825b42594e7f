package org.skymetrics.ui.query;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.store.batch.Series;

/** Makes the points of one series, in the order of time, of its base periods. */
final class LineBuilder {
  private final Series series;
  private final Range range;
  private final long nowMs;
  private final Consumer<Point> points;
  private int step = -1;
  private Swing swing = new Swing();
  private @Nullable Cell cell;
  private boolean open;

  /**
   * @param points takes each point when it is whole
   */
  LineBuilder(Series series, Range range, long nowMs, Consumer<Point> points) {
    this.series = series;
    this.range = range;
    this.nowMs = nowMs;
    this.points = points;
  }

  Series series() {
    return series;
  }

  /** Takes one base period. */
  void addPeriod(long startMs, Cell more, boolean isOpen) {
    into(startMs, more, isOpen);
    swing.add(more);
  }

  /** Takes some base periods that were gathered elsewhere. */
  void addPeriods(long startMs, Swing moreSwing, Cell more, boolean isOpen) {
    into(startMs, more, isOpen);
    swing.merge(moreSwing);
  }

  private void into(long startMs, Cell more, boolean isOpen) {
    int at = range.stepOf(startMs);
    if (at != step) {
      flush();
      step = at;
    }
    Cell present = cell;
    if (present == null) {
      present = series.kind().newCell();
      cell = present;
    }
    present.merge(more);
    open |= isOpen;
  }

  /** No more periods come: the last point is whole. */
  void end() {
    flush();
  }

  private void flush() {
    if (cell != null) {
      long startMs = range.startMs() + step * range.stepMs();
      points.accept(new Point(startMs, swing, cell, open || startMs + range.stepMs() > nowMs));
    }
    swing = new Swing();
    cell = null;
    open = false;
  }
}
