package org.skymetrics.server.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of text at a time, the first of them in the low bits of a long: what would be a step
 * for each byte is one for all.
 */
final class Words {
  /** Reads and writes eight bytes of an array. */
  static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ZEROS = 0x3030303030303030L;
  private static final long PAST_NINE = 0x7676767676767676L;
  private static final long EACH_FOURTH = 0x000000ff000000ffL;

  private Words() {}

  /** The high bit of each byte that is 0, and perhaps of bytes above the first (Mycroft 1987). */
  static long zeroBytes(long word) {
    return (word - LOW_BITS) & ~word & HIGH_BITS;
  }

  /** How many digits it begins with, 0 to 8. */
  static int digits(long word) {
    long values = word ^ ZEROS;
    // What is more than nine gets a high bit; a carry comes from such a byte alone, so from behind
    // the first of them.
    return Long.numberOfTrailingZeros(((values + PAST_NINE) | values) & HIGH_BITS) / Byte.SIZE;
  }

  /**
   * The number of which the first bytes are the digits: in three steps, each of which makes one of
   * two neighbours (Lemire, "Quickly parsing eight digits", 2018).
   *
   * @param digits how many, 1 to 8
   */
  static long number(long word, int digits) {
    long values = (word ^ ZEROS) << (Long.SIZE - Byte.SIZE * digits);
    long pairs = values * 10 + (values >>> Byte.SIZE);
    return ((pairs & EACH_FOURTH) * (100 + (1_000_000L << 32))
            + (pairs >>> 16 & EACH_FOURTH) * (1 + (10_000L << 32)))
        >>> 32;
  }
}
