package org.skymetrics.ui.query;

import com.google.common.collect.Lists;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.DeletionList;
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
 * <p>What a deletion list says is gone is passed over wherever it is met.
 *
 * <p>Blocks on the stores; safe from any thread.
 */
public final class QueryEngine {
  /** The most points that one answer may have over all its series. */
  public static final int MAX_POINTS_IN_ALL = 200_000;

  private static final long MAX_CELLS_READ = 50_000_000;

  /** Of how many series all that was found is held at a time, of one shard or of some. */
  private static final int SERIES_AT_ONCE = 256;

  /** One part in so many of what is kept is of mailboxes: they are empty most of the time. */
  private static final int MAILBOX_SHARE = 4;

  private static final long FUTURE_MS = Duration.ofDays(1).toMillis();

  private final Layout layout;
  private final PeriodStore periods;
  private final MailboxReader mailboxes;
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
    this.mailboxes = new MailboxReader(periods, cacheBytes / MAILBOX_SHARE);
    this.history = new HistoryReader(history, cacheBytes - cacheBytes / MAILBOX_SHARE, counters);
    this.clock = clock;
    this.timeLimit = timeLimit;
  }

  /**
   * Refuses questions that are too large to answer.
   *
   * @param lines how many of the series are in the answer, each with its points
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public void requireReasonable(Collection<Series> series, int lines, Range range) {
    if (lines * range.steps() > MAX_POINTS_IN_ALL) {
      throw new IllegalArgumentException(
          lines
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
    Map<Series, List<Point>> points = new LinkedHashMap<>();
    series.forEach(s -> points.put(s, new ArrayList<>()));
    List<String> damaged =
        read(series, range, fromMembers, s -> points.getOrDefault(s, List.of())::add);
    List<Answer.Line> lines = new ArrayList<>();
    points.forEach((s, ofSeries) -> lines.add(new Answer.Line(s, ofSeries)));
    return new Answer(range, lines, damaged);
  }

  /**
   * The sum of these series, which are of one kind and none a parent of another, as one line.
   *
   * @param name what the line is called
   * @param fromMembers as for {@link #answer}
   */
  public Answer sum(Series name, List<Series> series, Range range, Collection<Batch> fromMembers) {
    SumLine sum = new SumLine(name.kind(), range.stepMs() == layout.period().lengthMs());
    List<String> damaged = read(series, range, fromMembers, s -> sum::add);
    return new Answer(range, List.of(new Answer.Line(name, sum.points())), damaged);
  }

  /**
   * The {@code n} of these series that have the greatest {@link Cell#magnitude} over the whole
   * range, the greatest first.
   *
   * @param fromMembers as for {@link #answer}
   */
  public Answer top(int n, List<Series> series, Range range, Collection<Batch> fromMembers) {
    Map<Series, Cell> wholes = new HashMap<>();
    List<String> damaged =
        read(
            series,
            range,
            fromMembers,
            s -> {
              Cell whole = s.kind().newCell();
              wholes.put(s, whole);
              return point -> whole.merge(point.cell());
            });
    List<Series> best =
        wholes.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .sorted(
                Comparator.comparingDouble((Map.Entry<Series, Cell> e) -> -e.getValue().magnitude())
                    .thenComparing(Map.Entry::getKey))
            .limit(n)
            .map(Map.Entry::getKey)
            .toList();
    Answer answer = answer(best, range, fromMembers);
    Set<String> allDamaged = new LinkedHashSet<>(damaged);
    allDamaged.addAll(answer.damaged());
    return new Answer(range, answer.lines(), List.copyOf(allDamaged));
  }

  /** Reads series; each point goes where {@code sinks} says. Returns what is damaged. */
  private List<String> read(
      Collection<Series> series,
      Range range,
      Collection<Batch> fromMembers,
      Function<Series, Consumer<Point>> sinks) {
    Deadline deadline = new Deadline(clock, timeLimit);
    long nowMs = clock.wallMs();
    Map<Integer, List<LineBuilder>> shards = new TreeMap<>();
    byShard(series)
        .forEach(
            (shard, ofShard) ->
                shards.put(
                    shard,
                    ofShard.stream()
                        .map(s -> new LineBuilder(s, range, nowMs, sinks.apply(s)))
                        .toList()));
    List<Batch> told = fromMembers.stream().filter(batch -> isIn(range, batch.place())).toList();
    Map<Integer, List<Batch>> waiting = waiting(shards.keySet(), range, deadline);
    Set<String> damaged = new LinkedHashSet<>();
    Map<Integer, DeletionList> deleted = history.deletions(shards.keySet(), damaged);
    List<ShardReader> sideBySide = new ArrayList<>();
    List<LineBuilder> theirs = new ArrayList<>();
    for (Map.Entry<Integer, List<LineBuilder>> shard : shards.entrySet()) {
      DeletionList ofShard = deleted.getOrDefault(shard.getKey(), DeletionList.empty());
      for (List<LineBuilder> some : Lists.partition(shard.getValue(), SERIES_AT_ONCE)) {
        if (theirs.size() + some.size() > SERIES_AT_ONCE) {
          run(sideBySide, theirs, range);
        }
        ShardReader reader =
            new ShardReader(history, layout, shard.getKey(), some, ofShard, damaged, deadline);
        reader.fresh(told);
        reader.fresh(waiting.getOrDefault(shard.getKey(), List.of()));
        sideBySide.add(reader);
        theirs.addAll(some);
      }
    }
    run(sideBySide, theirs, range);
    return List.copyOf(damaged);
  }

  private void run(List<ShardReader> sideBySide, List<LineBuilder> theirs, Range range) {
    ShardReader.run(sideBySide, range, readEndMs(range));
    theirs.forEach(LineBuilder::end);
    sideBySide.clear();
    theirs.clear();
  }

  private Map<Integer, Set<Series>> byShard(Collection<Series> series) {
    Map<Integer, Set<Series>> shards = new TreeMap<>();
    for (Series s : series) {
      shards.computeIfAbsent(s.key().shard(layout.shards()), n -> new LinkedHashSet<>()).add(s);
    }
    return shards;
  }

  private Map<Integer, List<Batch>> waiting(Set<Integer> shards, Range range, Deadline deadline) {
    Map<Integer, List<Batch>> waiting = new HashMap<>();
    for (ShardPeriod place : periods.waiting()) {
      if (shards.contains(place.shard()) && isIn(range, place)) {
        deadline.check();
        waiting
            .computeIfAbsent(place.shard(), s -> new ArrayList<>())
            .addAll(mailboxes.read(place));
      }
    }
    return waiting;
  }

  private static boolean isIn(Range range, ShardPeriod place) {
    return place.startMs() >= range.startMs() && place.startMs() < range.endMs();
  }

  /** No period is counted so far ahead, so nothing is read there. */
  private long readEndMs(Range range) {
    return Math.max(
        range.startMs(),
        Math.min(range.endMs(), Period.floor(clock.wallMs() + FUTURE_MS, Span.FIVE_MINUTES_MS)));
  }
}
