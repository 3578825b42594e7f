package org.skymetrics.server.aggregate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.live.WatchedCells;

/**
 * A series in a {@link Table}: its parent, found once, and a cell for each period, in order of
 * time. Where a period has a cell here it has one in all parents.
 */
final class SeriesCells {
  private final Key key;
  private final Kind kind;
  private final long hash;
  private final @Nullable SeriesCells parent;
  private long[] periods = new long[1];
  private Cell[] cells = new Cell[1];
  private int size;

  /** Where what is counted goes besides, while somebody watches the series. */
  private @Nullable WatchedCells live;

  /** Where the period used last is: packets come in order of period, more or less. */
  private int last;

  SeriesCells(Key key, Kind kind, long hash, @Nullable SeriesCells parent) {
    this.key = key;
    this.kind = kind;
    this.hash = hash;
    this.parent = parent;
  }

  Key key() {
    return key;
  }

  Kind kind() {
    return kind;
  }

  long hash() {
    return hash;
  }

  @Nullable SeriesCells parent() {
    return parent;
  }

  @Nullable WatchedCells live() {
    return live;
  }

  void setLive(@Nullable WatchedCells watched) {
    live = watched;
  }

  boolean is(byte[] bytes, int length, Kind otherKind, long otherHash) {
    return hash == otherHash && kind == otherKind && key.sameBytes(bytes, 0, length);
  }

  /** The cell of a period, or null. */
  @Nullable Cell cell(long periodMs) {
    if (size > 0 && periods[last] == periodMs) {
      return cells[last];
    }
    int i = Arrays.binarySearch(periods, 0, size, periodMs);
    if (i < 0) {
      return null;
    }
    last = i;
    return cells[i];
  }

  /** The cell of a period that is known to have one. */
  Cell present(long periodMs) {
    Cell cell = cell(periodMs);
    if (cell == null) {
      throw new IllegalStateException(key + " has no cell at " + periodMs);
    }
    return cell;
  }

  /** Makes the cell of a period that has none. */
  void add(long periodMs) {
    int i = -Arrays.binarySearch(periods, 0, size, periodMs) - 1;
    if (size == periods.length) {
      periods = Arrays.copyOf(periods, size * 2);
      cells = Arrays.copyOf(cells, size * 2);
    }
    System.arraycopy(periods, i, periods, i + 1, size - i);
    System.arraycopy(cells, i, cells, i + 1, size - i);
    periods[i] = periodMs;
    cells[i] = kind.newCell();
    size++;
    last = i;
  }

  int size() {
    return size;
  }

  long period(int i) {
    return periods[i];
  }

  Cell cellAt(int i) {
    return cells[i];
  }
}
