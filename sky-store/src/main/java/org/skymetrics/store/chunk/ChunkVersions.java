package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * A chunk file as it was found in history: its siblings, and what replaces them.
 *
 * @param place where it was looked for
 * @param siblings none where there is none
 * @param context has seen the siblings
 */
public record ChunkVersions(ChunkPlace place, List<ChunkFile> siblings, Context context) {
  /**
   * Reads files.
   *
   * @throws CorruptException where a sibling of one can't be read
   */
  public static Map<ChunkPlace, ChunkVersions> read(
      HistoryStore history, Collection<ChunkPlace> places) throws CorruptException {
    Map<String, Versions> found = history.get(places.stream().map(ChunkPlace::historyKey).toList());
    Map<ChunkPlace, ChunkVersions> all = new LinkedHashMap<>();
    for (ChunkPlace place : places) {
      Versions versions = found.get(place.historyKey());
      if (versions == null) {
        throw new IllegalStateException(history.describe() + " left out a key it was asked for");
      }
      List<ChunkFile> siblings = new ArrayList<>(1);
      for (byte[] value : versions.values()) {
        try {
          siblings.add(ChunkFile.parse(place, value));
        } catch (CorruptException e) {
          throw new CorruptException(place.historyKey() + ": " + e.getMessage());
        }
      }
      all.put(place, new ChunkVersions(place, siblings, versions.context()));
    }
    return all;
  }

  public boolean isEmpty() {
    return siblings.isEmpty();
  }

  /** Whether just these bytes are there. */
  public boolean isAlready(byte[] bytes) {
    return siblings.size() == 1 && Arrays.equals(siblings.get(0).bytes(), bytes);
  }

  /** Of a level: the sibling that was made of most; null where there is none. */
  public @Nullable ChunkFile fullest() {
    ChunkFile best = null;
    for (ChunkFile file : siblings) {
      if (best == null || file.batches() > best.batches()) {
        best = file;
      }
    }
    return best;
  }
}
