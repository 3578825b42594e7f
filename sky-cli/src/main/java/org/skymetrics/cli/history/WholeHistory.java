package org.skymetrics.cli.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.CatalogShelf;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;

/**
 * History as its readers see it, but all of it: every series of a shard at a time, by the same
 * engine that answers queries. What mailboxes and servers hold is not part of it.
 */
final class WholeHistory {
  static final long WINDOW_MS = Duration.ofMinutes(5).toMillis();
  static final long HOUR_MS = Duration.ofHours(1).toMillis();
  static final long DAY_MS = Duration.ofDays(1).toMillis();

  private static final long CACHE_BYTES = 256L << 20;
  private static final Duration NO_LIMIT = Duration.ofDays(1);

  private final HistoryStore history;
  private final Layout layout;
  private final Clock clock;
  private final CatalogShelf catalogs;
  private final QueryEngine engine;
  private final Counters counters = new Counters();

  WholeHistory(HistoryStore history, Layout layout, Clock clock) {
    this.history = history;
    this.layout = layout;
    this.clock = clock;
    this.catalogs = new CatalogShelf(history);
    this.engine =
        new QueryEngine(layout, new Mail(layout), history, clock, CACHE_BYTES, NO_LIMIT, counters);
  }

  Layout layout() {
    return layout;
  }

  /** What reading met that was not as it should be. */
  Counters counters() {
    return counters;
  }

  /**
   * The series of a shard, in order, those that were deleted left out.
   *
   * @throws CorruptException where a list can't be read, or is of another number of shards
   */
  List<Series> series(int shard) throws CorruptException {
    List<Series> all = new ArrayList<>(keys(shard).lastSeenMs().keySet());
    for (Series series : all) {
      if (series.key().shard(layout.shards()) != shard) {
        throw new CorruptException(
            KeyList.historyKey(shard)
                + " holds "
                + series.key()
                + ", which is not of it: history was written with another --shards");
      }
    }
    return all;
  }

  KeyList keys(int shard) throws CorruptException {
    KeyList list = KeyList.empty();
    for (byte[] value : history.get(KeyList.historyKey(shard)).values()) {
      list = list.with(KeyList.parse(value).lastSeenMs());
    }
    return list.without(deletions(shard));
  }

  DeletionList deletions(int shard) throws CorruptException {
    DeletionList list = DeletionList.empty();
    for (byte[] value : history.get(DeletionList.historyKey(shard)).values()) {
      list = list.with(DeletionList.parse(value).untilMs());
    }
    return list;
  }

  /** The points of some series, as history has them. */
  Answer read(List<Series> series, long fromMs, long toMs, long stepMs) {
    return engine.answer(series, new Range(fromMs, toMs, stepMs), List.of());
  }

  /** The catalogue of a shard. */
  Catalog catalog(int shard) throws CorruptException {
    return catalogs.read(shard);
  }

  /**
   * The start of the first day of which history has anything, ms; that of today where it has
   * nothing.
   */
  long beginMs() {
    long first = clock.wallMs();
    for (int shard = 0; shard < layout.shards(); shard++) {
      try {
        first = catalog(shard).beginMs(first);
      } catch (CorruptException e) {
        // Who reads the shard is told.
        counters.count(UiCounter.DAMAGED_VALUES);
      }
    }
    return Period.floor(first, DAY_MS);
  }
}
