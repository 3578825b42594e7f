package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * Deletes series from history, beside rollups that run.
 *
 * <p>A batch is never changed: under its name there are just those bytes, in mailboxes, journals,
 * siblings and backups that nobody could all find. So what is written is a {@link DeletionList}: a
 * series is gone up to a time, for all that read, and for rollups when they make something anew.
 * What a series counts from that time on is a new beginning.
 */
public final class KeyDeletion {
  private static final int TRIES = 20;

  private final HistoryStore history;
  private final int shards;

  public KeyDeletion(HistoryStore history, int shards) {
    this.history = history;
    this.shards = shards;
  }

  /** Series that are to go, by shard. */
  public record Plan(SortedMap<Integer, List<Series>> series) {
    public Plan {
      series = Collections.unmodifiableSortedMap(new TreeMap<>(series));
    }

    public int size() {
      return series.values().stream().mapToInt(List::size).sum();
    }

    /** How many there are of each kind. */
    public Map<Kind, Integer> byKind() {
      Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
      series.values().forEach(some -> some.forEach(s -> counts.merge(s.kind(), 1, Integer::sum)));
      return counts;
    }
  }

  /**
   * The series of the key lists of history that match.
   *
   * @param below whether those below a key that matches go too
   * @param kind only those of this kind; null: of all
   * @param shardsDone told how many shards were read
   * @throws CorruptException where a list can't be read
   */
  public Plan plan(KeyPattern pattern, boolean below, @Nullable Kind kind, IntConsumer shardsDone)
      throws CorruptException {
    SortedMap<Integer, List<Series>> series = new TreeMap<>();
    for (int shard = 0; shard < shards; shard++) {
      List<Series> found = new ArrayList<>();
      for (Series s : keys(shard).lastSeenMs().keySet()) {
        if ((kind == null || s.kind() == kind) && matches(pattern, s.key(), below)) {
          found.add(s);
        }
      }
      if (!found.isEmpty()) {
        series.put(shard, found);
      }
      shardsDone.accept(shard + 1);
    }
    return new Plan(series);
  }

  private static boolean matches(KeyPattern pattern, Key key, boolean below) {
    if (pattern.matches(key)) {
      return true;
    }
    for (int i = key.length() - 1; below && i > 0; i--) {
      if ((key.byteAt(i) == '|' || key.byteAt(i) == '>')
          && pattern.matches(Key.ofChecked(key.toBytes(), 0, i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Deletes what was planned; it may be repeated.
   *
   * @param untilMs the start of the first period that counts again, ms
   * @param shardsDone told how many of the plan's shards are done
   * @throws CorruptException where a list can't be read; those of the shards before it are written
   */
  public void delete(Plan plan, long untilMs, IntConsumer shardsDone) throws CorruptException {
    int done = 0;
    for (Map.Entry<Integer, List<Series>> entry : plan.series().entrySet()) {
      Map<Series, Long> until = new HashMap<>();
      entry.getValue().forEach(series -> until.put(series, untilMs));
      add(entry.getKey(), until);
      settleKeys(entry.getKey());
      shardsDone.accept(++done);
    }
  }

  /** Writes until it is read back: a put that has not seen all siblings may leave old ones. */
  private void add(int shard, Map<Series, Long> untilMs) throws CorruptException {
    String key = DeletionList.historyKey(shard);
    for (int tries = 0; tries < TRIES; tries++) {
      Versions versions = history.get(key);
      DeletionList present = deletions(versions);
      DeletionList united = present.with(untilMs);
      if (versions.values().size() == 1 && united.untilMs().equals(present.untilMs())) {
        return;
      }
      history.put(key, united.toBytes(), versions.context());
    }
    throw new IllegalStateException(
        key + " in " + history.describe() + " does not come to rest; others write it all the time");
  }

  /** Takes what is deleted out of the key list, too. A sibling that comes back is passed over. */
  private void settleKeys(int shard) throws CorruptException {
    String key = KeyList.historyKey(shard);
    for (int tries = 0; tries < TRIES; tries++) {
      Versions versions = history.get(key);
      KeyList present = keys(versions);
      KeyList rest = present.without(deletions(history.get(DeletionList.historyKey(shard))));
      boolean settled = versions.values().size() < 2;
      if (settled && rest.lastSeenMs().size() == present.lastSeenMs().size()) {
        return;
      }
      history.put(key, rest.toBytes(), versions.context());
    }
  }

  /** The series of a shard, without those that are deleted. */
  KeyList keys(int shard) throws CorruptException {
    return keys(history.get(KeyList.historyKey(shard)))
        .without(deletions(history.get(DeletionList.historyKey(shard))));
  }

  static KeyList keys(Versions versions) throws CorruptException {
    KeyList list = KeyList.empty();
    for (byte[] value : versions.values()) {
      list = list.with(KeyList.parse(value).lastSeenMs());
    }
    return list;
  }

  static DeletionList deletions(Versions versions) throws CorruptException {
    DeletionList list = DeletionList.empty();
    for (byte[] value : versions.values()) {
      list = list.with(DeletionList.parse(value).untilMs());
    }
    return list;
  }
}
