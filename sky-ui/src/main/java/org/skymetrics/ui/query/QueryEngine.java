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
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.Level;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.count.Counters;

/**
 * Reads series exactly, while their data moves: what the servers told (asked <em>before</em> this
 * is called), then the mailboxes, then history, in the order in which a batch travels. Whatever
 * left one place before it was looked at has arrived in the next, so nothing is missed; a name that
 * is met twice counts once, as the later place has it.
 *
 * <p>Steps made of whole windows are read from levels. A batch becomes done only after its level
 * was written, so a name that is in no mailbox and with no server is in the level; where a fresh
 * batch of the series is not among the level's sources, or there is no level, the window is read
 * from its blocks instead. Both ways merge the same cells in the same order and give the same bits.
 *
 * <p>What a deletion list says is gone is passed over wherever it is met: a window that lies partly
 * before the time of a deletion is read from its blocks.
 *
 * <p>Blocks on the stores; safe from any thread.
 */
public final class QueryEngine {
  /** The most points that one answer may have over all its series. */
  public static final int MAX_POINTS_IN_ALL = 200_000;

  private static final int MAX_VALUES_READ = 1_000_000;
  private static final int WINDOWS_AT_ONCE = 128;
  private static final int BLOCKS_AT_ONCE = 128;
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
    long shards = byShard(series).size();
    long spanMs = readEndMs(range) - range.startMs();
    long values = spanMs / layout.period().lengthMs();
    if (range.isMadeOfWindows()) {
      values += spanMs / Level.FIVE_MINUTES_MS;
    }
    if (values * shards > MAX_VALUES_READ) {
      long days = Duration.ofMillis(spanMs * MAX_VALUES_READ / (values * shards)).toDays();
      throw new IllegalArgumentException(
          "the range is too long to read at once for these series: at most " + days + " days");
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
    Fresh fresh = new Fresh();
    fresh.add(fromMembers);
    addMailboxes(fresh, shards.keySet(), range, deadline);
    Set<String> damaged = new LinkedHashSet<>();
    Map<Integer, DeletionList> deleted = history.deletions(shards.keySet(), damaged);
    shards.forEach(
        (shard, lines) -> {
          DeletionList ofShard = deleted.getOrDefault(shard, DeletionList.empty());
          new ShardRead(shard, lines, fresh, ofShard, damaged, deadline).run(range);
          lines.forEach(LineBuilder::end);
        });
    return List.copyOf(damaged);
  }

  private Map<Integer, Set<Series>> byShard(Collection<Series> series) {
    Map<Integer, Set<Series>> shards = new TreeMap<>();
    for (Series s : series) {
      shards.computeIfAbsent(s.key().shard(layout.shards()), n -> new LinkedHashSet<>()).add(s);
    }
    return shards;
  }

  private void addMailboxes(Fresh fresh, Set<Integer> shards, Range range, Deadline deadline) {
    for (ShardPeriod place : periods.waiting()) {
      if (shards.contains(place.shard())
          && place.startMs() >= range.startMs()
          && place.startMs() < range.endMs()) {
        deadline.check();
        fresh.add(periods.mailbox(place));
      }
    }
  }

  /** No period is counted so far ahead, so nothing is read there. */
  private long readEndMs(Range range) {
    return Math.max(
        range.startMs(),
        Math.min(range.endMs(), Period.floor(clock.wallMs() + FUTURE_MS, Level.FIVE_MINUTES_MS)));
  }

  /** The reading of the series of one shard. */
  private final class ShardRead {
    private final int shard;
    private final List<LineBuilder> lines;
    private final Fresh fresh;
    private final DeletionList deleted;
    private final Set<String> damaged;
    private final Deadline deadline;

    ShardRead(
        int shard,
        List<LineBuilder> lines,
        Fresh fresh,
        DeletionList deleted,
        Set<String> damaged,
        Deadline deadline) {
      this.shard = shard;
      this.lines = lines;
      this.fresh = fresh;
      this.deleted = deleted;
      this.damaged = damaged;
      this.deadline = deadline;
    }

    void run(Range range) {
      long endMs = readEndMs(range);
      if (range.isMadeOfWindows()) {
        List<Level.Window> windows = new ArrayList<>();
        for (long start = range.startMs(); start < endMs; start += Level.FIVE_MINUTES_MS) {
          windows.add(new Level.Window(shard, start, Level.FIVE_MINUTES_MS));
        }
        Lists.partition(windows, WINDOWS_AT_ONCE).forEach(this::readWindows);
      } else {
        for (List<ShardPeriod> some :
            Lists.partition(places(range.startMs(), endMs), BLOCKS_AT_ONCE)) {
          deadline.check();
          Map<ShardPeriod, Block> blocks = history.blocks(some, damaged);
          some.forEach(place -> lines.forEach(line -> readPeriod(line, place, blocks)));
        }
      }
    }

