package org.skymetrics.ui.query;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.Catalog.Files;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Extras;
import org.skymetrics.store.chunk.Mark;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.PeriodSource;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.period.Layout;

/**
 * Reads some series of one shard from history, in the order in which data moves there:
 *
 * <pre>
 *   catalogue -> blocks of what is marked -> catalogue -> files of hours -> files of days
 * </pre>
 *
 * <p>What the first catalogue does not mark is in the files that it names. What left the blocks
 * before they were read is in files of hours, which the second catalogue names; what left those is
 * in the files of the day. A file that a catalogue names and that is not there although nothing of
 * it is marked has gone where a newer catalogue says: then all is read anew. Of a day or month that
 * is not marked just the coarsest files that do are read; where a batch is on its way to it, its
 * periods, since only those know their batches.
 *
 * <p>Some shards go this way side by side, each step for all of them at once: a store is asked a
 * few times, and not so many times for each shard. For one answer, on one thread.
 */
final class ShardReader {
  private static final int AT_ONCE = 128;
  private static final int TRIES = 12;

  private final HistoryReader history;
  private final long periodMs;
  private final int shard;
  private final List<LineBuilder> lines;
  private final List<Series> series;
  private final Fresh fresh;
  private final DeletionList deleted;
  private final Set<String> damaged;
  private final Deadline deadline;

  /** What was not there in the last try. */
  private String missing = "";

  ShardReader(
      HistoryReader history,
      Layout layout,
      int shard,
      List<LineBuilder> lines,
      DeletionList deleted,
      Set<String> damaged,
      Deadline deadline) {
    this.history = history;
    this.periodMs = layout.period().lengthMs();
    this.shard = shard;
    this.lines = lines;
    this.series = lines.stream().map(LineBuilder::series).sorted().toList();
    this.fresh = new Fresh(series);
    this.deleted = deleted;
    this.damaged = damaged;
    this.deadline = deadline;
  }

  /** Takes batches that history may not have; those of the later place after the others. */
  void fresh(Collection<Batch> batches) {
    try {
      fresh.add(shard, batches);
    } catch (CorruptException e) {
      history.noteDamage("a batch on its way", e, damaged);
    }
  }

  /**
   * Reads the range up to {@code endMs}, and lets the lines have it: of some shards side by side,
   * so that the store is asked a few times for all of them.
   *
   * @param readers of one answer
   */
  static void run(List<ShardReader> readers, Range range, long endMs) {
    List<ShardReader> left = readers;
    for (int i = 0; i < TRIES && !left.isEmpty(); i++) {
      left = runOnce(left, range, endMs);
    }
    left.forEach(reader -> reader.damaged.add(reader.missing));
  }

  /** Gives those that are to try again. */
  private static List<ShardReader> runOnce(List<ShardReader> readers, Range range, long endMs) {
    ShardReader one = readers.get(0);
    one.deadline.check();
    Set<Integer> shards = new LinkedHashSet<>();
    readers.forEach(reader -> shards.add(reader.shard));
    Map<Integer, Catalog> first = one.history.catalogs(shards, one.damaged);
    List<Reading> readings = new ArrayList<>();
    for (ShardReader reader : readers) {
      Catalog catalog = first.get(reader.shard);
      if (catalog != null) {
        readings.add(reader.reading(catalog, range, endMs));
      }
    }
    readBlocks(readings, one);
    Map<Integer, Catalog> second = one.history.catalogs(shards, one.damaged);
    List<ShardReader> again = new ArrayList<>();
    for (Reading reading : readings) {
      Catalog catalog = second.get(reading.shard());
      if (catalog != null && !reading.end(catalog)) {
        again.add(reading.reader());
      }
    }
    return again;
  }

  private Reading reading(Catalog first, Range range, long endMs) {
    return new Reading(first, range.startMs(), endMs, range.levelMs());
  }

  private static void readBlocks(List<Reading> readings, ShardReader one) {
    List<BlockOf> all = new ArrayList<>();
    for (Reading reading : readings) {
      reading.begin().forEach(place -> all.add(new BlockOf(place, reading)));
    }
    for (List<BlockOf> some : Lists.partition(all, AT_ONCE)) {
      one.deadline.check();
      Map<ShardPeriod, Block> blocks =
          one.history.blocks(some.stream().map(BlockOf::place).toList(), one.damaged);
      some.forEach(
          of ->
              of.reading()
                  .takeBlock(of.place(), blocks.getOrDefault(of.place(), Block.empty(of.place()))));
    }
  }

