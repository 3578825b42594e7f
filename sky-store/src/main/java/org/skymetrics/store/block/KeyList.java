package org.skymetrics.store.block;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;

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
}
