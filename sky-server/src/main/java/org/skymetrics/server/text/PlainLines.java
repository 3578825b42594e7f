package org.skymetrics.server.text;

import org.skymetrics.common.cell.Kind;

/**
 * Lines as by far the most are: a name, one unsigned number of up to 15 digits, a type, and the end
 * of the line. They are read many at a time, so that what they need of memory is asked for at once
 * and not one line after the other: with many keys it is that which takes the time. Other lines are
 * for {@link org.skymetrics.server.statsd.TextParser}, which means the same by these.
 */
final class PlainLines {
  /** Lines at a time; more than a packet of 1440 bytes has of usual ones. */
  static final int MOST = 64;

  /** So many digits, and a power of ten up to as many, are exact in a double (Clinger 1990). */
  private static final int MAX_DIGITS = 15;

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final KnownKeys.HashedName name = new KnownKeys.HashedName();

  // Of each line; starts has one more, where the line after the last begins.
  private final int[] starts = new int[MOST + 1];
  private final int[] nameEnds = new int[MOST];
  private final long[] hashes = new long[MOST];
  private final long[] digits = new long[MOST];
  private final int[] fractionDigits = new int[MOST];
  private final Kind[] kinds = new Kind[MOST];
  private int count;

  /** Reads plain lines from {@code from} on, up to the first that is not one; how many. */
  int read(byte[] bytes, int from, int to) {
    count = 0;
    starts[0] = from;
    while (count < MOST && starts[count] < to && readLine(bytes, starts[count], to)) {
      count++;
    }
    return count;
  }

  private boolean readLine(byte[] bytes, int from, int end) {
    if (!KnownKeys.hashName(bytes, from, end, name)) {
      return false;
    }
    int line = count;
    nameEnds[line] = name.to;
    hashes[line] = name.hash;
    int typeFrom = readNumber(bytes, name.to + 1, end);
    return typeFrom > 0 && readType(bytes, typeFrom, end);
  }

  /** Reads a number and the bar after it; where the type begins, or 0. */
  private int readNumber(byte[] bytes, int from, int end) {
    int i = from;
    int point = -1;
    long value = 0;
    for (; i < end && i - from <= MAX_DIGITS; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
      } else if (bytes[i] == '.' && point < 0) {
        point = i;
      } else {
        break;
      }
    }
    int seen = i - from - (point < 0 ? 0 : 1);
    if (seen == 0 || seen > MAX_DIGITS || i >= end || bytes[i] != '|') {
      return 0;
    }
    digits[count] = value;
    fractionDigits[count] = point < 0 ? 0 : i - point - 1;
    return i + 1;
  }

  private boolean readType(byte[] bytes, int from, int end) {
    if (from >= end) {
      return false;
    }
    int after = from + 1;
    byte letter = bytes[from];
    switch (letter) {
      case 'c' -> kinds[count] = Kind.COUNTER;
      case 'g' -> kinds[count] = Kind.GAUGE;
      case 'h', 'd' -> kinds[count] = Kind.HISTOGRAM;
      case 'm' -> {
        if (after >= end || bytes[after] != 's') {
          return false;
        }
        kinds[count] = Kind.HISTOGRAM;
        after++;
      }
      default -> {
        return false;
      }
    }
    if (after < end && bytes[after] != '\n') {
      return false;
    }
    starts[count + 1] = Math.min(after + 1, end);
    return true;
  }

  /** Where a line begins; of the number of lines, where the text goes on after them. */
  int start(int line) {
    return starts[line];
  }

  int nameEnd(int line) {
    return nameEnds[line];
  }

  /** The hash of its name, as {@link KnownKeys#hash}. */
  long hash(int line) {
    return hashes[line];
  }

  Kind kind(int line) {
    return kinds[line];
  }

  /** Whether its number has no digits after a point. */
  boolean isWhole(int line) {
    return fractionDigits[line] == 0;
  }

  /** Its number without the point. */
  long digits(int line) {
    return digits[line];
  }

  double value(int line) {
    return digits[line] / POWERS_OF_TEN[fractionDigits[line]];
  }
}
