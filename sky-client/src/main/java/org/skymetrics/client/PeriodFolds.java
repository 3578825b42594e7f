package org.skymetrics.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * Counters and gauges that say of which period they are: a cell for each until the next flush, in a
 * map behind a lock. The few that are not of this moment come here, and the changes of gauges, in
 * whose order the other folds take no interest.
 *
 * <p>Past its limit no cell is made, and whoever asks {@link #hasRoom} knows it before.
 */
final class PeriodFolds {
  private final int limit;
  private final Map<Name, Cell> cells = new HashMap<>();
  private long taken;

  /** Whose fold it is, and of which period, by its start in ms since 1970. */
  record Name(Key key, Kind kind, long startMs) {}

  PeriodFolds(int limit) {
    this.limit = limit;
  }

  /** Whether a cell that is not there yet would be made. */
  synchronized boolean hasRoom() {
    return cells.size() < limit;
  }

  /** Gives the cell of a series and period to {@code change}; not past the limit. */
  synchronized void fold(Name name, Consumer<Cell> change) {
    Cell cell = cells.get(name);
    if (cell == null) {
      if (cells.size() >= limit) {
        return;
      }
      cell = name.kind().newCell();
      cells.put(name, cell);
    }
    change.accept(cell);
  }

  /** What there is to take. */
  synchronized List<Name> names() {
    return List.copyOf(cells.keySet());
  }

  /** Takes one; the sender alone does. */
  synchronized @Nullable Cell take(Name name) {
    Cell cell = cells.remove(name);
    if (cell != null) {
      taken += counts(cell);
    }
    return cell;
  }

  /** Everything accepted since the start: the sums of counters, and the number of samples. */
  synchronized long accepted() {
    long accepted = taken;
    for (Cell cell : cells.values()) {
      accepted += counts(cell);
    }
    return accepted;
  }

  private static long counts(Cell cell) {
    return cell instanceof CounterCell counter
        ? counter.sum()
        : cell instanceof GaugeCell gauge ? gauge.count() : 0;
  }
}
