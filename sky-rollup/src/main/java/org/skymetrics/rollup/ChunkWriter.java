package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.PeriodSource;
import org.skymetrics.store.history.HistoryStore;

/** Reads and writes chunk files in history, some at a time. */
final class ChunkWriter {
  private static final int AT_ONCE = 64;

  private final HistoryStore history;
  private final Counters counters;

  ChunkWriter(HistoryStore history, Counters counters) {
    this.history = history;
    this.counters = counters;
  }

  Map<ChunkPlace, ChunkVersions> read(Collection<ChunkPlace> places) throws CorruptException {
    return ChunkVersions.read(history, places);
  }

  ChunkVersions read(ChunkPlace place) throws CorruptException {
    ChunkVersions versions = read(List.of(place)).get(place);
    if (versions == null) {
      throw new IllegalStateException("no answer for " + place);
    }
    return versions;
  }

  /** Writes a file in place of what was found, and reads it back. */
  void write(ChunkVersions present, ChunkFile file) throws CorruptException, OvertakenException {
    if (present.isAlready(file.bytes())) {
      return;
    }
    history.put(file.place().historyKey(), file.bytes(), present.context());
    counters.count(RollupCounter.CHUNK_FILES_WRITTEN);
    ChunkVersions readBack = read(file.place());
    if (readBack.isEmpty()) {
      throw new OvertakenException(file.place().historyKey());
    }
    if (!isThere(readBack, file)) {
      throw new CorruptException(file.place().historyKey() + " lacks batches after it was written");
    }
  }

  /**
   * Writes a file of a level, unless there is one that was made of more batches: by another rollup,
   * which read what is below later than this one did, and may have nothing left to do. Its version
   * must not go only because it was seen here. What rollups make a level of only grows, so of two
   * numbers of batches the greater has all of the other.
   */
  void writeLevel(ChunkFile file) throws CorruptException, OvertakenException {
    ChunkVersions present = read(file.place());
    ChunkFile fullest = present.fullest();
    if (fullest == null || fullest.batches() <= file.batches()) {
      write(present, file);
    }
  }

  private static boolean isThere(ChunkVersions versions, ChunkFile written)
      throws CorruptException {
    for (ChunkFile sibling : versions.siblings()) {
      if (sibling.batches() >= written.batches() && sibling.names().covers(written.names())) {
        return true;
      }
    }
    return false;
  }

  /** Removes the files of these places, as far as they were seen. */
  void remove(Collection<ChunkVersions> seen) {
    for (ChunkVersions versions : seen) {
      if (!versions.isEmpty()) {
        history.delete(versions.place().historyKey(), versions.context());
        counters.count(RollupCounter.CHUNK_FILES_REMOVED);
      }
    }
  }

  /** Removes files, whatever is in them. */
  void removeAll(List<ChunkPlace> places) {
    for (int from = 0; from < places.size(); from += AT_ONCE) {
      List<ChunkPlace> some = places.subList(from, Math.min(places.size(), from + AT_ONCE));
      history
          .get(some.stream().map(ChunkPlace::historyKey).toList())
          .forEach(
              (key, versions) -> {
                if (!versions.values().isEmpty()) {
                  history.delete(key, versions.context());
                  counters.count(RollupCounter.CHUNK_FILES_REMOVED);
                }
              });
    }
  }

  /** The siblings of a file of periods, cut to some time. */
  static List<PeriodSource> sources(ChunkVersions versions, long fromMs, long toMs) {
    List<PeriodSource> sources = new ArrayList<>();
    for (ChunkFile file : versions.siblings()) {
      sources.add(new PeriodSource(file, fromMs, toMs));
    }
    return sources;
  }

  /** What a source was made from; nothing of no source. */
  static Names names(@Nullable PeriodSource source) throws CorruptException {
    return source == null ? Names.none() : source.names();
  }
}
