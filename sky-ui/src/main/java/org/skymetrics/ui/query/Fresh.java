package org.skymetrics.ui.query;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.chunk.Extras;

/**
 * The batches of one shard that history may not have yet and that have one of the series asked for,
 * by period and name. Where a name comes twice the later one wins: so servers first, mailboxes
 * after.
 */
final class Fresh {
  private final TreeMap<Long, TreeMap<BatchName, Cut>> periods = new TreeMap<>();
  private final Collection<Series> series;

  /** A batch, and the cells that it has of the series asked for. */
  private record Cut(Batch batch, Map<Series, Cell> cells) {}

  /**
   * For these series.
   *
   * @param series in ascending order
   */
  Fresh(Collection<Series> series) {
    this.series = series;
  }

  /** Takes those of these batches that are of the shard and have one of the series. */
  void add(int shard, Collection<Batch> batches) throws CorruptException {
    for (Batch batch : batches) {
      if (batch.place().shard() == shard) {
        Map<Series, Cell> cells = new HashMap<>();
        batch.find(series, cells::put);
        if (!cells.isEmpty()) {
          periods
              .computeIfAbsent(batch.place().startMs(), p -> new TreeMap<>())
              .put(batch.name(), new Cut(batch, cells));
        }
      }
    }
  }

  /** Whether there is any in the periods from {@code fromMs} (included) to {@code toMs} (not). */
  boolean touches(long fromMs, long toMs) {
    return !periods.subMap(fromMs, toMs).isEmpty();
  }

  /** The starts of all periods that have some. */
  Collection<Long> periods() {
    return new TreeSet<>(periods.keySet());
  }

  /** Lets {@code extras} have all. */
  void addTo(Extras extras) {
    for (TreeMap<BatchName, Cut> batches : periods.values()) {
      batches.values().forEach(cut -> extras.addOnTheWay(cut.batch(), cut.cells()));
    }
  }

  /** Whether a batch of this period has the series and is not among those names. */
  boolean isOpen(Series s, long periodMs, Collection<BatchName> inHistory) {
    TreeMap<BatchName, Cut> batches = periods.get(periodMs);
    if (batches == null) {
      return false;
    }
    for (Map.Entry<BatchName, Cut> entry : batches.entrySet()) {
      if (entry.getValue().cells().containsKey(s) && !inHistory.contains(entry.getKey())) {
        return true;
      }
    }
    return false;
  }
}
