package org.skymetrics.ui.query;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * Reads catalogues, blocks and chunk files, many at a time.
 *
 * <p>The cache saves parsing, never asking. A batch may move from its mailbox to its block at any
 * moment, also to an old one after a long outage; a reader that saw it in no mailbox must see it in
 * the block, so a block that was read before the mailboxes is good for nothing. Therefore the store
 * is asked for each value anew for each answer, and the cache holds what the same siblings were
 * parsed to: inflating and checking a value costs many times what reading it does, and nearly all
 * values stay as they are. A store that can tell that by the context alone sends none of them.
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
    Map<String, Found> all = find(places.stream().map(Block::historyKey).toList());
    Map<ShardPeriod, Block> blocks = new HashMap<>();
    for (ShardPeriod place : places) {
      String key = Block.historyKey(place);
      Found found = all.getOrDefault(key, Found.NOTHING);
      blocks.put(
          place,
          found.parsed() instanceof Block same
              ? same
              : parseBlock(place, key, found.versions(), damaged));
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
    if (good && !versions.values().isEmpty()) {
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
    return catalog(key, find(List.of(key)).getOrDefault(key, Found.NOTHING));
  }

  /** The catalogues of these shards; without those that can't be read. */
  Map<Integer, Catalog> catalogs(Collection<Integer> shards, Set<String> damaged) {
    Map<String, Found> all = find(shards.stream().map(Catalog::historyKey).toList());
    Map<Integer, Catalog> catalogs = new HashMap<>();
    for (int shard : shards) {
      String key = Catalog.historyKey(shard);
      try {
        catalogs.put(shard, catalog(key, all.getOrDefault(key, Found.NOTHING)));
      } catch (CorruptException e) {
        noteDamage("shard " + shard, e, damaged);
      }
    }
    return catalogs;
  }

  private Catalog catalog(String key, Found found) throws CorruptException {
    if (found.isNothing()) {
      return Catalog.empty();
    }
    if (found.parsed() instanceof Catalog same) {
      return same;
    }
    Versions versions = found.versions();
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
    Map<String, Found> all = find(places.stream().map(ChunkPlace::historyKey).toList());
    for (ChunkPlace place : places) {
      String key = place.historyKey();
      Found found = all.getOrDefault(key, Found.NOTHING);
      if (found.isNothing()) {
        files.put(place, List.of());
        continue;
      }
      List<ChunkFile> siblings =
          found.parsed() instanceof Siblings same
              ? same.files()
              : parseFiles(place, key, found.versions(), damaged);
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
    Map<String, Found> all = find(shards.stream().map(DeletionList::historyKey).toList());
    Map<Integer, DeletionList> lists = new HashMap<>();
    for (int shard : shards) {
      String key = DeletionList.historyKey(shard);
      Found found = all.getOrDefault(key, Found.NOTHING);
      if (!found.isNothing()) {
        lists.put(
            shard,
            found.parsed() instanceof DeletionList same
                ? same
                : parseDeletions(key, found.versions(), damaged));
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

  /** What the store has of a key now: no values, or such that were parsed, or that are to be. */
  private record Found(Versions versions, @Nullable Object parsed) {
    static final Found NOTHING = new Found(new Versions(List.of(), Context.NONE), null);

    boolean isNothing() {
      return parsed == null && versions.values().isEmpty();
    }
  }

  /** Asks the store for all of these now. */
  private Map<String, Found> find(Collection<String> keys) {
    Map<String, Parsed> cached = new HashMap<>();
    Map<String, Context> known = new LinkedHashMap<>();
    for (String key : keys) {
      Parsed parsed = cache.getIfPresent(key);
      if (parsed != null) {
        cached.put(key, parsed);
      }
      known.put(key, parsed == null ? Context.NONE : parsed.versions().context());
    }
    Map<String, Versions> changed = history.changed(known);
    Map<String, Found> all = new HashMap<>();
    for (String key : known.keySet()) {
      all.put(key, found(changed.get(key), cached.get(key)));
    }
    return all;
  }

  private Found found(@Nullable Versions changed, @Nullable Parsed cached) {
    if (changed == null) {
      if (cached != null) {
        counters.count(UiCounter.CACHE_HITS);
        return new Found(cached.versions(), cached.value());
      }
      return Found.NOTHING;
    }
    if (changed.values().isEmpty()) {
      return Found.NOTHING;
    }
    boolean same = cached != null && cached.isOf(changed.values());
    counters.count(same ? UiCounter.CACHE_HITS : UiCounter.CACHE_MISSES);
    return new Found(changed, same && cached != null ? cached.value() : null);
  }

  private void keep(String key, Versions versions, Object value, long bytes) {
    long weight = bytes + key.length() + ENTRY_OVERHEAD_BYTES;
    for (byte[] raw : versions.values()) {
      weight += raw.length;
    }
    cache.put(key, new Parsed(versions, value, (int) Math.min(Integer.MAX_VALUE, weight)));
  }

  /** What the values of a key were parsed to. */
  private record Parsed(Versions versions, Object value, int weight) {
    boolean isOf(List<byte[]> values) {
      List<byte[]> raw = versions.values();
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