  /** Whose block is read. */
  private record BlockOf(ShardPeriod place, Reading reading) {}

  /** Points of one resolution, of one line. */
  private record Found(long resolutionMs, List<Point> points) {}

  /** One try. */
  private final class Reading {
    private final long startMs;
    private final long endMs;
    private final long levelMs;
    private final Catalog first;
    private final Extras extras = new Extras();
    private final Map<Long, Set<BatchName>> inBlocks = new HashMap<>();
    private final Map<ChunkPlace, List<ChunkFile>> files = new HashMap<>();

    /** What each series has, by time; nothing for those that have nothing. */
    private final Map<Series, NavigableMap<Long, Found>> found = new HashMap<>();

    private final Map<Series, Set<Long>> open = new HashMap<>();
    private final List<Long> unsettled = new ArrayList<>();
    private final List<Long> settled = new ArrayList<>();

    Reading(Catalog first, long startMs, long endMs, long levelMs) {
      this.first = first;
      this.startMs = startMs;
      this.endMs = endMs;
      this.levelMs = levelMs;
    }

    int shard() {
      return shard;
    }

    ShardReader reader() {
      return ShardReader.this;
    }

    /**
     * Goes on when the blocks are taken, and lets the lines have what it found.
     *
     * @return false where data moved meanwhile, so that all is to be read anew
     */
    boolean end(Catalog second) {
      try {
        readUnsettled(second);
        readSettled(settled);
        give();
      } catch (MovedException e) {
        missing = String.valueOf(e.getMessage());
        return false;
      } catch (CorruptException e) {
        history.noteDamage("shard " + shard, e, damaged);
      }
      return true;
    }

    private void give() {
      for (LineBuilder line : lines) {
        open.getOrDefault(line.series(), Set.of()).forEach(line::open);
        NavigableMap<Long, Found> ofLine = found.get(line.series());
        if (ofLine != null) {
          for (Found some : ofLine.values()) {
            some.points().forEach(point -> line.add(some.resolutionMs(), point));
          }
        }
      }
    }

    /** Gives the places whose blocks are wanted. */
    List<ShardPeriod> begin() {
      fresh.addTo(extras);
      for (long day : days()) {
        boolean isSettled =
            first.files(Span.DAY).containsKey(day) && first.marks(Span.DAY, day).isEmpty();
        (isSettled ? settled : unsettled).add(day);
      }
      return blockPlaces();
    }

    /** The days that have anything in the range. */
    private SortedSet<Long> days() {
      long fromMs = Span.DAY.startOf(startMs);
      SortedSet<Long> days = new TreeSet<>();
      days.addAll(first.files(Span.DAY).subMap(fromMs, endMs).keySet());
      for (long hour : first.files(Span.HOUR).subMap(fromMs, endMs).keySet()) {
        days.add(Span.DAY.startOf(hour));
      }
      for (long hour : first.blocks().subSet(fromMs, endMs)) {
        days.add(Span.DAY.startOf(hour));
      }
      for (long period : fresh.periods()) {
        if (period >= startMs && period < endMs) {
          days.add(Span.DAY.startOf(period));
        }
      }
      return days;
    }

    private long from(long spanStartMs) {
      return Math.max(startMs, spanStartMs);
    }

    private long to(long spanEndMs) {
      return Math.min(endMs, spanEndMs);
    }

    // What may still change.

    private void readUnsettled(Catalog second) throws MovedException, CorruptException {
      List<ChunkPlace> hourPlaces = new ArrayList<>();
      List<ChunkPlace> dayPlaces = new ArrayList<>();
      for (long day : unsettled) {
        second
            .files(Span.HOUR)
            .subMap(day, Span.DAY.endOf(day))
            .forEach(
                (hour, f) -> {
                  if (hour < endMs && Span.HOUR.endOf(hour) > startMs) {
                    hourPlaces.addAll(places(Span.HOUR, hour, f));
                  }
                });
        Files ofDay = second.files(Span.DAY).get(day);
        if (ofDay != null && ofDay.kept() == Catalog.DAY_PERIODS) {
          dayPlaces.addAll(places(Span.DAY, day, ofDay));
        }
      }
      readFiles(hourPlaces);
      readFiles(dayPlaces);
      requireThere(hourPlaces, dayPlaces);
      readBlocksInPlaceOf(hourPlaces);
      for (long day : unsettled) {
        for (long hour = day; hour < Span.DAY.endOf(day); hour += Span.HOUR_MS) {
          if (hour < endMs && Span.HOUR.endOf(hour) > startMs) {
            takePeriods(second, hour, Span.HOUR.endOf(hour));
          }
        }
      }
    }

