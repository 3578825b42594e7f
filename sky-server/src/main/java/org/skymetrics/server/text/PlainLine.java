package org.skymetrics.server.text;

/**
 * What follows the name in by far the most lines: one unsigned number of up to 15 digits, a type,
 * and the end of the line. It reads no other; those are for {@link
 * org.skymetrics.server.statsd.TextParser}, which means the same by this one.
 */
final class PlainLine {
  /** So many digits, and a power of ten up to as many, are exact in a double (Clinger 1990). */
  private static final int MAX_DIGITS = 15;

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private long digits;
  private int fractionDigits;
  private char type;
  private int to;

  /** Reads from {@code from} on; false where there is anything else, or the text goes on. */
  boolean read(byte[] bytes, int from, int end) {
    int i = from;
    int point = -1;
    long value = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
      } else if (bytes[i] == '.' && point < 0) {
        point = i;
      } else {
        break;
      }
      if (i - from > MAX_DIGITS) {
        return false;
      }
    }
    int seen = i - from - (point < 0 ? 0 : 1);
    fractionDigits = point < 0 ? 0 : i - point - 1;
    if (seen == 0 || seen > MAX_DIGITS || i >= end || bytes[i] != '|') {
      return false;
    }
    digits = value;
    return readType(bytes, i + 1, end);
  }

  private boolean readType(byte[] bytes, int from, int end) {
    if (from >= end) {
      return false;
    }
    int i = from + 1;
    byte letter = bytes[from];
    switch (letter) {
      case 'c', 'g' -> type = (char) letter;
      case 'h', 'd' -> type = 'h';
      case 'm' -> {
        if (i >= end || bytes[i] != 's') {
          return false;
        }
        type = 'h';
        i++;
      }
      default -> {
        return false;
      }
    }
    if (i < end && bytes[i] != '\n') {
      return false;
    }
    to = Math.min(i + 1, end);
    return true;
  }

  /** Whether the number has no digits after a point. */
  boolean isWhole() {
    return fractionDigits == 0;
  }

  /** The number without its point. */
  long digits() {
    return digits;
  }

  double value() {
    return digits / POWERS_OF_TEN[fractionDigits];
  }

  /** {@code c}, {@code g} or {@code h}. */
  char type() {
    return type;
  }

  /** Where the next line begins, or the text ends. */
  int to() {
    return to;
  }
}
