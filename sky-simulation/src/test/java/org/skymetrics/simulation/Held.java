package org.skymetrics.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.CatalogShelf;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.chunk.StoredKeys;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;

/**
 * What history holds. The values are what the query engine says, whatever they are read from, at
 * each level; the names of batches are those in blocks and files.
 */
final class Held {
  /** The levels above the periods. */
  static final List<Long> LEVELS_MS = List.of(Span.FIVE_MINUTES_MS, Span.HOUR_MS, Span.DAY_MS);

  /** What a series has in a step of time. */
  record Step(Cell cell, Swing swing) {}

  private final World world;
  private final Layout layout;
  private final HistoryStore store;
  private final Set<Series> listed = new HashSet<>();
  private final SortedMap<ShardPeriod, Set<BatchName>> names = new TreeMap<>();
  private final Map<Long, SortedMap<Long, SortedMap<Series, Step>>> byLevel = new TreeMap<>();

  private Held(World world) {
    this.world = world;
    this.layout = world.scenario().layout();
    this.store = world.newHistoryStore();
  }

  static Held read(World world) throws CorruptException {
    Held held = new Held(world);
    for (int shard = 0; shard < held.layout.shards(); shard++) {
      held.readLists(shard);
      held.walk(shard);
    }
    held.ask(held.layout.period().lengthMs());
    for (long level : LEVELS_MS) {
      held.ask(level);
    }
    return held;
  }

  private void readLists(int shard) throws CorruptException {
    for (byte[] value : store.get(KeyList.historyKey(shard)).values()) {
      for (Series series : KeyList.parse(value).lastSeenMs().keySet()) {
        requireShard(series, shard);
        listed.add(series);
      }
    }
  }

  private void requireShard(Series series, int shard) {
    if (series.key().shard(layout.shards()) != shard) {
      throw world.timeline().fail(series + " is in another shard");
    }
  }

  /** Reads all blocks and files to their ends, and notes of which batches they are. */
  private void walk(int shard) throws CorruptException {
    Catalog catalog = new CatalogShelf(store).read(shard);
    Map<ShardPeriod, Set<BatchName>> inBlocks = new TreeMap<>();
    for (String key : world.riak().keys("block/" + shard + "/")) {
      ShardPeriod place = placeOf(key);
      for (byte[] value : world.riak().get(key).values()) {
        Block block = Block.parse(place, value);
        block.cells().keySet().forEach(series -> requireListed(series, key));
        inBlocks.computeIfAbsent(place, p -> new HashSet<>()).addAll(block.names());
      }
    }
    StoredKeys stored = new StoredKeys(shard, layout.period());
    for (Span span : Span.values()) {
      for (Map.Entry<Long, Catalog.Files> files : catalog.files(span).entrySet()) {
        for (ChunkPlace place : stored.places(span, files.getKey(), files.getValue())) {
          walk(place);
        }
      }
    }
    inBlocks.forEach((place, ofBlock) -> requireOnItsWay(place, ofBlock, catalog));
    inBlocks.forEach((place, ofBlock) -> names(place).addAll(ofBlock));
  }

  /** The place of the block that has this key. */
  static ShardPeriod placeOf(String blockKey) {
    String[] parts = blockKey.split("/", -1);
    return new ShardPeriod(Integer.parseInt(parts[1]), Long.parseLong(parts[2]) * 1000);
  }

  private void walk(ChunkPlace place) throws CorruptException {
    String key = place.historyKey();
    for (ChunkFile file :
        ChunkVersions.read(store, List.of(place)).values().iterator().next().siblings()) {
      file.forEach((series, points) -> requireListed(series, key));
      for (long period : file.names().periods()) {
        names(new ShardPeriod(place.shard(), period)).addAll(file.names().at(period));
      }
    }
  }

  private Set<BatchName> names(ShardPeriod place) {
    return names.computeIfAbsent(place, p -> new HashSet<>());
  }

  private void requireListed(Series series, String where) {
    if (!listed.contains(series)) {
      throw world.timeline().fail(series + " is in " + where + ", but in no key list");
    }
  }

  /** What is in a block is in the files of its hour or day, or they are to be made again. */
  private void requireOnItsWay(ShardPeriod place, Set<BatchName> ofBlock, Catalog catalog) {
    long window = Period.floor(place.startMs(), Span.FIVE_MINUTES_MS);
    if (!catalog.isMarked(Span.HOUR, window, window + Span.FIVE_MINUTES_MS)
        && !names(place).containsAll(ofBlock)) {
      throw world.timeline().fail("there are blocks without a file: " + place);
    }
  }

  private void ask(long stepMs) {
    QueryEngine engine =
        new QueryEngine(
            layout,
            world.newPeriodStore(),
            store,
            NodeClock.right(world.timeline()),
            1 << 20,
            Duration.ofHours(1),
            new Counters());
    long fromMs = Period.floor(NodeClock.START_MS, Span.DAY_MS) - Span.DAY_MS;
    Range range = new Range(fromMs, fromMs + 4 * Span.DAY_MS, stepMs);
    Answer answer = engine.answer(new ArrayList<>(listed), range, List.of());
    if (!answer.damaged().isEmpty()) {
      throw world.timeline().fail("history can't be read: " + answer.damaged());
    }
    SortedMap<Long, SortedMap<Series, Step>> found = new TreeMap<>();
    for (Answer.Line line : answer.lines()) {
      for (Point point : line.points()) {
        found
            .computeIfAbsent(point.timeMs(), t -> new TreeMap<>())
            .put(line.series(), new Step(point.cell(), point.swing()));
      }
    }
    byLevel.put(stepMs, found);
  }

  /** The names of the batches that history has of a place. */
  Set<BatchName> namesAt(ShardPeriod place) {
    return names.getOrDefault(place, Set.of());
  }

  /** All that history has at a level, or of the periods, by time. */
  SortedMap<Long, SortedMap<Series, Step>> at(long resolutionMs) {
    return byLevel.getOrDefault(resolutionMs, new TreeMap<>());
  }

  /** The cells that history has at a level, or of the periods, by time. */
  SortedMap<Long, TreeMap<Series, Cell>> cells(long resolutionMs) {
    SortedMap<Long, TreeMap<Series, Cell>> cells = new TreeMap<>();
    at(resolutionMs)
        .forEach(
            (time, steps) -> {
              TreeMap<Series, Cell> here = new TreeMap<>();
              steps.forEach((series, step) -> here.put(series, step.cell()));
              cells.put(time, here);
            });
    return cells;
  }
}
