package org.skymetrics.cli.history;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.block.Level;
import org.skymetrics.store.dashboard.Dashboards;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.store.period.Layout;

/**
 * Copies all values of history into one file, while rollups run.
 *
 * <p>What is made from something is copied before it: a level never has more than the blocks that
 * are copied after it, and a key list comes after the blocks whose series it names. What comes into
 * history while this runs may be in the copy or not.
 */
public final class HistoryBackup {
  private static final int AT_ONCE = 64;

  private final HistoryStore store;
  private final Layout layout;
  private final Clock clock;
  private final WholeHistory history;
  private final BooleanSupplier goOn;
  private final AtomicLong values = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile long fromMs;
  private volatile long toMs;
  private volatile long atMs;

  public HistoryBackup(HistoryStore store, Layout layout, Clock clock, BooleanSupplier goOn) {
    this.store = store;
    this.layout = layout;
    this.clock = clock;
    this.history = new WholeHistory(store, layout, clock);
    this.goOn = goOn;
  }

  /** Writes the copy. */
  public void run(OutputStream target) throws IOException {
    Archive.Writer out = new Archive.Writer(target, layout);
    toMs = Period.floor(clock.wallMs(), WholeHistory.DAY_MS) + 2 * WholeHistory.DAY_MS;
    fromMs = history.beginMs();
    for (long day = fromMs; day < toMs && goOn.getAsBoolean(); day += WholeHistory.DAY_MS) {
      atMs = day;
      for (int shard = 0; shard < layout.shards(); shard++) {
        copyDay(shard, day, out);
      }
    }
    List<String> lists = new ArrayList<>();
    for (int shard = 0; shard < layout.shards(); shard++) {
      lists.add(KeyList.historyKey(shard));
    }
    for (int shard = 0; shard < layout.shards(); shard++) {
      lists.add(DeletionList.historyKey(shard));
    }
    // An annotation may be older than the first count.
    long day = Math.max(0, fromMs - Annotation.MAX_SPAN_MS);
    for (; day < toMs; day += WholeHistory.DAY_MS) {
      lists.add(Annotations.historyKey(day));
    }
    lists.add(Dashboards.HISTORY_KEY);
    copy(lists, out);
    if (goOn.getAsBoolean()) {
      out.end();
    }
  }

  private void copyDay(int shard, long day, Archive.Writer out) throws IOException {
    List<String> keys = new ArrayList<>();
    long end = day + WholeHistory.DAY_MS;
    for (long at = day; at < end; at += Level.FIVE_MINUTES_MS) {
      keys.add(new Level.Window(shard, at, Level.FIVE_MINUTES_MS).historyKey());
    }
    for (long at = day; at < end; at += layout.period().lengthMs()) {
      keys.add(Block.historyKey(new ShardPeriod(shard, at)));
    }
    copy(keys, out);
  }

  private void copy(List<String> keys, Archive.Writer out) throws IOException {
    for (int from = 0; from < keys.size() && goOn.getAsBoolean(); from += AT_ONCE) {
      List<String> some = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
      for (Map.Entry<String, Versions> entry : store.get(some).entrySet()) {
        for (byte[] value : entry.getValue().values()) {
          out.add(entry.getKey(), value);
          values.incrementAndGet();
          bytes.addAndGet(value.length);
        }
      }
    }
  }

  /** What was copied, for people. */
  public String summary() {
    return values + " values, " + bytes + " bytes";
  }

  /** Where the work stands, for people. */
  public String progress() {
    return Span.progress("copied", fromMs, toMs, atMs) + ", " + summary();
  }
}
