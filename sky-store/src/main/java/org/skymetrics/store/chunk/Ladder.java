package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.time.Period;

/**
 * Makes points of longer steps from those of shorter ones, rung by rung: periods into 5 minutes,
 * those into hours, those into days. Points come in the order of time, and may come in at any rung:
 * a day's first half of periods and the rest of hours gives the same bits as all of either, since
 * each rung merges just the points of the one below, in order.
 */
public final class Ladder {
  private static final long[] LEVELS = {Span.FIVE_MINUTES_MS, Span.HOUR_MS, Span.DAY_MS};

  /** Takes the points of all rungs as they are finished. */
  @FunctionalInterface
  public interface Sink {
    void point(long resolutionMs, Point point);
  }

  private final Kind kind;
  private final List<Rung> rungs = new ArrayList<>();
  private final Sink sink;

  /** A ladder up to {@code topMs}: its rungs are the levels that divide it. */
  public Ladder(Kind kind, long topMs, Sink sink) {
    this.kind = kind;
    this.sink = sink;
    for (long level : LEVELS) {
      if (level <= topMs && topMs % level == 0) {
        rungs.add(new Rung(level));
      }
    }
  }

  /** The longest level that divides steps of this length; 0 where none does. */
  public static long levelFor(long stepMs) {
    long found = 0;
    for (long level : LEVELS) {
      if (stepMs % level == 0) {
        found = level;
      }
    }
    return found;
  }

  /** The next shorter level; 0 below the first. */
  public static long levelBelow(long levelMs) {
    long found = 0;
    for (long level : LEVELS) {
      if (level < levelMs) {
        found = level;
      }
    }
    return found;
  }

  /** Takes a point of this resolution, which begins after all that were taken before. */
  public void add(long resolutionMs, Point point) {
    int rung = 0;
    while (rung < rungs.size() && rungs.get(rung).lengthMs <= resolutionMs) {
      flush(rung);
      rung++;
    }
    if (rung > 0 && rungs.get(rung - 1).lengthMs == resolutionMs) {
      sink.point(resolutionMs, point);
    }
    into(rung, point);
  }

  /** No more points come. */
  public void end() {
    for (int i = 0; i < rungs.size(); i++) {
      flush(i);
    }
  }

  private void into(int index, Point point) {
    if (index == rungs.size()) {
      return;
    }
    Rung rung = rungs.get(index);
    long startMs = Period.floor(point.startMs(), rung.lengthMs);
    if (rung.cell != null && rung.startMs != startMs) {
      flush(index);
    }
    Cell present = rung.cell;
    if (present == null) {
      present = kind.newCell();
      rung.cell = present;
      rung.startMs = startMs;
      rung.swing = new Swing();
    }
    present.merge(point.cell());
    point.addTo(rung.swing);
  }

  private void flush(int index) {
    Rung rung = rungs.get(index);
    Cell cell = rung.cell;
    if (cell != null) {
      Point point = new Point(rung.startMs, cell, rung.swing);
      rung.cell = null;
      sink.point(rung.lengthMs, point);
      into(index + 1, point);
    }
  }

  /** A step that is being gathered. */
  private static final class Rung {
    final long lengthMs;
    long startMs;
    Swing swing = new Swing();
    @Nullable Cell cell;

    Rung(long lengthMs) {
      this.lengthMs = lengthMs;
    }
  }
}
