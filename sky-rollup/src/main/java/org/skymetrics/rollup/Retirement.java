package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.Catalog.Files;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.PeriodSource;
import org.skymetrics.store.chunk.Span;

/**
 * Removes blocks that are in the files of their hour, and files of hours that are in those of their
 * day: just the versions that were read, and only after every part of the files above was read and
 * found to have all their batches.
 */
final class Retirement {
  private final Period period;
  private final BlockShelf blocks;
  private final ChunkWriter chunks;
  private final CatalogWork catalogs;
  private final Counters counters;

  Retirement(
      Period period,
      BlockShelf blocks,
      ChunkWriter chunks,
      CatalogWork catalogs,
      Counters counters) {
    this.period = period;
    this.blocks = blocks;
    this.chunks = chunks;
    this.catalogs = catalogs;
    this.counters = counters;
  }

  /**
   * Removes the blocks of an hour that is not marked. What the files above lack is marked, so that
   * they are made again: who wrote such a block died before it could mark it, and where all other
   * copies of its batch were lost nobody else does.
   *
   * @return whether something was done
   */
  boolean retireBlocks(int shard, long hourMs, Catalog catalog)
      throws DamagedValueException, CorruptException {
    Files day = catalog.files(Span.DAY).get(Span.DAY.startOf(hourMs));
    if (day != null && day.kept() != Catalog.DAY_PERIODS) {
      return false;
    }
    List<Names> above = namesAbove(shard, hourMs, catalog.files(Span.HOUR).get(hourMs), day);
    List<ShardPeriod> places = Windows.places(shard, hourMs, Span.HOUR_MS, period);
    List<ShardPeriod> lacking =
        blocks.remove(
            places,
            block -> !above.isEmpty() && above.stream().allMatch(names -> covers(names, block)));
    if (!lacking.isEmpty()) {
      counters.add(RollupCounter.SPANS_NOT_COVERED, lacking.size());
      catalogs.mark(shard, lacking);
      return true;
    }
    catalogs.change(shard, c -> c.marks(Span.HOUR, hourMs).isEmpty() ? c.withoutBlocks(hourMs) : c);
    return nameAgain(shard, hourMs, places);
  }

  /**
   * Names an hour again that has blocks: one that was written after it was read here was not
   * removed, and who wrote it found the hour named.
   *
   * @return whether there are none
   */
  private boolean nameAgain(int shard, long hourMs, List<ShardPeriod> places)
      throws DamagedValueException {
    boolean isEmpty = blocks.read(places).isEmpty();
    if (!isEmpty) {
      catalogs.change(shard, c -> c.withBlocks(List.of(hourMs)));
    }
    return isEmpty;
  }

  private static boolean covers(Names names, Block block) {
    return names.at(block.place().startMs()).containsAll(block.names());
  }

  /** Whether a block has all that came to its place: none of it went into files before. */
  boolean isWhole(Block block) throws DamagedValueException {
    ShardPeriod place = block.place();
    Catalog catalog = catalogs.read(place.shard());
    try {
      for (Span span : List.of(Span.HOUR, Span.DAY)) {
        long startMs = span.startOf(place.startMs());
        Files files = catalog.files(span).get(startMs);
        if (files != null && !block.names().containsAll(named(span, startMs, files, place))) {
          return false;
        }
      }
      return true;
    } catch (CorruptException e) {
      throw new DamagedValueException(RollupCounter.CHUNKS_DAMAGED, String.valueOf(e.getMessage()));
    }
  }

  /** What the files of a span were made from of a place, by the first: each part knows all. */
  private Set<BatchName> named(Span span, long startMs, Files files, ShardPeriod place)
      throws CorruptException {
    Set<BatchName> named = new HashSet<>();
    ChunkPlace first =
        new ChunkPlace(span, period.lengthMs(), place.shard(), startMs, files.log2Parts(), 0);
    for (ChunkFile file : chunks.read(first).siblings()) {
      named.addAll(file.names().at(place.startMs()));
    }
    return named;
  }

