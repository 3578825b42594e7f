package org.skymetrics.store.batch;

import java.util.HexFormat;

/**
 * The name of a batch within its (shard, period): which journal wrote it, and in which segment.
 * Ordered by incarnation, then segment, both unsigned.
 */
public record BatchName(long incarnation, long segment) implements Comparable<BatchName> {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException where it is not 32 hex digits
   */
  public static BatchName parse(String text) {
    if (text.length() != 32) {
      throw new IllegalArgumentException("a batch name is 32 hex digits, not \"" + text + "\"");
    }
    return new BatchName(
        HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
  }

  @Override
  public int compareTo(BatchName other) {
    int order = Long.compareUnsigned(incarnation, other.incarnation);
    return order != 0 ? order : Long.compareUnsigned(segment, other.segment);
  }

  /** 32 hex digits. */
  @Override
  public String toString() {
    return HEX.toHexDigits(incarnation) + HEX.toHexDigits(segment);
  }
}