    private List<ShardPeriod> blockPlaces() {
      List<ShardPeriod> places = new ArrayList<>();
      for (long day : unsettled) {
        SortedSet<Long> hours = new TreeSet<>();
        hours.addAll(first.files(Span.HOUR).subMap(day, Span.DAY.endOf(day)).keySet());
        hours.addAll(first.blocks().subSet(day, Span.DAY.endOf(day)));
        for (long hour : hours) {
          if (first.files(Span.HOUR).containsKey(hour)) {
            for (long window : windows(hour)) {
              addPlaces(places, window, window + Span.FIVE_MINUTES_MS);
            }
          } else {
            addPlaces(places, hour, Span.HOUR.endOf(hour));
          }
        }
      }
      return places;
    }

    /** Hours whose files can't be read may have their blocks still. */
    private void readBlocksInPlaceOf(List<ChunkPlace> hourPlaces) {
      Set<Long> hours = new TreeSet<>();
      for (ChunkPlace place : hourPlaces) {
        if (!files.containsKey(place) && first.blocks().contains(place.startMs())) {
          hours.add(place.startMs());
        }
      }
      List<ShardPeriod> places = new ArrayList<>();
      hours.forEach(hour -> addPlaces(places, hour, Span.HOUR.endOf(hour)));
      readBlocksOf(places);
    }

    private void readBlocksOf(List<ShardPeriod> places) {
      for (List<ShardPeriod> some : Lists.partition(places, AT_ONCE)) {
        deadline.check();
        for (Map.Entry<ShardPeriod, Block> entry : history.blocks(some, damaged).entrySet()) {
          takeBlock(entry.getKey(), entry.getValue());
        }
      }
    }

    private Set<Long> windows(long hour) {
      Set<Long> windows = new LinkedHashSet<>();
      for (Mark mark : first.marks(Span.HOUR, hour)) {
        windows.add(mark.startMs());
      }
      return windows;
    }

    private void addPlaces(List<ShardPeriod> places, long fromMs, long toMs) {
      long from = Math.max(fromMs, Period.floor(startMs, periodMs));
      for (long start = from; start < to(toMs); start += periodMs) {
        places.add(new ShardPeriod(shard, start));
      }
    }

    void takeBlock(ShardPeriod place, Block block) {
      for (Batch batch : block.batches().values()) {
        try {
          extras.add(batch, series);
        } catch (CorruptException e) {
          history.noteDamage(Block.historyKey(place), e, damaged);
        }
      }
      inBlocks.put(place.startMs(), block.batches().keySet());
    }

    /** A file that is not there is not made yet, and marked; or it has gone. */
    private void requireThere(List<ChunkPlace> hourPlaces, List<ChunkPlace> dayPlaces)
        throws MovedException, CorruptException {
      Catalog third = null;
      for (ChunkPlace place : hourPlaces) {
        third = requireThere(place, third);
      }
      for (ChunkPlace place : dayPlaces) {
        third = requireThere(place, third);
      }
    }

    private @Nullable Catalog requireThere(ChunkPlace place, @Nullable Catalog known)
        throws MovedException, CorruptException {
      List<ChunkFile> siblings = files.get(place);
      if (siblings == null || !siblings.isEmpty()) {
        return known;
      }
      Catalog now = known == null ? history.catalog(shard) : known;
      boolean isNamed = now.files(place.span()).containsKey(place.startMs());
      if (!isNamed || now.marks(place.span(), place.startMs()).isEmpty()) {
        throw new MovedException(place.historyKey());
      }
      return now;
    }