  /**
   * What each part of the files that hold an hour was made from; none where there are no files. An
   * hour whose files went into the day's is still named where something came while they went: what
   * is gone of it the day has.
   */
  private List<Names> namesAbove(int shard, long hourMs, @Nullable Files hour, @Nullable Files day)
      throws CorruptException {
    List<Names> above = new ArrayList<>();
    boolean isWhole = hour != null;
    if (hour != null) {
      for (ChunkVersions part : parts(shard, Span.HOUR, hourMs, hour.log2Parts())) {
        isWhole &= !part.isEmpty();
        if (!part.isEmpty() || day == null) {
          above.add(ChunkWriter.names(choose(part, hourMs, Span.HOUR.endOf(hourMs))));
        }
      }
    }
    if (day != null && !isWhole) {
      long dayMs = Span.DAY.startOf(hourMs);
      for (ChunkVersions part : parts(shard, Span.DAY, dayMs, day.log2Parts())) {
        above.add(ChunkWriter.names(choose(part, dayMs, Span.DAY.endOf(dayMs))));
      }
    }
    return above;
  }

  private List<ChunkVersions> parts(int shard, Span span, long startMs, int log2)
      throws CorruptException {
    List<ChunkVersions> parts = new ArrayList<>();
    for (int part = 0; part < 1 << log2; part++) {
      parts.add(chunks.read(new ChunkPlace(span, period.lengthMs(), shard, startMs, log2, part)));
    }
    return parts;
  }

  private static @Nullable PeriodSource choose(ChunkVersions versions, long fromMs, long toMs)
      throws CorruptException {
    return PeriodSource.choose(ChunkWriter.sources(versions, fromMs, toMs), Names.none());
  }

  /** Removes the files of these hours, of a day that is not marked. Returns whether any went. */
  boolean retireHours(int shard, long dayMs, List<Long> hours, Catalog catalog)
      throws DamagedValueException, CorruptException {
    Files day = catalog.files(Span.DAY).get(dayMs);
    if (day == null || day.kept() != Catalog.DAY_PERIODS) {
      return false;
    }
    Map<ChunkPlace, ChunkVersions> seen = new HashMap<>();
    Set<Long> covered = new HashSet<>(hours);
    for (int part = 0; part < 1 << day.log2Parts(); part++) {
      // The hours' files first: what is in them when they are read, the day's must have.
      Map<Long, ChunkVersions> ofHours = readHours(shard, hours, part, catalog, seen);
      ChunkPlace place =
          new ChunkPlace(Span.DAY, period.lengthMs(), shard, dayMs, day.log2Parts(), part);
      Names names = ChunkWriter.names(choose(chunks.read(place), dayMs, Span.DAY.endOf(dayMs)));
      for (Map.Entry<Long, ChunkVersions> entry : ofHours.entrySet()) {
        for (ChunkFile file : entry.getValue().siblings()) {
          if (!names.covers(file.names())) {
            covered.remove(entry.getKey());
          }
        }
      }
    }
    if (covered.size() < hours.size()) {
      counters.add(RollupCounter.SPANS_NOT_COVERED, hours.size() - covered.size());
    }
    for (long hour : covered) {
      chunks.remove(seen.values().stream().filter(v -> v.place().startMs() == hour).toList());
    }
    catalogs.change(shard, c -> withoutHours(c, dayMs, covered));
    return !covered.isEmpty();
  }

  private static Catalog withoutHours(Catalog catalog, long dayMs, Set<Long> hours) {
    Catalog rest = catalog;
    for (long hour : hours) {
      if (catalog.marks(Span.DAY, dayMs).isEmpty() && catalog.marks(Span.HOUR, hour).isEmpty()) {
        rest = rest.withoutHour(hour);
      }
    }
    return rest;
  }

  private Map<Long, ChunkVersions> readHours(
      int shard, List<Long> hours, int part, Catalog catalog, Map<ChunkPlace, ChunkVersions> seen)
      throws CorruptException {
    Map<Long, ChunkVersions> read = new HashMap<>();
    for (long hour : hours) {
      Files files = catalog.files(Span.HOUR).get(hour);
      if (files != null) {
        int log2 = files.log2Parts();
        ChunkPlace place =
            new ChunkPlace(
                Span.HOUR, period.lengthMs(), shard, hour, log2, part & ((1 << log2) - 1));
        ChunkVersions versions = seen.get(place);
        if (versions == null) {
          versions = chunks.read(place);
          seen.put(place, versions);
        }
        read.put(hour, versions);
      }
    }
    return read;
  }
}
