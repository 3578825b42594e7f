package org.skymetrics.store.block;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;

/**
 * The series of a shard that history has seen, each with the last period it was seen in. United by
 * the later one. Immutable.
 */
public final class KeyList {
  private static final String MAGIC = "SkyN";
  private static final String WHAT = "key list";

  private final SortedMap<Series, Long> lastSeenMs;

  private KeyList(SortedMap<Series, Long> lastSeenMs) {
    this.lastSeenMs = Collections.unmodifiableSortedMap(lastSeenMs);
  }

  public static KeyList empty() {
    return new KeyList(new TreeMap<>());
  }

  /** The key in history of the list of this shard. */
  public static String historyKey(int shard) {
    return "keys/" + shard;
  }

  /** The series, each with the start of the last period it was seen in, ms since 1970. */
  public SortedMap<Series, Long> lastSeenMs() {
    return lastSeenMs;
  }

  /** This list and these, each at the later of its times. */
  public KeyList with(Map<Series, Long> more) {
    return new KeyList(SeriesTimes.latest(lastSeenMs, more));
  }

  /** This list without what a deletion list says is gone. */
  public KeyList without(DeletionList deleted) {
    TreeMap<Series, Long> rest = new TreeMap<>(lastSeenMs);
    deleted
        .untilMs()
        .forEach(
            (series, ms) -> rest.computeIfPresent(series, (s, seen) -> seen < ms ? null : seen));
    return new KeyList(rest);
  }

  public byte[] toBytes() {
    return SeriesTimes.toBytes(lastSeenMs, MAGIC);
  }

  /**
   * Reads a stored list.
   *
   * @throws CorruptException where it is not one
   */
  public static KeyList parse(byte[] bytes) throws CorruptException {
    return new KeyList(SeriesTimes.parse(bytes, MAGIC, WHAT));
  }

  /** Takes a series and the start of the last period it was seen in, ms since 1970. */
  @FunctionalInterface
  public interface Visitor {
    void seen(Series series, long lastSeenMs);
  }

  /**
   * Visits the series of a stored list, in order.
   *
   * @throws CorruptException where it is not one, perhaps after some visits
   */
  public static void read(byte[] bytes, Visitor visitor) throws CorruptException {
    SeriesTimes.read(bytes, MAGIC, WHAT, visitor);
  }

  /**
   * Whether a stored list has all series of these batches, and the time of none of them is {@code
   * staleMs} behind or more: found out by walking along both, for it is asked for each batch.
   *
   * @throws CorruptException where it is not a list, or a batch can't be read
   */
  public static boolean covers(byte[] bytes, Collection<Batch> batches, long staleMs)
      throws CorruptException {
    SeriesTable list = SeriesTimes.table(bytes, MAGIC, WHAT);
    for (Batch batch : batches) {
      if (!covers(list.walk(), batch.walk(), batch.place().startMs() - staleMs)) {
        return false;
      }
    }
    return true;
  }

  private static boolean covers(SeriesTable.Walk list, SeriesTable.Walk batch, long afterMs)
      throws CorruptException {
    while (batch.next()) {
      if (!list.seek(batch) || SeriesTimes.timeMs(list.payload(), WHAT) <= afterMs) {
        return false;
      }
    }
    return true;
  }

  /**
   * A stored list with the series of a batch, each at the later of its times: what {@link
   * #with(Map)} gives, made by walking along both.
   *
   * @throws CorruptException where it is not a list, or the batch can't be read
   */
  public static byte[] with(byte[] bytes, Batch batch) throws CorruptException {
    return SeriesTimes.with(bytes, batch.walk(), batch.place().startMs(), MAGIC, WHAT);
  }
}
