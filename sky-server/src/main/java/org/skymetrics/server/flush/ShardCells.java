package org.skymetrics.server.flush;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * The cells of one shard and period as the tables give them, sorted once in the end, when those of
 * one series come together and are merged.
 *
 * <p>Keys lie all over memory, so what a comparison costs is to look at them. The eight bytes after
 * those that all keys begin with are laid beside each entry, and decide most comparisons.
 */
final class ShardCells {
  private static final Comparator<Entry> ORDER =
      (a, b) -> {
        int order = Long.compareUnsigned(a.head, b.head);
        return order != 0 ? order : a.series.compareTo(b.series);
      };

  private final List<Series> series = new ArrayList<>();
  private final List<Cell> cells = new ArrayList<>();

  private record Entry(long head, Series series, Cell cell) {}

  /** Takes a cell, which is not changed any more: another thread may read it. */
  void add(Series one, Cell cell) {
    series.add(one);
    cells.add(cell);
  }

  /** The batch of all; those of one series are merged in the order in which they came. */
  Batch toBatch(BatchName name, ShardPeriod place, long periodMs) {
    Batch.Builder batch = new Batch.Builder(name, place, periodMs);
    Series last = null;
    Cell merged = null;
    boolean isCopy = false;
    for (Entry entry : sorted()) {
      if (entry.series.equals(last) && merged != null) {
        merged = isCopy ? merged : merged.copy();
        merged.merge(entry.cell);
        isCopy = true;
      } else {
        add(batch, last, merged);
        last = entry.series;
        merged = entry.cell;
        isCopy = false;
      }
    }
    add(batch, last, merged);
    return batch.build();
  }

  private static void add(Batch.Builder batch, @Nullable Series one, @Nullable Cell cell) {
    if (one != null && cell != null) {
      batch.add(one, cell);
    }
  }

  private List<Entry> sorted() {
    int shared = sharedByAll();
    List<Entry> entries = new ArrayList<>(series.size());
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      entries.add(new Entry(one.key().head(shared), one, cells.get(i)));
    }
    entries.sort(ORDER);
    return entries;
  }

  /** How many bytes all keys begin with. */
  private int sharedByAll() {
    Key first = series.get(0).key();
    int shared = first.length();
    for (Series one : series) {
      shared = Math.min(shared, first.sharedPrefix(one.key()));
    }
    return shared;
  }
}
