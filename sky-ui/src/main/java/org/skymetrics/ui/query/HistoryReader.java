package org.skymetrics.ui.query;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * Reads catalogues, blocks and chunk files, many at a time.
 *
 * <p>The cache saves parsing, never reading. A batch may move from its mailbox to its block at any
 * moment, also to an old one after a long outage; a reader that saw it in no mailbox must see it in
 * the block, so a block that was read before the mailboxes is good for nothing. Therefore each
 * value is read anew for each answer, and the cache holds what the same bytes were parsed to:
 * inflating and checking a value costs many times what reading it does, and nearly all values stay
 * as they are.
 */
final class HistoryReader {
  private static final int ENTRY_OVERHEAD_BYTES = 200;

  private final HistoryStore history;
  private final Counters counters;
  private final Cache<String, Parsed> cache;

  HistoryReader(HistoryStore history, long cacheBytes, Counters counters) {
    this.history = history;
    this.counters = counters;
    this.cache =
        CacheBuilder.newBuilder()
            .maximumWeight(cacheBytes)
            .<String, Parsed>weigher((key, parsed) -> parsed.weight())
            .concurrencyLevel(4)
            .build();
  }

  /** The blocks of these places; an empty one where there is none or it can't be read. */
  Map<ShardPeriod, Block> blocks(Collection<ShardPeriod> places, Set<String> damaged) {
    Map<String, Versions> found = history.get(places.stream().map(Block::historyKey).toList());
    Map<ShardPeriod, Block> blocks = new HashMap<>();
    for (ShardPeriod place : places) {
      String key = Block.historyKey(place);
      Versions versions = found.get(key);
      Block block = Block.empty(place);
      if (versions != null && !versions.values().isEmpty()) {
        Parsed known = known(key, versions);
        block =
            known != null && known.value() instanceof Block same
                ? same
                : parseBlock(place, key, versions, damaged);
      }
      blocks.put(place, block);
    }
    return blocks;
  }

  private Block parseBlock(ShardPeriod place, String key, Versions versions, Set<String> damaged) {
    Block block = Block.empty(place);
    boolean good = true;
    for (byte[] value : versions.values()) {
      try {
        block = block.unite(Block.parse(place, value));
      } catch (CorruptException e) {
        good = false;
        noteDamage(key, e, damaged);
      }
    }
    if (good) {
      long bytes = 0;
      for (Batch batch : block.batches().values()) {
        bytes += batch.bytes().length + ENTRY_OVERHEAD_BYTES;
      }
      keep(key, versions, block, bytes);
    }
    return block;
  }

  /**
   * The catalogue of a shard.
   *
   * @throws CorruptException where it can't be read: what there is in history is not known then
   */
  Catalog catalog(int shard) throws CorruptException {
    String key = Catalog.historyKey(shard);
    Versions versions = history.get(key);
    if (versions.values().isEmpty()) {
      return Catalog.empty();
    }
    Parsed known = known(key, versions);
    if (known != null && known.value() instanceof Catalog same) {
      return same;
    }
    Catalog catalog = Catalog.empty();
    for (byte[] value : versions.values()) {
      catalog = catalog.unite(Catalog.parse(value));
    }
    keep(key, versions, catalog, 20L * versions.values().get(0).length);
    return catalog;
  }

  /** The siblings of chunk files; none where there is none, no entry where one can't be read. */
  Map<ChunkPlace, List<ChunkFile>> files(Collection<ChunkPlace> places, Set<String> damaged) {
    Map<ChunkPlace, List<ChunkFile>> files = new HashMap<>();
    Map<String, Versions> found = history.get(places.stream().map(ChunkPlace::historyKey).toList());
    for (ChunkPlace place : places) {
      String key = place.historyKey();
      Versions versions = found.get(key);
      if (versions == null || versions.values().isEmpty()) {
        files.put(place, List.of());
        continue;
      }
      Parsed known = known(key, versions);
      List<ChunkFile> siblings =
          known != null && known.value() instanceof Siblings same
              ? same.files()
              : parseFiles(place, key, versions, damaged);
      if (!siblings.isEmpty()) {
        files.put(place, siblings);
      }
    }
    return files;
  }

  private List<ChunkFile> parseFiles(
      ChunkPlace place, String key, Versions versions, Set<String> damaged) {
    List<ChunkFile> siblings = new ArrayList<>(1);
    long bytes = 0;
    for (byte[] value : versions.values()) {
      try {
        ChunkFile file = ChunkFile.parse(place, value);
        siblings.add(file);
        bytes += file.footprintBytes();
      } catch (CorruptException e) {
        noteDamage(key, e, damaged);
      }
    }
    if (siblings.size() == versions.values().size()) {
      keep(key, versions, new Siblings(List.copyOf(siblings)), bytes);
    }
    return siblings;
  }

  /** The files of one key. */
  private record Siblings(List<ChunkFile> files) {}

  /** What was deleted of these shards. */
  Map<Integer, DeletionList> deletions(Collection<Integer> shards, Set<String> damaged) {
    Map<String, Versions> found =
        history.get(shards.stream().map(DeletionList::historyKey).toList());
    Map<Integer, DeletionList> lists = new HashMap<>();
    for (int shard : shards) {
      String key = DeletionList.historyKey(shard);
      Versions versions = found.get(key);
      if (versions != null && !versions.values().isEmpty()) {
        Parsed known = known(key, versions);
        lists.put(
            shard,
            known != null && known.value() instanceof DeletionList same
                ? same
                : parseDeletions(key, versions, damaged));
      }
    }
    return lists;
  }

  private DeletionList parseDeletions(String key, Versions versions, Set<String> damaged) {
    DeletionList list = DeletionList.empty();
    boolean good = true;
    for (byte[] value : versions.values()) {
      try {
        list = list.with(DeletionList.parse(value).untilMs());
      } catch (CorruptException e) {
        good = false;
        noteDamage(key, e, damaged);
      }
    }
    if (good) {
      keep(key, versions, list, (long) ENTRY_OVERHEAD_BYTES * list.untilMs().size());
    }
    return list;
  }

  /** Notes that a value could not be read: in the counters, and for the answer. */
  void noteDamage(String key, CorruptException e, Set<String> damaged) {
    counters.count(UiCounter.DAMAGED_VALUES);
    damaged.add("history: " + key + " can't be read: " + e.getMessage());
  }

  private @Nullable Parsed known(String key, Versions versions) {
    Parsed parsed = cache.getIfPresent(key);
    boolean same = parsed != null && parsed.isOf(versions.values());
    counters.count(same ? UiCounter.CACHE_HITS : UiCounter.CACHE_MISSES);
    return same ? parsed : null;
  }

  private void keep(String key, Versions versions, Object value, long bytes) {
    long weight = bytes + key.length() + ENTRY_OVERHEAD_BYTES;
    for (byte[] raw : versions.values()) {
      weight += raw.length;
    }
    cache.put(key, new Parsed(versions.values(), value, (int) Math.min(Integer.MAX_VALUE, weight)));
  }

  /** What the values of a key were parsed to. */
  private record Parsed(List<byte[]> raw, Object value, int weight) {
    boolean isOf(List<byte[]> values) {
      if (raw.size() != values.size()) {
        return false;
      }
      for (int i = 0; i < raw.size(); i++) {
        if (!Arrays.equals(raw.get(i), values.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
