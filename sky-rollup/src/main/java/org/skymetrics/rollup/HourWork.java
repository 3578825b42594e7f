package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.CatalogWork.Claim;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Extras;
import org.skymetrics.store.chunk.Mark;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.PeriodSource;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;

/**
 * Makes the files of an hour: of the blocks of those windows that are marked, and of the files that
 * are there. What the files have of a marked window is left out where its blocks have all of it,
 * which they have until they are retired; so the files are a pure function of the blocks and of
 * what was deleted, which is left out.
 */
final class HourWork {
  private static final int BLOCKS_AT_ONCE = 16;
  private static final long MOST_CELLS = 1_000_000;

  private final Period period;
  private final BlockShelf blocks;
  private final ChunkWriter chunks;

  HourWork(Period period, BlockShelf blocks, ChunkWriter chunks) {
    this.period = period;
    this.blocks = blocks;
    this.chunks = chunks;
  }

  void make(Claim claim, int series, DeletionList deleted)
      throws DamagedValueException, CorruptException, OvertakenException {
    List<ShardPeriod> marked = markedPeriods(claim);
    int parts = 1 << claim.log2Parts();
    long cells = (long) series * marked.size();
    int atOnce = (int) Math.max(1, Math.min(parts, parts * MOST_CELLS / Math.max(1, cells)));
    for (int first = 0; first < parts; first += atOnce) {
      makeParts(claim, marked, first, Math.min(parts, first + atOnce), deleted);
    }
  }

  private List<ShardPeriod> markedPeriods(Claim claim) {
    SortedSet<Long> windows = new TreeSet<>();
    for (Mark mark : claim.catalog().marks(Span.HOUR, claim.startMs())) {
      windows.add(mark.startMs());
    }
    List<ShardPeriod> places = new ArrayList<>();
    for (long window : windows) {
      places.addAll(Windows.places(claim.shard(), window, Span.FIVE_MINUTES_MS, period));
    }
    return places;
  }

  private void makeParts(
      Claim claim, List<ShardPeriod> marked, int first, int end, DeletionList deleted)
      throws DamagedValueException, CorruptException, OvertakenException {
    List<Extras> parts = new ArrayList<>();
    for (int part = first; part < end; part++) {
      parts.add(new Extras());
    }
    int log2 = claim.log2Parts();
    for (int from = 0; from < marked.size(); from += BLOCKS_AT_ONCE) {
      List<ShardPeriod> some = marked.subList(from, Math.min(marked.size(), from + BLOCKS_AT_ONCE));
      for (Block block : blocks.read(some).values()) {
        for (Batch batch : block.batches().values()) {
          Extras.add(
              batch,
              parts,
              series -> {
                int part = ChunkPlace.partOf(series.key(), log2);
                return part >= first && part < end ? part - first : Extras.NO_PART;
              });
        }
      }
    }
    for (int part = first; part < end; part++) {
      makePart(claim, part, parts.get(part - first), deleted);
    }
  }

  private void makePart(Claim claim, int part, Extras extras, DeletionList deleted)
      throws CorruptException, OvertakenException {
    ChunkPlace place =
        new ChunkPlace(
            Span.HOUR, period.lengthMs(), claim.shard(), claim.startMs(), claim.log2Parts(), part);
    ChunkVersions present = chunks.read(place);
    List<ChunkPlace> ofDay = ofDay(claim, part);
    Names names = null;
    SortedMap<Series, List<Point>> united = new TreeMap<>();
    for (ChunkPlace some : ofDay.isEmpty() ? List.of(place) : ofDay) {
      PeriodSource base = base(claim, present, some, extras);
      Names here = ChunkWriter.names(base).with(extras.names());
      if (names != null && !(here.covers(names) && names.covers(here))) {
        throw new OvertakenException(some.historyKey() + " has other batches than other parts");
      }
      names = here;
      united.putAll(extras.unite(base, key -> place.holds(key) && some.holds(key)));
    }
    ChunkFile.Builder file =
        ChunkFile.Builder.ofPeriods(
            place, period.lengthMs(), names == null ? extras.names() : names);
    DayWork.without(united, deleted).forEach(file::add);
    chunks.write(present, file.build());
  }

  /** Of what the hour's file has, and a file of its day, that which lacks nothing. */
  private @Nullable PeriodSource base(
      Claim claim, ChunkVersions present, ChunkPlace other, Extras extras) throws CorruptException {
    long endMs = Span.HOUR.endOf(claim.startMs());
    List<PeriodSource> sources = ChunkWriter.sources(present, claim.startMs(), endMs);
    if (!other.equals(present.place())) {
      sources.addAll(ChunkWriter.sources(chunks.read(other), claim.startMs(), endMs));
    }
    return PeriodSource.choose(sources, extras.names());
  }

  /**
   * The files of the day that may have what the hour's files had: those have gone where all of them
   * went into the day, which may be of more parts.
   */
  private List<ChunkPlace> ofDay(Claim claim, int part) {
    long dayMs = Span.DAY.startOf(claim.startMs());
    Catalog.@Nullable Files day = claim.catalog().files(Span.DAY).get(dayMs);
    if (day == null || day.kept() != Catalog.DAY_PERIODS) {
      return List.of();
    }
    int log2 = day.log2Parts();
    int shared = Math.min(log2, claim.log2Parts());
    List<ChunkPlace> places = new ArrayList<>();
    for (int of = part & ((1 << shared) - 1); of < 1 << log2; of += 1 << shared) {
      places.add(new ChunkPlace(Span.DAY, period.lengthMs(), claim.shard(), dayMs, log2, of));
    }
    return places;
  }
}
