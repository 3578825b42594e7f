package org.skymetrics.ui.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;

/**
 * From which journals, so from which servers, the values of a short stretch come: the batches of
 * its periods, kept apart by the incarnation in their names. Read in the order in which batches
 * travel, the later place winning, as {@link QueryEngine} does. Blocks keep their batches apart for
 * as long as counts may be late; of what is older nothing is told.
 */
public final class Origins {
  /** As many periods are taken apart. */
  public static final int MAX_PERIODS = 10;

  /** Where a batch was found. */
  public enum Place {
    SERVER,
    MAILBOX,
    HISTORY
  }

  /**
   * What one journal gave.
   *
   * @param batches how many batches with any of the series, by where they are
   * @param cells what they hold of each series
   */
  public record Origin(long incarnation, Map<Place, Integer> batches, Map<Series, Cell> cells) {}

  private record Found(Batch batch, Place place) {}

  private final Layout layout;
  private final PeriodStore periods;
  private final HistoryStore history;

  public Origins(Layout layout, PeriodStore periods, HistoryStore history) {
    this.layout = layout;
    this.periods = periods;
    this.history = history;
  }

  /** Whether a stretch is short enough to be taken apart. */
  public boolean isShort(Range range) {
    return range.endMs() - range.startMs() <= MAX_PERIODS * layout.period().lengthMs();
  }

  /**
   * The origins of these series over a short range, in order of their incarnations.
   *
   * @param fromMembers what the servers told, asked before this call
   * @param damaged takes a sentence for each value of history that can't be read
   */
  public List<Origin> of(
      Collection<Series> series,
      Range range,
      Collection<Batch> fromMembers,
      Collection<String> damaged) {
    Set<ShardPeriod> places = places(series, range);
    Map<ShardPeriod, SortedMap<BatchName, Found>> found = new TreeMap<>();
    fromMembers.forEach(batch -> add(found, batch, Place.SERVER));
    for (ShardPeriod place : periods.waiting()) {
      if (places.contains(place)) {
        periods.mailbox(place).forEach(batch -> add(found, batch, Place.MAILBOX));
      }
    }
    addBlocks(found, places, damaged);
    Map<Long, Origin> origins = new TreeMap<>(Long::compareUnsigned);
    for (ShardPeriod place : places) {
      for (Found one : found.getOrDefault(place, Collections.emptySortedMap()).values()) {
        try {
          add(origins, one, series);
        } catch (CorruptException e) {
          damaged.add(Block.historyKey(place) + " can't be read: " + e.getMessage());
        }
      }
    }
    return List.copyOf(origins.values());
  }

  private Set<ShardPeriod> places(Collection<Series> series, Range range) {
    Set<ShardPeriod> places = new TreeSet<>();
    for (Series one : series) {
      int shard = one.key().shard(layout.shards());
      for (long t = range.startMs(); t < range.endMs(); t += layout.period().lengthMs()) {
        places.add(new ShardPeriod(shard, t));
      }
    }
    return places;
  }

  private static void add(
      Map<ShardPeriod, SortedMap<BatchName, Found>> found, Batch batch, Place place) {
    found
        .computeIfAbsent(batch.place(), p -> new TreeMap<>())
        .put(batch.name(), new Found(batch, place));
  }

  private void addBlocks(
      Map<ShardPeriod, SortedMap<BatchName, Found>> found,
      Set<ShardPeriod> places,
      Collection<String> damaged) {
    List<String> keys = new ArrayList<>();
    places.forEach(place -> keys.add(Block.historyKey(place)));
    Map<String, Versions> values = history.get(keys);
    for (ShardPeriod place : places) {
      Versions versions = values.get(Block.historyKey(place));
      for (byte[] value : versions == null ? List.<byte[]>of() : versions.values()) {
        try {
          Block.parse(place, value)
              .batches()
              .values()
              .forEach(batch -> add(found, batch, Place.HISTORY));
        } catch (CorruptException e) {
          damaged.add(Block.historyKey(place) + " can't be read: " + e.getMessage());
        }
      }
    }
  }

  /** Adds what a batch holds of the series; one that holds nothing of them is no origin. */
  private static void add(Map<Long, Origin> origins, Found one, Collection<Series> series)
      throws CorruptException {
    boolean holds = false;
    for (Series s : series) {
      Cell cell = one.batch().find(s);
      if (cell != null) {
        Origin origin = origin(origins, one);
        Cell present = origin.cells().putIfAbsent(s, cell);
        if (present != null) {
          present.merge(cell);
        }
        holds = true;
      }
    }
    if (holds) {
      origin(origins, one).batches().merge(one.place(), 1, Integer::sum);
    }
  }

  private static Origin origin(Map<Long, Origin> origins, Found one) {
    return origins.computeIfAbsent(
        one.batch().name().incarnation(),
        n -> new Origin(n, new EnumMap<>(Place.class), new TreeMap<>()));
  }
}