    /** Takes the periods of some time from all that was read. */
    private void takePeriods(Catalog catalog, long fromMs, long toMs) {
      Map<List<ChunkPlace>, List<Series>> byPlaces = new LinkedHashMap<>();
      for (Series s : series) {
        byPlaces.computeIfAbsent(places(catalog, fromMs, toMs, s), p -> new ArrayList<>()).add(s);
      }
      byPlaces.forEach(
          (places, some) -> {
            List<PeriodSource> sources = new ArrayList<>();
            places.forEach(place -> addSources(sources, place, fromMs, toMs));
            takePeriods(some, sources, from(fromMs), to(toMs));
          });
    }

    /** Where the periods of a series may be. */
    private List<ChunkPlace> places(Catalog catalog, long fromMs, long toMs, Series s) {
      List<ChunkPlace> places = new ArrayList<>(2);
      Files ofHour = catalog.files(Span.HOUR).get(fromMs);
      if (ofHour != null && toMs - fromMs == Span.HOUR_MS) {
        places.add(place(Span.HOUR, periodMs, fromMs, ofHour, s));
      }
      long day = Span.DAY.startOf(fromMs);
      Files ofDay = catalog.files(Span.DAY).get(day);
      if (ofDay != null && ofDay.kept() == Catalog.DAY_PERIODS) {
        places.add(place(Span.DAY, periodMs, day, ofDay, s));
      }
      return places;
    }

    /** Takes the periods of series that have the same sources. */
    private void takePeriods(
        List<Series> some, List<PeriodSource> sources, long fromMs, long toMs) {
      try {
        Names atHand = sources.size() > 1 ? extras.names() : Names.none();
        PeriodSource chosen = PeriodSource.choose(sources, atHand);
        PeriodSource cut = chosen == null ? null : new PeriodSource(chosen.file(), fromMs, toMs);
        SortedSet<Long> touched = extras.periods(fromMs, toMs);
        Names names = chosen == null || touched.isEmpty() ? Names.none() : chosen.names();
        Extras.Union union = extras.over(names, fromMs, toMs);
        Map<Long, Set<BatchName>> known = new HashMap<>();
        for (long period : touched) {
          Set<BatchName> inHistory = new HashSet<>(names.at(period));
          inHistory.addAll(inBlocks.getOrDefault(period, Set.of()));
          known.put(period, inHistory);
        }
        for (Series s : some) {
          takePeriods(s, cut, union, known, fromMs);
        }
      } catch (CorruptException e) {
        noteDamage(fromMs, e);
      }
    }

    private void takePeriods(
        Series s,
        @Nullable PeriodSource source,
        Extras.Union union,
        Map<Long, Set<BatchName>> inHistory,
        long fromMs) {
      try {
        put(s, periodMs, union.of(s, source == null ? List.of() : source.find(s)));
      } catch (CorruptException e) {
        noteDamage(fromMs, e);
        return;
      }
      inHistory.forEach(
          (period, names) -> {
            if (fresh.isOpen(s, period, names)) {
              open.computeIfAbsent(s, x -> new HashSet<>()).add(period);
            }
          });
    }

    private void noteDamage(long fromMs, CorruptException e) {
      history.noteDamage("shard " + shard + " at " + fromMs / 1000, e, damaged);
    }

    private void addSources(List<PeriodSource> sources, ChunkPlace place, long fromMs, long toMs) {
      for (ChunkFile file : files.getOrDefault(place, List.of())) {
        sources.add(new PeriodSource(file, fromMs, toMs));
      }
    }

    // What is settled.

    private void readSettled(List<Long> days) throws MovedException, CorruptException {
      List<ChunkPlace> ofDays = new ArrayList<>();
      List<ChunkPlace> ofMonths = new ArrayList<>();
      for (long day : days) {
        for (Series s : series) {
          for (ChunkPlace place : sources(day, s)) {
            (place.span() == Span.MONTH ? ofMonths : ofDays).add(place);
          }
        }
      }
      // Files of days before those of months: what goes from the one is in the other by then.
      readFiles(ofDays);
      readFiles(ofMonths);
      for (long day : days) {
        for (Series s : series) {
          take(day, s, sources(day, s));
        }
      }
    }

