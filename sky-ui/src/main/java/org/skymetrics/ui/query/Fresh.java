package org.skymetrics.ui.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.Level;

/**
 * The batches that history may not have yet, by place and name. Where a name comes twice the later
 * one wins: so servers first, mailboxes after.
 */
final class Fresh {
  private final TreeMap<ShardPeriod, TreeMap<BatchName, Batch>> batches = new TreeMap<>();

  void add(Collection<Batch> more) {
    for (Batch batch : more) {
      batches.computeIfAbsent(batch.place(), p -> new TreeMap<>()).put(batch.name(), batch);
    }
  }

  /** Whether all that is fresh of a series in this window went into that level. */
  boolean isCovered(Series series, Level level) throws CorruptException {
    Level.Window window = level.window();
    ShardPeriod from = new ShardPeriod(0, window.startMs());
    ShardPeriod to = new ShardPeriod(0, window.startMs() + window.lengthMs());
    for (Map.Entry<ShardPeriod, TreeMap<BatchName, Batch>> entry :
        batches.subMap(from, to).entrySet()) {
      if (entry.getKey().shard() == window.shard()
          && !isCovered(series, level, entry.getKey().startMs(), entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCovered(
      Series series, Level level, long startMs, Map<BatchName, Batch> fresh)
      throws CorruptException {
    for (Batch batch : fresh.values()) {
      if (batch.find(series) != null
          && !level.sources().contains(new Level.Source(startMs, batch.name()))) {
        return false;
      }
    }
    return true;
  }

  /** The cell of a series in one period, of the block and all fresh batches it does not have. */
  PeriodCell cell(Series series, ShardPeriod place, Block block) throws CorruptException {
    SortedMap<BatchName, Batch> fresh = batches.getOrDefault(place, new TreeMap<>());
    if (fresh.isEmpty()) {
      return new PeriodCell(merge(series, block.batches().values()), false);
    }
    TreeMap<BatchName, Batch> all = new TreeMap<>(fresh);
    all.putAll(block.batches());
    boolean open = false;
    for (Batch batch : fresh.values()) {
      open |= !block.batches().containsKey(batch.name()) && batch.find(series) != null;
    }
    return new PeriodCell(merge(series, all.values()), open);
  }

  /** Merges in order of the names, so the same batches give the same bits. */
  private static List<Cell> merge(Series series, Collection<Batch> inOrder)
      throws CorruptException {
    List<Cell> merged = new ArrayList<>(1);
    for (Batch batch : inOrder) {
      Cell cell = batch.find(series);
      if (cell != null && merged.isEmpty()) {
        merged.add(cell);
      } else if (cell != null) {
        merged.get(0).merge(cell);
      }
    }
    return merged;
  }

  /**
   * What a series has in one period.
   *
   * @param cell one, or none where it has nothing
   * @param open whether some of it is not in history yet
   */
  record PeriodCell(List<Cell> cell, boolean open) {}
}
