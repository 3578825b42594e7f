package org.skymetrics.ui.query;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.Swing;

/**
 * The sum of some series, step by step. Cells merge, as they do for a parent key. But gauges that
 * merge are more samples of one thing; as a sum they are one sample: its value is the sum of the
 * last values and its mean that of the means; its min and max are the sums of theirs, between which
 * the sum was at all times.
 *
 * <p>How a sum swung over the base periods of a longer step can't be told from how its parts swung;
 * a point has that only where a step is one period.
 */
final class SumLine {
  private final Kind kind;
  private final boolean stepIsPeriod;
  private final SortedMap<Long, Step> steps = new TreeMap<>();

  SumLine(Kind kind, boolean stepIsPeriod) {
    this.kind = kind;
    this.stepIsPeriod = stepIsPeriod;
  }

  /** Takes a point of one of the series. */
  void add(Point point) {
    steps.computeIfAbsent(point.timeMs(), t -> new Step()).add(point);
  }

  List<Point> points() {
    List<Point> points = new ArrayList<>(steps.size());
    steps.forEach((timeMs, step) -> points.add(step.point(timeMs)));
    return points;
  }

  private final class Step {
    private final Cell cell = kind.newCell();
    private double last;
    private double mean;
    private double min;
    private double max;
    private boolean open;

    void add(Point point) {
      open |= point.open();
      if (point.cell() instanceof GaugeCell gauge) {
        last += gauge.last();
        mean += gauge.magnitude();
        min += gauge.moments().min();
        max += gauge.moments().max();
      } else {
        cell.merge(point.cell());
      }
    }

    Point point(long timeMs) {
      if (cell instanceof GaugeCell sum) {
        sum.set(1, last, timeMs, min, max, mean, mean * mean);
      }
      Swing swing = new Swing();
      if (stepIsPeriod) {
        swing.add(cell);
      }
      return new Point(timeMs, swing, cell, open);
    }
  }
}
