package org.skymetrics.ui.query;

import java.util.List;
import org.skymetrics.store.batch.Series;

/**
 * The points of some series over a range.
 *
 * @param range as it was asked
 * @param lines one for each series, in the order asked
 * @param damaged values of history that could not be read, and so are missing
 */
public record Answer(Range range, List<Line> lines, List<String> damaged) {
  public Answer {
    lines = List.copyOf(lines);
    damaged = List.copyOf(damaged);
  }

  /** One series: its steps that have a value, in order. */
  public record Line(Series series, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }

    boolean isOpen() {
      return points.stream().anyMatch(Point::open);
    }
  }

  /** Whether all of it came from history. */
  public boolean isFromHistory() {
    return damaged.isEmpty() && lines.stream().noneMatch(Line::isOpen);
  }
}
