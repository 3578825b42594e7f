package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * The blocks in history. A block only ever grows: what is written is the union of all siblings that
 * were read and the new batches, and it replaces just those siblings. A writer that is stale leaves
 * what it has not seen beside its own value, and the next reader unites the two.
 *
 * <p>A block with a sibling that can't be read is not written at all: to replace it would be to
 * throw away what an operator may still be able to save.
 */
final class BlockShelf {
  private final HistoryStore history;
  private final Counters counters;

  BlockShelf(HistoryStore history, Counters counters) {
    this.history = history;
    this.counters = counters;
  }

  /** Unites batches with the blocks of their places; writes those that change. */
  void add(SortedMap<ShardPeriod, List<Batch>> batches) throws DamagedValueException {
    for (Map.Entry<ShardPeriod, Found> entry : find(batches.keySet()).entrySet()) {
      ShardPeriod place = entry.getKey();
      Found found = entry.getValue();
      List<Batch> more = batches.getOrDefault(place, List.of());
      countConflicts(found.block(), more);
      Block united = found.block().with(more);
      byte[] bytes = united.toBytes();
      if (!found.isAlready(bytes)) {
        history.put(Block.historyKey(place), bytes, found.versions().context());
        counters.count(RollupCounter.BLOCKS_WRITTEN);
      }
    }
  }

  /** The blocks of these places, siblings united; those that there are, in order. */
  SortedMap<ShardPeriod, Block> read(Collection<ShardPeriod> places) throws DamagedValueException {
    SortedMap<ShardPeriod, Block> blocks = new TreeMap<>();
    find(places)
        .forEach(
            (place, found) -> {
              if (!found.versions().values().isEmpty()) {
                blocks.put(place, found.block());
              }
            });
    return blocks;
  }

  /**
   * Removes the blocks of these places, just what is read here of them, where they may go.
   *
   * @return the places whose blocks stay
   */
  List<ShardPeriod> remove(Collection<ShardPeriod> places, Predicate<Block> removable)
      throws DamagedValueException {
    List<ShardPeriod> staying = new ArrayList<>();
    for (Map.Entry<ShardPeriod, Found> entry : find(places).entrySet()) {
      Found found = entry.getValue();
      if (!found.versions().values().isEmpty()) {
        if (removable.test(found.block())) {
          history.delete(Block.historyKey(entry.getKey()), found.versions().context());
          counters.count(RollupCounter.BLOCKS_RETIRED);
        } else {
          staying.add(entry.getKey());
        }
      }
    }
    return staying;
  }

  private Map<ShardPeriod, Found> find(Collection<ShardPeriod> places)
      throws DamagedValueException {
    Map<String, Versions> all = history.get(places.stream().map(Block::historyKey).toList());
    Map<ShardPeriod, Found> found = new LinkedHashMap<>();
    for (ShardPeriod place : places) {
      Versions versions = all.get(Block.historyKey(place));
      if (versions == null) {
        throw new IllegalStateException(history.describe() + " left out a key it was asked for");
      }
      found.put(place, new Found(versions, unite(place, versions)));
    }
    return found;
  }

  private Block unite(ShardPeriod place, Versions versions) throws DamagedValueException {
    Block block = Block.empty(place);
    for (byte[] value : versions.values()) {
      try {
        Block sibling = Block.parse(place, value);
        countConflicts(block, sibling.batches().values());
        block = block.unite(sibling);
      } catch (CorruptException e) {
        throw new DamagedValueException(
            RollupCounter.BLOCKS_DAMAGED, Block.historyKey(place) + ": " + e.getMessage());
      }
    }
    return block;
  }

  private void countConflicts(Block block, Collection<Batch> more) {
    for (Batch batch : more) {
      Batch present = block.batches().get(batch.name());
      if (present != null && !Arrays.equals(present.bytes(), batch.bytes())) {
        counters.count(RollupCounter.BATCHES_IN_CONFLICT);
      }
    }
  }

  /** What history has at one place. */
  private record Found(Versions versions, Block block) {
    boolean isAlready(byte[] bytes) {
      return versions.values().size() == 1 && Arrays.equals(versions.values().get(0), bytes);
    }
  }
}
