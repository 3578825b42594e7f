package org.skymetrics.store.chunk;

import org.skymetrics.common.key.Key;

/**
 * Where a chunk file is: of which span, resolution, shard and part. The part of a series is a
 * function of its key alone.
 */
public record ChunkPlace(
    Span span, long resolutionMs, int shard, long startMs, int log2Parts, int part) {
  /** Files are made for at most this many parts. */
  public static final int MAX_LOG2_PARTS = 16;

  /** How much less the log2 of the parts of a day's hours is. */
  public static final int DAY_HOURS_FEWER = 3;

  private static final int MONTH_DAYS_FEWER = 4;
  private static final int GOLDEN = 0x9E3779B9;

  public ChunkPlace {
    if (log2Parts < 0 || log2Parts > MAX_LOG2_PARTS || part < 0 || part >= 1 << log2Parts) {
      throw new IllegalArgumentException("part " + part + " of 2^" + log2Parts);
    }
  }

  /**
   * The place of the file that holds a key.
   *
   * @param log2OfSpan the parts that the catalogue has of the span
   */
  public static ChunkPlace of(
      Span span, long resolutionMs, int shard, long startMs, int log2OfSpan, Key key) {
    int log2 = log2Parts(span, resolutionMs, log2OfSpan);
    return new ChunkPlace(span, resolutionMs, shard, startMs, log2, partOf(key, log2));
  }

  /** The parts of the files of one resolution, where the catalogue has {@code log2OfSpan}. */
  public static int log2Parts(Span span, long resolutionMs, int log2OfSpan) {
    if (span == Span.DAY && resolutionMs == Span.HOUR_MS) {
      return Math.max(0, log2OfSpan - DAY_HOURS_FEWER);
    }
    return span == Span.MONTH && resolutionMs == Span.DAY_MS
        ? Math.max(0, log2OfSpan - MONTH_DAYS_FEWER)
        : log2OfSpan;
  }

  /** The key in history. */
  public String historyKey() {
    return "chunk/"
        + span.label()
        + "/"
        + resolutionMs / 1000
        + "/"
        + shard
        + "/"
        + startMs / 1000
        + "/"
        + log2Parts
        + "."
        + part;
  }

  /** The part of 2^{@code log2Parts} that a key belongs to. */
  public static int partOf(Key key, int log2Parts) {
    return ((key.hashCode() * GOLDEN) >>> 8) & ((1 << log2Parts) - 1);
  }

  /** Whether this is the part of that key. */
  public boolean holds(Key key) {
    return partOf(key, log2Parts) == part;
  }

  long endMs() {
    return span.endOf(startMs);
  }
}