    /**
     * The files that have all of a series in a settled day; of several any one, or more of them.
     */
    private List<ChunkPlace> sources(long day, Series s) {
      Files ofDay = first.files(Span.DAY).getOrDefault(day, new Files(0, Catalog.DAY_NOTHING));
      boolean isTouched = fresh.touches(from(day), to(Span.DAY.endOf(day)));
      if (ofDay.kept() == Catalog.DAY_PERIODS && (levelMs < Span.HOUR_MS || isTouched)) {
        return List.of(place(Span.DAY, periodMs, day, ofDay, s));
      }
      if (levelMs < Span.HOUR_MS) {
        return ofDay.kept() == Catalog.DAY_FIVE_MINUTES && levelMs == Span.FIVE_MINUTES_MS
            ? List.of(place(Span.DAY, Span.FIVE_MINUTES_MS, day, ofDay, s))
            : List.of();
      }
      ChunkPlace hours = place(Span.DAY, Span.HOUR_MS, day, ofDay, s);
      long month = Span.MONTH.startOf(day);
      Files ofMonth = first.files(Span.MONTH).get(month);
      if (ofMonth == null) {
        return List.of(hours);
      }
      if (ofMonth.kept() == Catalog.MONTH_NOTHING) {
        return List.of();
      }
      boolean isMarked = !first.marks(Span.MONTH, month).isEmpty();
      if (levelMs == Span.DAY_MS && !isMarked) {
        return List.of(place(Span.MONTH, Span.DAY_MS, month, ofMonth, s));
      }
      if (ofMonth.kept() == Catalog.MONTH_DAYS) {
        return List.of();
      }
      ChunkPlace ofHours = place(Span.MONTH, Span.HOUR_MS, month, ofMonth, s);
      return isMarked ? List.of(hours, ofHours) : List.of(ofHours);
    }

    private void take(long day, Series s, List<ChunkPlace> places)
        throws MovedException, CorruptException {
      if (places.isEmpty()) {
        return;
      }
      ChunkPlace place = places.get(0);
      if (place.resolutionMs() == periodMs) {
        List<PeriodSource> sources = new ArrayList<>();
        addSources(sources, place, day, Span.DAY.endOf(day));
        if (sources.isEmpty() && files.containsKey(place)) {
          throw new MovedException(place.historyKey());
        }
        takePeriods(List.of(s), sources, from(day), to(Span.DAY.endOf(day)));
        return;
      }
      ChunkFile best = null;
      int most = -1;
      for (ChunkPlace some : places) {
        for (ChunkFile file : files.getOrDefault(some, List.of())) {
          int batches = some.span() == Span.MONTH ? file.batchesOfDay(day) : file.batches();
          if (batches > most) {
            best = file;
            most = batches;
          }
        }
      }
      if (best == null) {
        if (files.keySet().containsAll(places)) {
          throw new MovedException(place.historyKey());
        }
        return;
      }
      put(
          s,
          best.place().resolutionMs(),
          new PeriodSource(best, from(day), to(Span.DAY.endOf(day))).find(s));
    }

    // Places and files.

    private ChunkPlace place(Span span, long resolutionMs, long spanStartMs, Files f, Series s) {
      return ChunkPlace.of(span, resolutionMs, shard, spanStartMs, f.log2Parts(), s.key());
    }

    private Set<ChunkPlace> places(Span span, long spanStartMs, Files f) {
      Set<ChunkPlace> places = new LinkedHashSet<>();
      for (Series s : series) {
        places.add(place(span, periodMs, spanStartMs, f, s));
      }
      return places;
    }

    private void readFiles(Collection<ChunkPlace> places) {
      List<ChunkPlace> unread = new ArrayList<>(new LinkedHashSet<>(places));
      unread.removeIf(files::containsKey);
      for (List<ChunkPlace> some : Lists.partition(unread, AT_ONCE)) {
        deadline.check();
        files.putAll(history.files(some, damaged));
      }
    }

    private void put(Series s, long resolutionMs, List<Point> points) {
      // Of a step that was cut by a deletion what is left was made after it.
      long untilMs = deleted.untilMs(s);
      boolean isWhole = points.isEmpty() || points.get(0).startMs() + resolutionMs > untilMs;
      List<Point> left =
          isWhole
              ? points
              : points.stream().filter(p -> p.startMs() + resolutionMs > untilMs).toList();
      if (!left.isEmpty()) {
        found
            .computeIfAbsent(s, x -> new TreeMap<>())
            .put(left.get(0).startMs(), new Found(resolutionMs, left));
      }
    }
  }
}
