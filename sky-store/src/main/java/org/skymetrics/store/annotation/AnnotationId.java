package org.skymetrics.store.annotation;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * The name of an annotation, which stays when it is edited: the day that it was first of, on whose
 * shelf it is found, and 12 bytes of a hash. As text 32 hex digits.
 *
 * @param day since 1970, UTC
 */
public record AnnotationId(long day, String hash) implements Comparable<AnnotationId> {
  public static final long DAY_MS = 86_400_000;
  static final int HASH_BYTES = 12;
  private static final long MAX_DAY = Annotation.MAX_TIME_MS / DAY_MS;

  /** The id of an annotation of this time, from the first bytes of a hash. */
  static AnnotationId of(long timeMs, byte[] hash) {
    return new AnnotationId(
        dayOf(timeMs), HexFormat.of().formatHex(Arrays.copyOf(hash, HASH_BYTES)));
  }

  /** The day, since 1970, of a time in ms. */
  public static long dayOf(long timeMs) {
    return Math.floorDiv(timeMs, DAY_MS);
  }

  /** The id of this text, or null where it is none. */
  public static @Nullable AnnotationId parse(String text) {
    if (!text.matches("[0-9a-f]{32}")) {
      return null;
    }
    long day = Long.parseLong(text.substring(0, 8), 16);
    return day < MAX_DAY ? new AnnotationId(day, text.substring(8)) : null;
  }

  void write(ByteWriter out) {
    out.raw(HexFormat.of().parseHex(toString()));
  }

  static AnnotationId read(ByteReader in) {
    long day = in.u32() & 0xffff_ffffL;
    if (day >= MAX_DAY) {
      in.fail();
    }
    return new AnnotationId(day, HexFormat.of().formatHex(in.raw(HASH_BYTES)));
  }

  @Override
  public int compareTo(AnnotationId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return "%08x".formatted(day) + hash;
  }
}
