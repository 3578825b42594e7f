package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.CatalogWork.Claim;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Mark;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.history.HistoryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From blocks to columns: makes the files of hours, days and months that are marked, and removes
 * what they have taken the place of. A look at a shard does a bounded piece of work, oldest first;
 * what is below is made before what is above it. Any number of rollups may do it at once.
 *
 * <p>The clock decides only when something is done, never what comes of it.
 */
final class Compaction {
  /** How long after the end of a span its batches are given to come in. */
  static final long SETTLED_MS = 30_000;

  private static final int HOURS_AT_ONCE = 6;
  private static final int RETIRED_AT_ONCE = 12;

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  private final long periodMs;
  private final long lateMs;
  private final Clock clock;
  private final BooleanSupplier goOn;
  private final Counters counters;
  private final FirstTimes firstTimes;
  private final KeyListShelf keyLists;
  private final CatalogWork catalogs;
  private final ChunkWriter chunks;
  private final HourWork hours;
  private final DayWork days;
  private final MonthWork months;
  private final Retirement retirement;
  private final Thinning thinning;

  Compaction(
      RollupConfig config,
      Period period,
      HistoryStore history,
      Clock clock,
      BlockShelf blocks,
      KeyListShelf keyLists,
      CatalogWork catalogs,
      Counters counters,
      FirstTimes firstTimes,
      BooleanSupplier goOn) {
    this.periodMs = period.lengthMs();
    this.lateMs = config.lateHorizon().toMillis() + SETTLED_MS;
    this.clock = clock;
    this.goOn = goOn;
    this.counters = counters;
    this.firstTimes = firstTimes;
    this.keyLists = keyLists;
    this.catalogs = catalogs;
    this.chunks = new ChunkWriter(history, counters);
    this.hours = new HourWork(period, blocks, chunks);
    this.days = new DayWork(periodMs, chunks);
    this.months = new MonthWork(periodMs, chunks);
    this.retirement = new Retirement(period, blocks, chunks, catalogs, counters);
    this.thinning = new Thinning(periodMs, chunks, catalogs, config.keep(), counters);
  }

  /** A step of the work; false where there was nothing that could be done. */
  @FunctionalInterface
  private interface Step {
    boolean run() throws DamagedValueException, CorruptException, OvertakenException;
  }

  /**
   * Looks at one shard, and does some of what is to be done there.
   *
   * @return whether something was done, so that it is worth to look again at once
   */
  boolean look(int shard) {
    return attempt(
        "catalog/" + shard,
        () -> {
          Catalog catalog = catalogs.read(shard);
          boolean worked = false;
          List<Long> due = dueHours(catalog);
          for (long hour : due.subList(0, Math.min(due.size(), HOURS_AT_ONCE))) {
            worked |= attempt("hour " + hour, () -> makeHour(shard, hour));
          }
          long day = dueDay(catalog);
          if (day >= 0) {
            worked |= attempt("day " + day, () -> makeDay(shard, day));
          }
          long month = dueMonth(catalog);
          if (month >= 0) {
            worked |= attempt("month " + month, () -> makeMonth(shard, month));
          }
          worked |= retire(shard, catalog);
          return attempt("retention", () -> thinning.thinOne(shard, catalog, clock.wallMs()))
              || worked;
        });
  }

  /** Runs a step; what it can't do for something damaged is counted and told, others go on. */
  private boolean attempt(String what, Step step) {
    if (!goOn.getAsBoolean()) {
      return false;
    }
    try {
      return step.run();
    } catch (DamagedValueException e) {
      fail(what, e.counter(), e);
    } catch (CorruptException e) {
      fail(what, RollupCounter.CHUNKS_DAMAGED, e);
    } catch (OvertakenException e) {
      counters.count(RollupCounter.SPANS_OVERTAKEN);
      LOG.info("{} is left to another rollup, which was faster: {}", what, e.getMessage());
    }
    return false;
  }

  private void fail(String what, RollupCounter counter, Exception e) {
    counters.count(counter);
    if (firstTimes.isFirst(what + e.getMessage())) {
      LOG.error(
          "{} can't be made again or retired: {}; what is below it stays as it is",
          what,
          e.getMessage());
    }
  }

  private boolean isOver(long endMs) {
    return endMs + SETTLED_MS <= clock.wallMs();
  }

