package org.skymetrics.cli.history;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.StoredKeys;
import org.skymetrics.store.dashboard.Dashboards;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.store.period.Layout;

/**
 * Copies all values of history into one file, while rollups run.
 *
 * <p>A shard is copied in the order in which its data moves, from blocks to months; then what its
 * catalogue names otherwise than before, until it has come to rest, and last that catalogue. So the
 * copy holds all that its catalogue names, and each batch that was there when the copying began.
 * What comes into history while this runs may be in the copy or not.
 */
public final class HistoryBackup {
  private static final int AT_ONCE = 64;
  private static final int MOST_TRIES = 100;

  private final HistoryStore store;
  private final Layout layout;
  private final Clock clock;
  private final WholeHistory history;
  private final BooleanSupplier goOn;
  private final AtomicLong values = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile int atShard;

  public HistoryBackup(HistoryStore store, Layout layout, Clock clock, BooleanSupplier goOn) {
    this.store = store;
    this.layout = layout;
    this.clock = clock;
    this.history = new WholeHistory(store, layout, clock);
    this.goOn = goOn;
  }

  /**
   * Writes the copy.
   *
   * @throws CorruptException where a catalogue can't be read
   * @throws IOException where {@code target} takes no more
   */
  public void run(OutputStream target) throws IOException, CorruptException {
    Archive.Writer out = new Archive.Writer(target, layout);
    for (int shard = 0; shard < layout.shards() && goOn.getAsBoolean(); shard++) {
      atShard = shard;
      copyShard(shard, out);
    }
    copyAnnotations(out);
    copy(List.of(Dashboards.HISTORY_KEY), out);
    if (goOn.getAsBoolean()) {
      out.end();
    }
  }

  /** An annotation may be older than the first count. */
  private void copyAnnotations(Archive.Writer out) throws IOException {
    List<String> shelves = new ArrayList<>();
    long end = clock.wallMs() + 2 * WholeHistory.DAY_MS;
    long day = Math.max(0, history.beginMs() - Annotation.MAX_SPAN_MS);
    for (; day < end; day += WholeHistory.DAY_MS) {
      shelves.add(Annotations.historyKey(day));
    }
    copy(shelves, out);
  }

  private void copyShard(int shard, Archive.Writer out) throws IOException, CorruptException {
    StoredKeys stored = new StoredKeys(shard, layout.period());
    Catalog before = history.catalog(shard);
    copy(stored.all(before), out);
    Catalog now = history.catalog(shard);
    for (int tries = 0; !Arrays.equals(now.toBytes(), before.toBytes()); tries++) {
      if (tries == MOST_TRIES) {
        throw new IOException(
            "shard " + shard + " does not come to rest: its catalogue changes all the time");
      }
      copy(stored.changed(now, before), out);
      before = now;
      now = history.catalog(shard);
    }
    out.add(Catalog.historyKey(shard), now.toBytes());
    copy(List.of(KeyList.historyKey(shard), DeletionList.historyKey(shard)), out);
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
    return "copying shard " + (atShard + 1) + " of " + layout.shards() + ", " + summary();
  }
}
