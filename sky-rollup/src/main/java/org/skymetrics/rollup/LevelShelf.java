package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.Level;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The levels in history: each a pure function of the blocks of its window.
 *
 * <p>The level's context is read <em>before</em> the blocks. Whatever that context has seen was
 * made from blocks of an earlier moment, and blocks only grow, so the new level covers all that it
 * replaces. A level that another rollup wrote in between is not in the context and stays as a
 * sibling. Of two rollups at once, the one whose blocks were written first has them read by the
 * other, so one of the siblings always covers the rest.
 */
final class LevelShelf {
  private static final Logger LOG = LoggerFactory.getLogger(LevelShelf.class);

  private final HistoryStore history;
  private final Counters counters;
  private final FirstTimes firstTimes;

  LevelShelf(HistoryStore history, Counters counters, FirstTimes firstTimes) {
    this.history = history;
    this.counters = counters;
    this.firstTimes = firstTimes;
  }

  /** What is there of a level; to be read before the blocks it is to be made from. */
  Present read(Level.Window window) {
    Versions versions = history.get(window.historyKey());
    List<Level> levels = new ArrayList<>();
    for (byte[] value : versions.values()) {
      try {
        levels.add(Level.parse(window, value));
      } catch (CorruptException e) {
        counters.count(RollupCounter.LEVELS_DAMAGED);
        if (firstTimes.isFirst(window.historyKey())) {
          LOG.warn(
              "{} in {} can't be read and is made again from its blocks: {}",
              window.historyKey(),
              history.describe(),
              e.getMessage());
        }
      }
    }
    return new Present(window, versions, levels);
  }

  /** Writes the level of these blocks, where it is not there already. */
  void write(Present present, long periodMs, SortedMap<ShardPeriod, Block> blocks)
      throws DamagedValueException {
    SortedSet<Level.Source> sources = sources(blocks);
    requireCovered(present, sources);
    Level same = present.madeFrom(sources);
    byte[] bytes = same == null ? make(present.window(), periodMs, blocks) : same.bytes();
    if (!present.isAlready(bytes)) {
      history.put(present.window().historyKey(), bytes, present.versions().context());
      counters.count(RollupCounter.LEVELS_WRITTEN);
    }
  }

  private static SortedSet<Level.Source> sources(SortedMap<ShardPeriod, Block> blocks) {
    SortedSet<Level.Source> sources = new TreeSet<>();
    blocks.forEach(
        (place, block) -> {
          for (BatchName name : block.batches().keySet()) {
            sources.add(new Level.Source(place.startMs(), name));
          }
        });
    return sources;
  }

  /** A level may be the last trace of a block that history has lost. */
  private static void requireCovered(Present present, SortedSet<Level.Source> sources)
      throws DamagedValueException {
    for (Level level : present.levels()) {
      if (!sources.containsAll(level.sources())) {
        throw new DamagedValueException(
            RollupCounter.LEVELS_AHEAD,
            present.window().historyKey() + " was made from batches that its blocks do not have");
      }
    }
  }

  private static byte[] make(
      Level.Window window, long periodMs, SortedMap<ShardPeriod, Block> blocks)
      throws DamagedValueException {
    try {
      return Level.of(window, periodMs, blocks.values()).bytes();
    } catch (CorruptException e) {
      throw new DamagedValueException(
          RollupCounter.BATCHES_DAMAGED,
          "a block of " + window.historyKey() + ": " + e.getMessage());
    }
  }

  /** A level as it was found: its siblings, and those of them that could be read. */
  record Present(Level.Window window, Versions versions, List<Level> levels) {
    @Nullable Level madeFrom(SortedSet<Level.Source> sources) {
      for (Level level : levels) {
        if (level.sources().equals(sources)) {
          return level;
        }
      }
      return null;
    }

    boolean isAlready(byte[] bytes) {
      return versions.values().size() == 1 && Arrays.equals(versions.values().get(0), bytes);
    }
  }
}