  private List<Long> dueHours(Catalog catalog) {
    TreeSet<Long> due = new TreeSet<>();
    for (Mark mark : catalog.marks()) {
      if (mark.span() == Span.HOUR && isOver(mark.startMs() + Span.FIVE_MINUTES_MS)) {
        due.add(mark.spanStartMs());
      }
    }
    return List.copyOf(due);
  }

  /** The oldest day to be made; -1 where there is none. */
  private long dueDay(Catalog catalog) {
    for (Mark mark : catalog.marks()) {
      long endMs = mark.span().endOf(mark.spanStartMs());
      if (mark.span() == Span.DAY
          && isOver(endMs)
          && !catalog.isMarked(Span.HOUR, mark.startMs(), endMs)) {
        return mark.startMs();
      }
    }
    return -1;
  }

  private long dueMonth(Catalog catalog) {
    for (Mark mark : catalog.marks()) {
      long endMs = mark.span().endOf(mark.spanStartMs());
      if (mark.span() == Span.MONTH
          && isOver(endMs)
          && !catalog.isMarked(Span.HOUR, mark.startMs(), endMs)
          && !catalog.isMarked(Span.DAY, mark.startMs(), endMs)) {
        return mark.startMs();
      }
    }
    return -1;
  }

  private Claim take(int shard, Span span, long startMs, int series) throws DamagedValueException {
    return catalogs.take(shard, span, startMs, periodMs, series);
  }

  private boolean makeHour(int shard, long hour)
      throws DamagedValueException, CorruptException, OvertakenException {
    int series = keyLists.size(shard);
    Claim claim = take(shard, Span.HOUR, hour, series);
    hours.make(claim, series, keyLists.deletions(shard));
    catalogs.finish(claim);
    counters.count(RollupCounter.HOURS_MADE);
    return true;
  }

  private boolean makeDay(int shard, long day)
      throws DamagedValueException, CorruptException, OvertakenException {
    Claim claim = take(shard, Span.DAY, day, keyLists.size(shard));
    if (claim.catalog().isMarked(Span.HOUR, day, Span.DAY.endOf(day))) {
      return false;
    }
    days.make(claim, keyLists.deletions(shard));
    catalogs.finish(claim);
    counters.count(RollupCounter.DAYS_MADE);
    return true;
  }

  private boolean makeMonth(int shard, long month)
      throws DamagedValueException, CorruptException, OvertakenException {
    Claim claim = take(shard, Span.MONTH, month, keyLists.size(shard));
    if (claim.catalog().isMarked(Span.DAY, month, Span.MONTH.endOf(month))) {
      return false;
    }
    List<ChunkVersions> dayFiles = months.make(claim);
    Catalog after = catalogs.finish(claim);
    if (after.marks(Span.MONTH, month).isEmpty()) {
      chunks.remove(dayFiles);
    }
    counters.count(RollupCounter.MONTHS_MADE);
    return true;
  }

  private boolean retire(int shard, Catalog catalog) {
    boolean worked = false;
    int left = RETIRED_AT_ONCE;
    for (long hour : catalog.blocks()) {
      if (left > 0
          && Span.HOUR.endOf(hour) + lateMs <= clock.wallMs()
          && catalog.marks(Span.HOUR, hour).isEmpty()) {
        left--;
        worked |= attempt("blocks of " + hour, () -> retirement.retireBlocks(shard, hour, catalog));
      }
    }
    SortedMap<Long, List<Long>> ofDays = new TreeMap<>();
    for (long hour : catalog.files(Span.HOUR).keySet()) {
      long day = Span.DAY.startOf(hour);
      if (catalog.files(Span.DAY).containsKey(day)
          && Span.DAY.endOf(day) + lateMs <= clock.wallMs()
          && catalog.marks(Span.DAY, day).isEmpty()
          && catalog.marks(Span.HOUR, hour).isEmpty()
          && !catalog.blocks().contains(hour)) {
        ofDays.computeIfAbsent(day, d -> new ArrayList<>()).add(hour);
      }
    }
    if (!ofDays.isEmpty()) {
      long day = ofDays.firstKey();
      List<Long> ofDay = List.copyOf(ofDays.getOrDefault(day, List.of()));
      worked |=
          attempt("hours of " + day, () -> retirement.retireHours(shard, day, ofDay, catalog));
    }
    return worked;
  }
}
