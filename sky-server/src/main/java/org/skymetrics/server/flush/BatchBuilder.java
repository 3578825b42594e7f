package org.skymetrics.server.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.server.aggregate.CellSink;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;

/**
 * Merges the cells of one segment, from any number of tables, into a batch for each (shard,
 * period).
 */
final class BatchBuilder implements CellSink {
  private final BatchName name;
  private final Layout layout;

  /** By period, the cells of each shard that has any. */
  private final TreeMap<Long, @Nullable ShardCells[]> periods = new TreeMap<>();

  BatchBuilder(BatchName name, Layout layout) {
    this.name = name;
    this.layout = layout;
  }

  @Override
  public void cell(Series series, long periodMs, Cell cell) {
    @Nullable ShardCells[] shards =
        periods.computeIfAbsent(periodMs, p -> new @Nullable ShardCells[layout.shards()]);
    int shard = series.key().shard(layout.shards());
    ShardCells cells = shards[shard];
    if (cells == null) {
      cells = new ShardCells();
      shards[shard] = cells;
    }
    cells.add(series, cell);
  }

  /** The batches, in order of period, then shard. */
  List<Batch> build() {
    List<Batch> batches = new ArrayList<>();
    periods.forEach(
        (periodMs, shards) -> {
          for (int shard = 0; shard < shards.length; shard++) {
            ShardCells cells = shards[shard];
            if (cells != null) {
              ShardPeriod place = new ShardPeriod(shard, periodMs);
              batches.add(cells.toBatch(name, place, layout.period().lengthMs()));
              shards[shard] = null;
            }
          }
        });
    return batches;
  }
}
