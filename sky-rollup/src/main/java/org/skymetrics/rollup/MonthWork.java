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
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Ladder;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;

/**
 * Makes the files of a month, of its hours and of its days: of its days' files of hours, and for
 * days whose files have gone, of what the month's own files have of them. Of the two, that counts
 * which was made of more batches.
 */
final class MonthWork {
  private final long periodMs;
  private final ChunkWriter chunks;

  MonthWork(long periodMs, ChunkWriter chunks) {
    this.periodMs = periodMs;
    this.chunks = chunks;
  }

  /** Makes the files; returns the days' files that went into them. */
  List<ChunkVersions> make(Claim claim) throws CorruptException, OvertakenException {
    int log2 = claim.log2Parts();
    int log2OfDays = Parts.monthDays(log2);
    Map<ChunkPlace, ChunkVersions> dayFiles = new HashMap<>();
    for (int part = 0; part < 1 << log2OfDays; part++) {
      SortedMap<Series, List<Point>> days = new TreeMap<>();
      Map<Long, Integer> batches = makeHours(claim, part, dayFiles, days);
      for (int fine = part + (1 << log2OfDays); fine < 1 << log2; fine += 1 << log2OfDays) {
        Map<Long, Integer> ofFine = makeHours(claim, fine, dayFiles, days);
        batches.replaceAll((day, n) -> Math.min(n, ofFine.getOrDefault(day, 0)));
      }
      ChunkPlace place =
          new ChunkPlace(Span.MONTH, Span.DAY_MS, claim.shard(), claim.startMs(), log2OfDays, part);
      ChunkFile.Builder file = ChunkFile.Builder.ofMonth(place, periodMs, batches);
      days.forEach(file::add);
      chunks.writeLevel(file.build());
    }
    return List.copyOf(dayFiles.values());
  }

  private Map<Long, Integer> makeHours(
      Claim claim,
      int part,
      Map<ChunkPlace, ChunkVersions> dayFiles,
      SortedMap<Series, List<Point>> dayPoints)
      throws CorruptException, OvertakenException {
    ChunkPlace place =
        new ChunkPlace(
            Span.MONTH, Span.HOUR_MS, claim.shard(), claim.startMs(), claim.log2Parts(), part);
    Map<Long, ChunkFile> ofDays = readDays(claim, part, dayFiles);
    ChunkVersions present = chunks.read(place);
    Map<Long, Integer> batches = new TreeMap<>();
    SortedMap<Series, List<Point>> hours = new TreeMap<>();
    long endMs = Span.MONTH.endOf(claim.startMs());
    for (long day = claim.startMs(); day < endMs; day += Span.DAY_MS) {
      long from = day;
      ChunkFile own = fullest(present, day);
      int inOwn = own == null ? 0 : own.batchesOfDay(day);
      ChunkFile ofDay = ofDays.get(day);
      int inDay = ofDay == null ? 0 : ofDay.batches();
      ChunkFile chosen = inDay >= inOwn ? ofDay : own;
      if (chosen != null) {
        batches.put(day, Math.max(inDay, inOwn));
        chosen.forEach(
            place::holds,
            (series, points) ->
                points.stream()
                    .filter(p -> p.startMs() >= from && p.startMs() < from + Span.DAY_MS)
                    .forEach(hours.computeIfAbsent(series, s -> new ArrayList<>())::add));
      }
    }
    hours.values().removeIf(List::isEmpty);
    ChunkFile.Builder file = ChunkFile.Builder.ofMonth(place, periodMs, batches);
    hours.forEach(
        (series, points) -> {
          file.add(series, points);
          dayPoints.put(series, days(series, points));
        });
    chunks.write(present, file.build());
    return batches;
  }

  private static @Nullable ChunkFile fullest(ChunkVersions versions, long dayMs)
      throws CorruptException {
    ChunkFile best = null;
    for (ChunkFile file : versions.siblings()) {
      if (best == null || file.batchesOfDay(dayMs) > best.batchesOfDay(dayMs)) {
        best = file;
      }
    }
    return best;
  }

  private Map<Long, ChunkFile> readDays(
      Claim claim, int part, Map<ChunkPlace, ChunkVersions> dayFiles) throws CorruptException {
    Map<Long, ChunkPlace> places = new TreeMap<>();
    List<ChunkPlace> unread = new ArrayList<>();
    long endMs = Span.MONTH.endOf(claim.startMs());
    for (Map.Entry<Long, Catalog.Files> entry :
        claim.catalog().files(Span.DAY).subMap(claim.startMs(), endMs).entrySet()) {
      int log2 = Parts.dayHours(entry.getValue().log2Parts());
      if (log2 > claim.log2Parts()) {
        throw new CorruptException(
            "the day at " + entry.getKey() / 1000 + " has more parts than its month");
      }
      ChunkPlace place =
          new ChunkPlace(
              Span.DAY,
              Span.HOUR_MS,
              claim.shard(),
              entry.getKey(),
              log2,
              part & ((1 << log2) - 1));
      places.put(entry.getKey(), place);
      if (!dayFiles.containsKey(place)) {
        unread.add(place);
      }
    }
    dayFiles.putAll(chunks.read(unread));
    Map<Long, ChunkFile> files = new TreeMap<>();
    places.forEach(
        (day, place) -> {
          ChunkVersions versions = dayFiles.get(place);
          ChunkFile file = versions == null ? null : versions.fullest();
          if (file != null) {
            files.put(day, file);
          }
        });
    return files;
  }

  private static List<Point> days(Series series, List<Point> hours) {
    List<Point> made = new ArrayList<>();
    Ladder ladder =
        new Ladder(
            series.kind(),
            Span.DAY_MS,
            (resolutionMs, point) -> {
              if (resolutionMs == Span.DAY_MS) {
                made.add(point);
              }
            });
    hours.forEach(point -> ladder.add(Span.HOUR_MS, point));
    ladder.end();
    return made;
  }
}
