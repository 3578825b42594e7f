package org.skymetrics.ui.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.count.Counters;

/**
 * Reads series exactly, while their data moves: what the servers told (asked <em>before</em> this
 * is called), then the mailboxes, then history, in the order in which a batch travels. Whatever
 * left one place before it was looked at has arrived in the next, so nothing is missed; a name that
 * is met twice counts once, as the later place has it. {@link ShardReader} goes on with that order
 * inside of history.
 *
 * <p>Blocks on the stores; safe from any thread.
 */
public final class QueryEngine {
  /** The most points that one answer may have over all its series. */
  public static final int MAX_POINTS_IN_ALL = 200_000;

  private static final long MAX_CELLS_READ = 50_000_000;
  private static final long FUTURE_MS = Duration.ofDays(1).toMillis();

  private final Layout layout;
  private final PeriodStore periods;
  private final HistoryReader history;
  private final Clock clock;
  private final Duration timeLimit;

  public QueryEngine(
      Layout layout,
      PeriodStore periods,
      HistoryStore history,
      Clock clock,
      long cacheBytes,
      Duration timeLimit,
      Counters counters) {
    this.layout = layout;
    this.periods = periods;
    this.history = new HistoryReader(history, cacheBytes, counters);
    this.clock = clock;
    this.timeLimit = timeLimit;
  }

  /**
   * Refuses questions that are too large to answer.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public void requireReasonable(Collection<Series> series, Range range) {
    if (series.size() * range.steps() > MAX_POINTS_IN_ALL) {
      throw new IllegalArgumentException(
          series.size()
              + " series of "
              + range.steps()
              + " points are more than "
              + MAX_POINTS_IN_ALL
              + " points in one answer; ask for fewer series or a coarser resolution");
    }
    long spanMs = readEndMs(range) - range.startMs();
    long readMs = range.levelMs() >= Span.HOUR_MS ? Span.HOUR_MS : layout.period().lengthMs();
    long cells = spanMs / readMs * series.size();
    if (cells > MAX_CELLS_READ) {
      long days = Duration.ofMillis(spanMs * MAX_CELLS_READ / cells).toDays();
      throw new IllegalArgumentException(
          "the range is too long to read at once for these series: at most "
              + days
              + " days, or whole hours as resolution");
    }
  }

  /**
   * The points of these series.
   *
   * @param fromMembers what the servers told, asked before this call
   * @throws TooSlowException where it takes too long
   * @throws org.skymetrics.store.StoreException where a store is away
   */
  public Answer answer(List<Series> series, Range range, Collection<Batch> fromMembers) {
    Deadline deadline = new Deadline(clock, timeLimit);
    long nowMs = clock.wallMs();
    Map<Integer, List<LineBuilder>> shards = new TreeMap<>();
    Map<Series, LineBuilder> lines = new HashMap<>();
    byShard(series)
        .forEach(
            (shard, ofShard) -> {
              List<LineBuilder> builders = new ArrayList<>();
              for (Series s : ofShard) {
                LineBuilder line = new LineBuilder(s, range, nowMs);
                lines.put(s, line);
                builders.add(line);
              }
              shards.put(shard, builders);
            });
    Map<Integer, List<Batch>> mailboxes = mailboxes(shards.keySet(), range, deadline);
    Set<String> damaged = new LinkedHashSet<>();
    shards.forEach(
        (shard, builders) -> {
          ShardReader reader = new ShardReader(history, layout, shard, builders, damaged, deadline);
          reader.fresh(fromMembers);
          reader.fresh(mailboxes.getOrDefault(shard, List.of()));
          reader.run(range, readEndMs(range));
        });
    List<Answer.Line> inOrder = new ArrayList<>();
    for (Series s : series) {
      LineBuilder line = lines.get(s);
      if (line != null) {
        inOrder.add(line.build());
      }
    }
    return new Answer(range, inOrder, List.copyOf(damaged));
  }

  private Map<Integer, Set<Series>> byShard(Collection<Series> series) {
    Map<Integer, Set<Series>> shards = new TreeMap<>();
    for (Series s : series) {
      shards.computeIfAbsent(s.key().shard(layout.shards()), n -> new LinkedHashSet<>()).add(s);
    }
    return shards;
  }

  private Map<Integer, List<Batch>> mailboxes(Set<Integer> shards, Range range, Deadline deadline) {
    Map<Integer, List<Batch>> mailboxes = new HashMap<>();
    for (ShardPeriod place : periods.waiting()) {
      if (shards.contains(place.shard())
          && place.startMs() >= range.startMs()
          && place.startMs() < range.endMs()) {
        deadline.check();
        mailboxes
            .computeIfAbsent(place.shard(), s -> new ArrayList<>())
            .addAll(periods.mailbox(place));
      }
    }
    return mailboxes;
  }

  /** No period is counted so far ahead, so nothing is read there. */
  private long readEndMs(Range range) {
    return Math.max(
        range.startMs(),
        Math.min(range.endMs(), Period.floor(clock.wallMs() + FUTURE_MS, Span.FIVE_MINUTES_MS)));
  }
}
