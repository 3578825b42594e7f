package org.skymetrics.server.live;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.server.live.WatchTable.SecondCell;
import org.skymetrics.store.batch.Series;

/** What one receiving thread has counted of one watched series since it was last cut. */
public final class WatchedCells {
  private final WatchTable table;
  private final Kind kind;
  private Cell open;
  private boolean isTouched;

  /** Of seconds of other periods: nearly always empty. */
  private final NavigableMap<Long, Cell> others = new TreeMap<>();

  WatchedCells(WatchTable table, Kind kind) {
    this.table = table;
    this.kind = kind;
    this.open = kind.newCell();
  }

  /** Counts what a counter of this kind did in a period. */
  public void add(long periodMs, long sum, double fraction) {
    CounterCell cell = (CounterCell) cell(periodMs);
    cell.add(sum);
    if (fraction != 0) {
      cell.add(fraction);
    }
  }

  /** Counts a cell of this kind; it is left as it is. */
  public void merge(long periodMs, Cell cell) {
    cell(periodMs).merge(cell);
  }

  private Cell cell(long periodMs) {
    if (table.isOpen(periodMs)) {
      isTouched = true;
      return open;
    }
    return others.computeIfAbsent(table.secondOf(periodMs), second -> kind.newCell());
  }

  void cut(Series series, long openSecond, long newSecond, List<SecondCell> over) {
    if (isTouched) {
      over.add(new SecondCell(openSecond, series, open));
      open = kind.newCell();
      isTouched = false;
    }
    NavigableMap<Long, Cell> ended = others.headMap(newSecond, false);
    ended.forEach((second, cell) -> over.add(new SecondCell(second, series, cell)));
    ended.clear();
  }
}
