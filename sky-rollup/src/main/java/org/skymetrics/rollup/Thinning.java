package org.skymetrics.rollup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.Catalog.Files;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.PeriodSource;
import org.skymetrics.store.chunk.Span;

/**
 * Removes what is older than it is to be kept: of a day the periods, for which its 5 minutes are
 * written first, then those; of a month the hours, then the days. Never what is marked, or not yet
 * in the files above it.
 */
final class Thinning {
  private final long periodMs;
  private final ChunkWriter chunks;
  private final CatalogWork catalogs;
  private final Retention keep;
  private final Counters counters;

  Thinning(
      long periodMs, ChunkWriter chunks, CatalogWork catalogs, Retention keep, Counters counters) {
    this.periodMs = periodMs;
    this.chunks = chunks;
    this.catalogs = catalogs;
    this.keep = keep;
    this.counters = counters;
  }

  /**
   * Thins the oldest span that has too much.
   *
   * @return whether there was one
   */
  boolean thinOne(int shard, Catalog catalog, long nowMs)
      throws DamagedValueException, CorruptException, OvertakenException {
    for (Map.Entry<Long, Files> day : catalog.files(Span.DAY).entrySet()) {
      int wanted = keptOfDay(nowMs - Span.DAY.endOf(day.getKey()));
      if (day.getValue().kept() < wanted && isSettled(catalog, day.getKey())) {
        thinDay(shard, day.getKey(), day.getValue(), wanted);
        return true;
      }
    }
    for (Map.Entry<Long, Files> month : catalog.files(Span.MONTH).entrySet()) {
      long startMs = month.getKey();
      int wanted = keptOfMonth(nowMs - Span.MONTH.endOf(startMs));
      if (month.getValue().kept() < wanted && catalog.marks(Span.MONTH, startMs).isEmpty()) {
        thinMonth(shard, startMs, month.getValue(), wanted);
        return true;
      }
    }
    return false;
  }

  private int keptOfDay(long ageMs) {
    int kept = isOver(keep.periods(), ageMs) ? Catalog.DAY_FIVE_MINUTES : Catalog.DAY_PERIODS;
    return isOver(keep.fiveMinutes(), ageMs) ? Catalog.DAY_HOURS : kept;
  }

  private int keptOfMonth(long ageMs) {
    int kept = isOver(keep.hours(), ageMs) ? Catalog.MONTH_DAYS : Catalog.MONTH_ALL;
    return isOver(keep.days(), ageMs) ? Catalog.MONTH_NOTHING : kept;
  }

  private static boolean isOver(Duration kept, long ageMs) {
    return ageMs > kept.toMillis();
  }

  /** Whether all of a day is in its files, and nothing below them is left. */
  private static boolean isSettled(Catalog catalog, long dayMs) {
    long endMs = Span.DAY.endOf(dayMs);
    return catalog.marks(Span.DAY, dayMs).isEmpty()
        && !catalog.isMarked(Span.HOUR, dayMs, endMs)
        && catalog.files(Span.HOUR).subMap(dayMs, endMs).isEmpty()
        && catalog.blocks().subSet(dayMs, endMs).isEmpty();
  }

  private void thinDay(int shard, long dayMs, Files files, int wanted)
      throws DamagedValueException, CorruptException, OvertakenException {
    int log2 = files.log2Parts();
    if (wanted == Catalog.DAY_FIVE_MINUTES) {
      for (ChunkPlace place : places(Span.DAY, periodMs, shard, dayMs, log2)) {
        writeFiveMinutes(place);
      }
    }
    catalogs.change(shard, c -> c.keeping(Span.DAY, dayMs, wanted));
    chunks.removeAll(places(Span.DAY, periodMs, shard, dayMs, log2));
    if (wanted == Catalog.DAY_HOURS) {
      chunks.removeAll(places(Span.DAY, Span.FIVE_MINUTES_MS, shard, dayMs, log2));
    }
    counters.count(RollupCounter.SPANS_THINNED);
  }

  private void writeFiveMinutes(ChunkPlace place) throws CorruptException, OvertakenException {
    ChunkPlace levelPlace =
        new ChunkPlace(
            Span.DAY,
            Span.FIVE_MINUTES_MS,
            place.shard(),
            place.startMs(),
            place.log2Parts(),
            place.part());
    PeriodSource periods =
        PeriodSource.choose(
            ChunkWriter.sources(
                chunks.read(place), place.startMs(), Span.DAY.endOf(place.startMs())),
            Names.none());
    if (periods == null) {
      throw new CorruptException(place.historyKey() + " is not there");
    }
    ChunkFile.Builder file = ChunkFile.Builder.ofDay(levelPlace, periodMs, periods.names().size());
    periods.forEach(
        key -> true,
        (series, points) -> file.add(series, DayWork.level(series, points, Span.FIVE_MINUTES_MS)));
    chunks.writeLevel(file.build());
  }

  private void thinMonth(int shard, long monthMs, Files files, int wanted)
      throws DamagedValueException {
    int log2 = files.log2Parts();
    catalogs.change(shard, c -> c.keeping(Span.MONTH, monthMs, wanted));
    chunks.removeAll(places(Span.MONTH, Span.HOUR_MS, shard, monthMs, log2));
    if (wanted == Catalog.MONTH_NOTHING) {
      chunks.removeAll(places(Span.MONTH, Span.DAY_MS, shard, monthMs, Parts.monthDays(log2)));
    }
    counters.count(RollupCounter.SPANS_THINNED);
  }

  private static List<ChunkPlace> places(
      Span span, long resolutionMs, int shard, long startMs, int log2) {
    List<ChunkPlace> places = new ArrayList<>();
    for (int part = 0; part < 1 << log2; part++) {
      places.add(new ChunkPlace(span, resolutionMs, shard, startMs, log2, part));
    }
    return places;
  }
}
