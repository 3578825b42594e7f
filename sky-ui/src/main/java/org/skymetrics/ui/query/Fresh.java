package org.skymetrics.ui.query;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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
  private final TreeMap<Long, TreeMap<BatchName, Batch>> periods = new TreeMap<>();
  private final Collection<Series> series;

  Fresh(Collection<Series> series) {
    this.series = series;
  }

  /** Takes those of these batches that are of the shard and have one of the series. */
  void add(int shard, Collection<Batch> batches) throws CorruptException {
    for (Batch batch : batches) {
      if (batch.place().shard() == shard && hasAny(batch)) {
        periods
            .computeIfAbsent(batch.place().startMs(), p -> new TreeMap<>())
            .put(batch.name(), batch);
      }
    }
  }

  private boolean hasAny(Batch batch) throws CorruptException {
    for (Series s : series) {
      if (batch.find(s) != null) {
        return true;
      }
    }
    return false;
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
  void addTo(Extras extras) throws CorruptException {
    for (TreeMap<BatchName, Batch> batches : periods.values()) {
      for (Batch batch : batches.values()) {
        extras.addOnTheWay(batch, series);
      }
    }
  }

  /** Whether a batch of this period has the series and is not among those names. */
  boolean isOpen(Series s, long periodMs, Collection<BatchName> inHistory) throws CorruptException {
    for (Map.Entry<BatchName, Batch> entry :
        periods.getOrDefault(periodMs, new TreeMap<>()).entrySet()) {
      if (!inHistory.contains(entry.getKey()) && entry.getValue().find(s) != null) {
        return true;
      }
    }
    return false;
  }
}