    private List<ShardPeriod> places(long startMs, long endMs) {
      List<ShardPeriod> places = new ArrayList<>();
      for (long start = startMs; start < endMs; start += layout.period().lengthMs()) {
        places.add(new ShardPeriod(shard, start));
      }
      return places;
    }

    private void readWindows(List<Level.Window> windows) {
      deadline.check();
      Map<Level.Window, Level> levels = history.levels(windows);
      Blocks blocks = new Blocks(windows, levels);
      for (Level.Window window : windows) {
        for (LineBuilder line : lines) {
          Level level = levels.get(window);
          if (deleted.isDeleted(line.series(), window.startMs() + window.lengthMs() - 1)) {
            continue;
          }
          if (level == null || !readLevel(line, level)) {
            readWindow(line, window, blocks);
          }
        }
      }
    }

    /** Takes a series from a level. False where the level does not have all of it. */
    private boolean readLevel(LineBuilder line, Level level) {
      try {
        if (deleted.isDeleted(line.series(), level.window().startMs())
            || !fresh.isCovered(line.series(), level)) {
          return false;
        }
        Level.Point point = level.find(line.series());
        if (point != null) {
          line.addPeriods(level.window().startMs(), point.swing(), point.cell(), false);
        }
        return true;
      } catch (CorruptException e) {
        return false;
      }
    }

    /** Makes of the blocks what the level would hold. */
    private void readWindow(LineBuilder line, Level.Window window, Blocks blocks) {
      Swing swing = new Swing();
      Cell merged = line.series().kind().newCell();
      boolean open = false;
      for (ShardPeriod place : places(window.startMs(), window.startMs() + window.lengthMs())) {
        Fresh.PeriodCell found = find(line.series(), place, blocks.block(window, place));
        for (Cell cell : found.cell()) {
          swing.add(cell);
          merged.merge(cell);
          open |= found.open();
        }
      }
      if (swing.periods() > 0) {
        line.addPeriods(window.startMs(), swing, merged, open);
      }
    }

    private void readPeriod(LineBuilder line, ShardPeriod place, Map<ShardPeriod, Block> blocks) {
      Block block = blocks.getOrDefault(place, Block.empty(place));
      Fresh.PeriodCell found = find(line.series(), place, block);
      for (Cell cell : found.cell()) {
        line.addPeriod(place.startMs(), cell, found.open());
      }
    }

    private Fresh.PeriodCell find(Series series, ShardPeriod place, Block block) {
      if (deleted.isDeleted(series, place.startMs())) {
        return new Fresh.PeriodCell(List.of(), false);
      }
      try {
        return fresh.cell(series, place, block);
      } catch (CorruptException e) {
        history.noteDamage(Block.historyKey(place), e, damaged);
        return new Fresh.PeriodCell(List.of(), true);
      }
    }

    /**
     * The blocks of windows, read when the first series needs one, and then those of some windows
     * ahead that have no level either.
     */
    private final class Blocks {
      private final List<Level.Window> windows;
      private final Map<Level.Window, Level> levels;
      private @Nullable Map<ShardPeriod, Block> read;
      private Set<Level.Window> readWindows = Set.of();

      Blocks(List<Level.Window> windows, Map<Level.Window, Level> levels) {
        this.windows = windows;
        this.levels = levels;
      }

      Block block(Level.Window window, ShardPeriod place) {
        Map<ShardPeriod, Block> blocks = read;
        if (blocks == null || !readWindows.contains(window)) {
          blocks = readFrom(window);
          read = blocks;
        }
        return blocks.getOrDefault(place, Block.empty(place));
      }

      private Map<ShardPeriod, Block> readFrom(Level.Window first) {
        deadline.check();
        Set<Level.Window> some = new LinkedHashSet<>();
        List<ShardPeriod> places = new ArrayList<>();
        for (Level.Window window : windows.subList(windows.indexOf(first), windows.size())) {
          if (window.equals(first)
              || (!levels.containsKey(window) && places.size() < BLOCKS_AT_ONCE)) {
            some.add(window);
            places.addAll(places(window.startMs(), window.startMs() + window.lengthMs()));
          }
        }
        readWindows = some;
        return history.blocks(places, damaged);
      }
    }
  }
}
