package org.skymetrics.rollup;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key lists in history: the series of each shard. A list is written when it gains a series, and
 * for its times alone only when one would be {@link #STALE_MS} behind: each period would rewrite
 * the whole list otherwise.
 *
 * <p>A list that can't be read is kept under {@code damaged/} before it is replaced: series that
 * are still counted come back by themselves, the others can be had from the copy.
 */
final class KeyListShelf {
  /** How far the time of a series in its list may lie behind. */
  static final long STALE_MS = Duration.ofMinutes(10).toMillis();

  private static final Logger LOG = LoggerFactory.getLogger(KeyListShelf.class);

  private final HistoryStore history;
  private final Counters counters;

  KeyListShelf(HistoryStore history, Counters counters) {
    this.history = history;
    this.counters = counters;
  }

  /** Unites the list of a shard with the series of batches that can be read. */
  void add(int shard, Collection<Batch> batches) {
    String key = KeyList.historyKey(shard);
    DeletionList deleted = deletions(shard);
    Versions versions = history.get(key);
    boolean isPlain = deleted.untilMs().isEmpty() && versions.values().size() == 1;
    if (isPlain && (hasAll(versions, batches) || addAlone(key, versions, batches))) {
      return;
    }
    Map<Series, Long> counted = seenMs(batches);
    counted.entrySet().removeIf(seen -> deleted.isDeleted(seen.getKey(), seen.getValue()));
    boolean settled = versions.values().size() == 1;
    KeyList list = KeyList.empty();
    for (byte[] value : versions.values()) {
      try {
        list = list.with(KeyList.parse(value).lastSeenMs());
      } catch (CorruptException e) {
        keepDamaged(key, value, e);
        settled = false;
      }
    }
    KeyList rest = list.without(deleted);
    if (!settled || brings(rest, counted)) {
      history.put(key, rest.with(counted).toBytes(), versions.context());
      counters.count(RollupCounter.KEY_LISTS_WRITTEN);
    }
  }

  /** How many series a shard has had, about: what can't be read is left out. */
  int size(int shard) {
    int size = 0;
    for (byte[] value : history.get(KeyList.historyKey(shard)).values()) {
      try {
        size = Math.max(size, KeyList.parse(value).lastSeenMs().size());
      } catch (CorruptException e) {
        // The next batch keeps it aside and says so; a size is only for the number of parts.
        counters.count(RollupCounter.KEY_LISTS_DAMAGED);
      }
    }
    return size;
  }

  /** What was deleted of a shard: a batch that comes late does not bring it back. */
  DeletionList deletions(int shard) {
    String key = DeletionList.historyKey(shard);
    DeletionList deleted = DeletionList.empty();
    for (byte[] value : history.get(key).values()) {
      try {
        deleted = deleted.with(DeletionList.parse(value).untilMs());
      } catch (CorruptException e) {
        counters.count(RollupCounter.DELETIONS_DAMAGED);
        LOG.warn("{} in {} can't be read: {}", key, history.describe(), e.getMessage());
      }
    }
    return deleted;
  }

  /** Whether the only list is about as good as with these: the usual case. */
  private static boolean hasAll(Versions versions, Collection<Batch> batches) {
    try {
      return KeyList.covers(versions.values().get(0), batches, STALE_MS);
    } catch (CorruptException e) {
      // It is read again, and kept aside then.
      return false;
    }
  }

  /** Adds the only batch to the only list, where there is just one of each, and it can be read. */
  private boolean addAlone(String key, Versions versions, Collection<Batch> batches) {
    if (batches.size() != 1) {
      return false;
    }
    byte[] list;
    try {
      list = KeyList.with(versions.values().get(0), batches.iterator().next());
    } catch (CorruptException e) {
      // It is read again, and kept aside then.
      return false;
    }
    history.put(key, list, versions.context());
    counters.count(RollupCounter.KEY_LISTS_WRITTEN);
    return true;
  }

  /** The series of batches, each with the start of the last of their periods, ms. */
  private static Map<Series, Long> seenMs(Collection<Batch> batches) {
    Map<Series, Long> seen = new HashMap<>();
    for (Batch batch : batches) {
      try {
        batch.forEach((series, cell) -> seen.merge(series, batch.place().startMs(), Math::max));
      } catch (CorruptException e) {
        throw new IllegalArgumentException(batch + " can't be read: " + e.getMessage(), e);
      }
    }
    return seen;
  }

  private static boolean brings(KeyList list, Map<Series, Long> seenMs) {
    for (Map.Entry<Series, Long> entry : seenMs.entrySet()) {
      Long present = list.lastSeenMs().get(entry.getKey());
      if (present == null || entry.getValue() - present >= STALE_MS) {
        return true;
      }
    }
    return false;
  }

  private void keepDamaged(String key, byte[] value, CorruptException fault) {
    CRC32C crc = new CRC32C();
    crc.update(value);
    String copy = "damaged/" + key + "/" + Long.toHexString(crc.getValue());
    if (history.get(copy).values().isEmpty()) {
      history.put(copy, value, Context.NONE);
    }
    counters.count(RollupCounter.KEY_LISTS_DAMAGED);
    LOG.warn(
        "{} in {} can't be read ({}); it is kept as {} and begun anew",
        key,
        history.describe(),
        fault.getMessage(),
        copy);
  }
}
