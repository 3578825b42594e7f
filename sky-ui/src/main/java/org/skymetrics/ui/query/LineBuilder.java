package org.skymetrics.ui.query;

import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.chunk.Ladder;

/**
 * Makes the points of one series, in the order of time. Where a step is made of whole levels its
 * parts are first made into those: however they were stored, the same bits come out.
 */
final class LineBuilder {
  private final Series series;
  private final Range range;
  private final long nowMs;
  private final long levelMs;

  /** Null where steps are made of what is found, as it is. */
  private final @Nullable Ladder ladder;

  /** Null where none is open. */
  private @Nullable BitSet open;

  private final Consumer<Point> points;
  private int step = -1;
  private Swing swing = new Swing();
  private @Nullable Cell cell;

  /**
   * @param points takes each point when it is whole
   */
  LineBuilder(Series series, Range range, long nowMs, Consumer<Point> points) {
    this.series = series;
    this.range = range;
    this.nowMs = nowMs;
    this.levelMs = range.levelMs();
    this.ladder = levelMs == 0 ? null : new Ladder(series.kind(), levelMs, this::ofLadder);
    this.points = points;
  }

  Series series() {
    return series;
  }

  /** Takes what the series has in a period, or in a step of a level that divides the range's. */
  void add(long resolutionMs, org.skymetrics.store.chunk.Point point) {
    if (ladder == null || resolutionMs > levelMs) {
      into(point);
    } else {
      ladder.add(resolutionMs, point);
    }
  }

  /** Notes that the step of this time is not all in history. */
  void open(long timeMs) {
    BitSet present = open;
    if (present == null) {
      present = new BitSet();
      open = present;
    }
    present.set(range.stepOf(timeMs));
  }

  private void ofLadder(long resolutionMs, org.skymetrics.store.chunk.Point point) {
    if (resolutionMs == levelMs) {
      into(point);
    }
  }

  private void into(org.skymetrics.store.chunk.Point point) {
    int at = range.stepOf(point.startMs());
    if (at != step) {
      flush();
      step = at;
    }
    Cell present = cell;
    if (present == null) {
      present = series.kind().newCell();
      cell = present;
    }
    present.merge(point.cell());
    point.addTo(swing);
  }

  /** No more periods come: the last point is whole. */
  void end() {
    if (ladder != null) {
      ladder.end();
    }
    flush();
  }

  private void flush() {
    if (cell != null) {
      long startMs = range.startMs() + step * range.stepMs();
      boolean isOpen = startMs + range.stepMs() > nowMs || (open != null && open.get(step));
      points.accept(new Point(startMs, swing, cell, isOpen));
      swing = new Swing();
      cell = null;
    }
  }
}
