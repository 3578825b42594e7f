package org.skymetrics.server.flush;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.ingest.GaugeLevels;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;

/**
 * Finds out what gauges are that someone changes: the later of what this server has gathered and
 * not yet put, and of what the period store has from all servers. Where the store does not answer
 * for some seconds, it is what this server knows, counted, so that no sender is held up by that.
 *
 * <p>Asked for a pass over and over, by the thread that also delivers.
 */
public final class GaugeLookup {
  private static final long PATIENCE_NS = Duration.ofSeconds(5).toNanos();

  private final GaugeLevels levels;
  private final Segments segments;
  private final PeriodStore store;
  private final Layout layout;
  private final Counters counters;
  private @Nullable Reading reading;

  /** What this server has of the gauges asked for. */
  private record Reading(List<Key> keys, CompletableFuture<List<Batch>> batches) {}

  public GaugeLookup(
      GaugeLevels levels, Segments segments, PeriodStore store, Layout layout, Counters counters) {
    this.levels = levels;
    this.segments = segments;
    this.store = store;
    this.layout = layout;
    this.counters = counters;
  }

  /** Does what can be done without waiting for another thread; blocks on the store. */
  public void pass() {
    Map<Key, Long> asked = levels.asked();
    if (asked.isEmpty()) {
      reading = null;
      return;
    }
    Reading started = reading;
    if (started == null) {
      reading = read(new ArrayList<>(asked.keySet()));
    } else if (started.batches().isDone()) {
      reading = null;
      find(started, asked);
    }
  }

  private Reading read(List<Key> keys) {
    List<Series> series = keys.stream().map(key -> new Series(key, Kind.GAUGE)).toList();
    return new Reading(
        keys, segments.read(new SeriesQuery(series, Long.MIN_VALUE, Long.MAX_VALUE)));
  }

  private void find(Reading done, Map<Key, Long> asked) {
    if (done.batches().isCompletedExceptionally()) {
      return;
    }
    Map<Key, GaugeCell> own = gauges(done.batches().join());
    Map<Integer, Map<Key, GaugeCell>> stored = new HashMap<>();
    for (Key key : done.keys()) {
      Long sinceNs = asked.get(key);
      if (sinceNs == null) {
        continue;
      }
      GaugeCell cell = own.get(key);
      try {
        Map<Key, GaugeCell> shard =
            stored.computeIfAbsent(key.shard(layout.shards()), store::gauges);
        levels.found(key, later(cell, shard.get(key)));
      } catch (StoreException e) {
        counters.increment(ServerCounter.of(e.fault()));
        if (sinceNs < PATIENCE_NS) {
          return;
        }
        counters.increment(ServerCounter.GAUGES_NOT_FOUND_OUT);
        levels.found(key, cell);
      }
    }
  }

  private static @Nullable GaugeCell later(@Nullable GaugeCell a, @Nullable GaugeCell b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    a.merge(b);
    return a;
  }

  private static Map<Key, GaugeCell> gauges(List<Batch> batches) {
    Map<Key, GaugeCell> gauges = new HashMap<>();
    for (Batch batch : batches) {
      try {
        batch.forEach((series, cell) -> take(series.key(), cell, gauges));
      } catch (CorruptException e) {
        throw new IllegalStateException("a batch made here can't be read: " + batch, e);
      }
    }
    return gauges;
  }

  private static void take(Key key, Cell cell, Map<Key, GaugeCell> gauges) {
    if (cell instanceof GaugeCell gauge) {
      gauges.merge(
          key,
          gauge,
          (present, more) -> {
            present.merge(more);
            return present;
          });
    }
  }
}
