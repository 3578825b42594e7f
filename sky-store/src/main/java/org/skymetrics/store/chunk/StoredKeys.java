package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;

/**
 * The keys of all that history has of a shard by its catalogue, but for the lists and the catalogue
 * itself. Some of the keys may have no value. They come in the order in which data moves, blocks,
 * hours, days, months: who reads them in this order finds what left one place in a later one.
 */
public final class StoredKeys {
  private final int shard;
  private final Period period;

  public StoredKeys(int shard, Period period) {
    this.shard = shard;
    this.period = period;
  }

  /** All keys. */
  public List<String> all(Catalog catalog) {
    List<String> keys = new ArrayList<>();
    catalog.blocks().forEach(hour -> addBlocks(keys, hour));
    for (Span span : Span.values()) {
      catalog.files(span).forEach((startMs, files) -> addFiles(keys, span, startMs, files));
    }
    return keys;
  }

  /** The keys of those hours, days and months of a catalogue that the other does not have so. */
  public List<String> changed(Catalog catalog, Catalog before) {
    List<String> keys = new ArrayList<>();
    for (long hour : catalog.blocks()) {
      if (!before.blocks().contains(hour) || isMarked(Span.HOUR, hour, catalog, before)) {
        addBlocks(keys, hour);
      }
    }
    for (Span span : Span.values()) {
      catalog
          .files(span)
          .forEach(
              (startMs, files) -> {
                boolean isSame = files.equals(before.files(span).get(startMs));
                if (!isSame || isMarked(span, startMs, catalog, before)) {
                  addFiles(keys, span, startMs, files);
                }
              });
    }
    return keys;
  }

  private static boolean isMarked(Span span, long startMs, Catalog one, Catalog other) {
    return !one.marks(span, startMs).equals(other.marks(span, startMs));
  }

  private void addBlocks(List<String> keys, long hourMs) {
    long endMs = Span.HOUR.endOf(hourMs);
    for (long startMs = hourMs; startMs < endMs; startMs += period.lengthMs()) {
      keys.add(Block.historyKey(new ShardPeriod(shard, startMs)));
    }
  }

  /** The places of the files of one span. */
  public List<ChunkPlace> places(Span span, long startMs, Catalog.Files files) {
    List<ChunkPlace> places = new ArrayList<>();
    switch (span) {
      case HOUR -> addParts(places, span, period.lengthMs(), startMs, files);
      case DAY -> {
        if (files.kept() == Catalog.DAY_PERIODS) {
          addParts(places, span, period.lengthMs(), startMs, files);
        } else if (files.kept() == Catalog.DAY_FIVE_MINUTES) {
          addParts(places, span, Span.FIVE_MINUTES_MS, startMs, files);
        }
        addParts(places, span, Span.HOUR_MS, startMs, files);
      }
      case MONTH -> {
        if (files.kept() == Catalog.MONTH_ALL) {
          addParts(places, span, Span.HOUR_MS, startMs, files);
        }
        if (files.kept() != Catalog.MONTH_NOTHING) {
          addParts(places, span, Span.DAY_MS, startMs, files);
        }
      }
    }
    return places;
  }

  private void addFiles(List<String> keys, Span span, long startMs, Catalog.Files files) {
    places(span, startMs, files).forEach(place -> keys.add(place.historyKey()));
  }

  private void addParts(
      List<ChunkPlace> places, Span span, long resolutionMs, long startMs, Catalog.Files files) {
    int log2 = ChunkPlace.log2Parts(span, resolutionMs, files.log2Parts());
    for (int part = 0; part < 1 << log2; part++) {
      places.add(new ChunkPlace(span, resolutionMs, shard, startMs, log2, part));
    }
  }
}
