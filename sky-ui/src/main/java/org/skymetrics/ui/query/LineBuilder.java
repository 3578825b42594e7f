package org.skymetrics.ui.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.query.Answer.Line;

/** Gathers the points of one series, in the order of time. */
final class LineBuilder {
  private final Series series;
  private final Range range;
  private final long nowMs;
  private final List<Point> points = new ArrayList<>();
  private int step = -1;
  private Swing swing = new Swing();
  private @Nullable Cell cell;
  private boolean open;

  LineBuilder(Series series, Range range, long nowMs) {
    this.series = series;
    this.range = range;
    this.nowMs = nowMs;
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

  private void flush() {
    if (cell != null) {
      long startMs = range.startMs() + step * range.stepMs();
      points.add(new Point(startMs, swing, cell, open || startMs + range.stepMs() > nowMs));
    }
    swing = new Swing();
    cell = null;
    open = false;
  }

  Line build() {
    flush();
    return new Line(series, points);
  }
}
