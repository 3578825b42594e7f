package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.rollup.CatalogWork.Claim;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Ladder;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.PeriodSource;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;

/**
 * Makes the files of a day, of its periods and of its hours: of the files of its hours, and for
 * hours whose files have gone, of what the day's own files have of them. The hours' files are read
 * before the day's: what goes from the one is in the other by then. A file of hours that is made of
 * several of periods is of as many batches as the one of them that has fewest.
 */
final class DayWork {
  private final long periodMs;
  private final ChunkWriter chunks;

  DayWork(long periodMs, ChunkWriter chunks) {
    this.periodMs = periodMs;
    this.chunks = chunks;
  }

  void make(Claim claim, DeletionList deleted) throws CorruptException, OvertakenException {
    int log2 = claim.log2Parts();
    int log2OfHours = Parts.dayHours(log2);
    for (int part = 0; part < 1 << log2OfHours; part++) {
      HourFiles hours = new HourFiles(claim);
      SortedMap<Series, List<Point>> points = new TreeMap<>();
      int batches = Integer.MAX_VALUE;
      for (int fine = part; fine < 1 << log2; fine += 1 << log2OfHours) {
        batches = Math.min(batches, makePeriods(claim, fine, hours, points, deleted));
      }
      ChunkPlace place =
          new ChunkPlace(Span.DAY, Span.HOUR_MS, claim.shard(), claim.startMs(), log2OfHours, part);
      ChunkFile.Builder file = ChunkFile.Builder.ofDay(place, periodMs, batches);
      points.forEach(file::add);
      chunks.writeLevel(file.build());
    }
  }

  /** Makes one file of periods; adds the points of its hours. Returns of how many batches it is. */
  private int makePeriods(
      Claim claim,
      int part,
      HourFiles hours,
      SortedMap<Series, List<Point>> hourPoints,
      DeletionList deleted)
      throws CorruptException, OvertakenException {
    ChunkPlace place =
        new ChunkPlace(Span.DAY, periodMs, claim.shard(), claim.startMs(), claim.log2Parts(), part);
    Map<Long, List<PeriodSource>> ofHours = hours.ofPart(part);
    ChunkVersions present = chunks.read(place);
    Names.Builder names = new Names.Builder();
    SortedMap<Series, List<Point>> periods = new TreeMap<>();
    for (long hour = claim.startMs();
        hour < Span.DAY.endOf(claim.startMs());
        hour += Span.HOUR_MS) {
      List<PeriodSource> sources = new ArrayList<>(ofHours.getOrDefault(hour, List.of()));
      sources.addAll(ChunkWriter.sources(present, hour, Span.HOUR.endOf(hour)));
      PeriodSource chosen = PeriodSource.choose(sources, Names.none());
      if (chosen != null) {
        names.addAll(chosen.names());
        chosen.forEach(
            place::holds,
            (series, points) ->
                periods.computeIfAbsent(series, s -> new ArrayList<>()).addAll(points));
      }
    }
    ChunkFile.Builder file = ChunkFile.Builder.ofPeriods(place, periodMs, names.build());
    without(periods, deleted)
        .forEach(
            (series, points) -> {
              file.add(series, points);
              hourPoints.put(series, level(series, points, Span.HOUR_MS));
            });
    ChunkFile built = file.build();
    chunks.write(present, built);
    return built.batches();
  }

  /** These points but for those that were deleted. */
  static SortedMap<Series, List<Point>> without(
      SortedMap<Series, List<Point>> all, DeletionList deleted) {
    SortedMap<Series, List<Point>> rest = new TreeMap<>(all);
    deleted
        .untilMs()
        .forEach(
            (series, untilMs) ->
                rest.computeIfPresent(
                    series,
                    (s, points) -> points.stream().filter(p -> p.startMs() >= untilMs).toList()));
    rest.values().removeIf(List::isEmpty);
    return rest;
  }

  /** The points of one level above these periods. */
  static List<Point> level(Series series, List<Point> periods, long levelMs) {
    List<Point> made = new ArrayList<>();
    Ladder ladder =
        new Ladder(
            series.kind(),
            levelMs,
            (resolutionMs, point) -> {
              if (resolutionMs == levelMs) {
                made.add(point);
              }
            });
    periods.forEach(point -> ladder.add(1, point));
    ladder.end();
    return made;
  }

  /** The files of a day's hours, each read once for all the parts of the day that it serves. */
  private final class HourFiles {
    private final Claim claim;
    private final Map<ChunkPlace, ChunkVersions> read = new HashMap<>();

    HourFiles(Claim claim) {
      this.claim = claim;
    }

    Map<Long, List<PeriodSource>> ofPart(int part) throws CorruptException {
      Map<Long, ChunkPlace> places = new TreeMap<>();
      List<ChunkPlace> unread = new ArrayList<>();
      long endMs = Span.DAY.endOf(claim.startMs());
      for (Map.Entry<Long, Catalog.Files> entry :
          claim.catalog().files(Span.HOUR).subMap(claim.startMs(), endMs).entrySet()) {
        int log2 = entry.getValue().log2Parts();
        if (log2 > claim.log2Parts()) {
          throw new CorruptException(
              "the hour at " + entry.getKey() / 1000 + " has more parts than its day");
        }
        ChunkPlace place =
            new ChunkPlace(
                Span.HOUR, periodMs, claim.shard(), entry.getKey(), log2, part & ((1 << log2) - 1));
        places.put(entry.getKey(), place);
        if (!read.containsKey(place)) {
          unread.add(place);
        }
      }
      read.putAll(chunks.read(unread));
      Map<Long, List<PeriodSource>> sources = new TreeMap<>();
      places.forEach(
          (hour, place) -> {
            @Nullable ChunkVersions versions = read.get(place);
            if (versions != null) {
              sources.put(hour, ChunkWriter.sources(versions, hour, Span.HOUR.endOf(hour)));
            }
          });
      return sources;
    }
  }
}
