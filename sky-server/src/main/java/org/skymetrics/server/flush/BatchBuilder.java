package org.skymetrics.server.flush;

import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Merged by hash, sorted once at the end: less work than to keep a million series in order. */
  private final TreeMap<ShardPeriod, Map<Series, Cell>> places = new TreeMap<>();

  BatchBuilder(BatchName name, Layout layout) {
    this.name = name;
    this.layout = layout;
  }

  @Override
  public void cell(Series series, long periodMs, Cell cell) {
    ShardPeriod place = new ShardPeriod(series.key().shard(layout.shards()), periodMs);
    Cell present = places.computeIfAbsent(place, p -> new HashMap<>()).putIfAbsent(series, cell);
    if (present != null) {
      present.merge(cell);
    }
  }

  /** The batches, in order of period, then shard. */
  List<Batch> build() {
    List<Batch> batches = new ArrayList<>(places.size());
    places.forEach(
        (place, cells) ->
            batches.add(
                Batch.of(
                    name, place, layout.period().lengthMs(), ImmutableSortedMap.copyOf(cells))));
    return batches;
  }
}
