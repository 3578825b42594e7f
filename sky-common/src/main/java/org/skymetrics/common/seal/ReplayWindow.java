package org.skymetrics.common.seal;

import java.util.Arrays;

/**
 * Which of a sender's transmission numbers have come: the highest, and a bit for each of the {@link
 * #WIDTH} up to it. The bit of a number is at its remainder modulo the width.
 */
final class ReplayWindow {
  /** How far behind the highest a number may be and still be told apart. */
  static final int WIDTH = 1024;

  private final long[] bits = new long[WIDTH / Long.SIZE];
  private long highest;

  /**
   * Notes a number.
   *
   * @return false where it has come before, or lies so far behind that this can't be said
   */
  boolean take(long number) {
    if (number <= 0 || number <= highest - WIDTH) {
      return false;
    }
    if (number > highest) {
      raise(number);
    } else if ((bits[word(number)] >>> number & 1) != 0) {
      return false;
    }
    bits[word(number)] |= 1L << number;
    return true;
  }

  private void raise(long number) {
    if (number - highest >= WIDTH) {
      Arrays.fill(bits, 0);
    } else {
      for (long n = highest + 1; n < number; n++) {
        bits[word(n)] &= ~(1L << n);
      }
    }
    bits[word(number)] &= ~(1L << number);
    highest = number;
  }

  private static int word(long number) {
    return (int) (number & (WIDTH - 1)) / Long.SIZE;
  }
}
