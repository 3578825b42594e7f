package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;

/**
 * The periods of one chunk file that lie in some time: a sibling of an hour, or that much of a day.
 *
 * @param file a file of periods
 * @param fromMs the start of the time (included)
 * @param toMs its end (not included)
 */
public record PeriodSource(ChunkFile file, long fromMs, long toMs) {
  /** All of a file. */
  public static PeriodSource all(ChunkFile file) {
    return new PeriodSource(file, file.place().startMs(), file.place().endMs());
  }

  /** The batches that went into it. */
  public Names names() throws CorruptException {
    return file.names().between(fromMs, toMs);
  }

  /** The points of a series. */
  public List<Point> find(Series series) throws CorruptException {
    return cut(file.find(series));
  }

  /** Visits the series that have points, and whose key is wanted. */
  public void forEach(Predicate<Key> wanted, ChunkFile.Visitor visitor) throws CorruptException {
    file.forEach(
        wanted,
        (series, points) -> {
          List<Point> cut = cut(points);
          if (!cut.isEmpty()) {
            visitor.chunk(series, cut);
          }
        });
  }

  private List<Point> cut(List<Point> points) {
    if (points.isEmpty()
        || (points.get(0).startMs() >= fromMs && points.get(points.size() - 1).startMs() < toMs)) {
      return points;
    }
    List<Point> cut = new ArrayList<>();
    for (Point point : points) {
      if (point.startMs() >= fromMs && point.startMs() < toMs) {
        cut.add(point);
      }
    }
    return cut;
  }

  /**
   * Of several sources for the same time the one that lacks nothing: all that the others were made
   * from went into it, or is at hand. Null where there are none.
   *
   * @param atHand the names of batches that can be united with it
   * @throws CorruptException where none is enough
   */
  public static @Nullable PeriodSource choose(List<PeriodSource> sources, Names atHand)
      throws CorruptException {
    if (sources.size() <= 1) {
      return sources.isEmpty() ? null : sources.get(0);
    }
    PeriodSource best = null;
    for (PeriodSource source : sources) {
      Names reach = source.names().with(atHand);
      boolean enough = true;
      for (PeriodSource other : sources) {
        enough = enough && reach.covers(other.names());
      }
      if (enough && (best == null || source.names().covers(best.names()))) {
        best = source;
      }
    }
    if (best == null) {
      throw new CorruptException(
          "of the versions of "
              + sources.get(0).file().place().historyKey()
              + " none has what the others have");
    }
    return best;
  }
}
