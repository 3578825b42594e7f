package org.skymetrics.store.block;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;

/**
 * The series of a shard that were deleted, each with the start of the first period from which it
 * counts again: what history holds of earlier periods is passed over by all that read it, and left
 * out of what is made anew. United by the later time, and never shortened, so a stale sibling, a
 * batch that comes late or a backup brings nothing back. Immutable.
 */
public final class DeletionList {
  private static final String MAGIC = "SkyD";
  private static final String WHAT = "deletion list";

  private final SortedMap<Series, Long> untilMs;

  private DeletionList(SortedMap<Series, Long> untilMs) {
    this.untilMs = Collections.unmodifiableSortedMap(untilMs);
  }

  public static DeletionList empty() {
    return new DeletionList(new TreeMap<>());
  }

  /** The key in history of the list of this shard. */
  public static String historyKey(int shard) {
    return "deleted/" + shard;
  }

  /** The series, each with the start of the first period that counts again, ms since 1970. */
  public SortedMap<Series, Long> untilMs() {
    return untilMs;
  }

  /** From when on a series counts, ms; {@link Long#MIN_VALUE} where it was never deleted. */
  public long untilMs(Series series) {
    return untilMs.getOrDefault(series, Long.MIN_VALUE);
  }

  /** Whether what a series counted in the period that starts then was deleted. */
  public boolean isDeleted(Series series, long periodStartMs) {
    return periodStartMs < untilMs(series);
  }

  /** This list and these, each at the later of its times. */
  public DeletionList with(Map<Series, Long> more) {
    return new DeletionList(SeriesTimes.latest(untilMs, more));
  }

  public byte[] toBytes() {
    return SeriesTimes.toBytes(untilMs, MAGIC);
  }

  /**
   * Reads a stored list.
   *
   * @throws CorruptException where it is not one
   */
  public static DeletionList parse(byte[] bytes) throws CorruptException {
    return new DeletionList(SeriesTimes.parse(bytes, MAGIC, WHAT));
  }
}
