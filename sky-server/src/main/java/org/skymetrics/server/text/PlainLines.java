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

  private static final long[] TENS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000};

  private static final long COLONS = 0x3a3a3a3a3a3a3a3aL;

  /** {@code :?|c} and the end of the line, as the low bytes of a word. */
  private static final long SMALL_COUNT = 0x0a_63_7c_00_3aL;

  private static final long AROUND_DIGIT = 0xff_ff_ff_00_ffL;
  private static final int SMALL_COUNT_BYTES = 5;

  private static final int NONE = -1;

  /** So that lines without a colon don't make each one before them look for it in all of them. */
  static final int MAX_NAME_BYTES = 256;

  // Of each line; starts has one more, where the line after the last begins.
  private final int[] starts = new int[MOST + 1];
  private final int[] nameEnds = new int[MOST];
  private final long[] hashes = new long[MOST];
  private final long[] digits = new long[MOST];
  private final int[] fractionDigits = new int[MOST];

  /**
   * The first letter of the type; a reference would cost a memory fence to store (G1's barrier).
   */
  private final byte[] types = new byte[MOST];

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
    int nameEnd = readName(bytes, from, Math.min(end, from + MAX_NAME_BYTES));
    if (nameEnd == NONE || nameEnd >= end) {
      return false;
    }
    nameEnds[count] = nameEnd;
    if (nameEnd + SMALL_COUNT_BYTES <= end
        && nameEnd <= bytes.length - Long.BYTES
        && readSmallCount((long) Words.LITTLE_ENDIAN.get(bytes, nameEnd))) {
      starts[count + 1] = nameEnd + SMALL_COUNT_BYTES;
      return true;
    }
    int typeFrom = readNumber(bytes, nameEnd + 1, end);
    return typeFrom > 0 && readType(bytes, typeFrom, end);
  }

  /**
   * Finds where a name ends and its hash as one walk; NONE where no colon is found, which is not
   * looked for in the last bytes of the array, for they hold no word.
   */
  private int readName(byte[] bytes, int from, int end) {
    long hash = NameHash.SEED;
    int wordsEnd = Math.min(end, bytes.length - Long.BYTES + 1);
    for (int i = from; i < wordsEnd; i += Long.BYTES) {
      long word = (long) Words.LITTLE_ENDIAN.get(bytes, i);
      long colons = Words.zeroBytes(word ^ COLONS);
      if (colons != 0) {
        int bits = Long.numberOfTrailingZeros(colons) & -Byte.SIZE;
        hashes[count] = NameHash.end(hash, word & ~(-1L << bits));
        return i + bits / Byte.SIZE;
      }
      hash = NameHash.mix(hash, word);
    }
    return NONE;
  }

  /** Reads what most lines go on with after their name: a counter's number of one digit. */
  private boolean readSmallCount(long word) {
    long digit = (word >>> Byte.SIZE & 0xff) - '0';
    if ((word & AROUND_DIGIT) != SMALL_COUNT || digit < 0 || digit > 9) {
      return false;
    }
    digits[count] = digit;
    fractionDigits[count] = 0;
    types[count] = 'c';
    return true;
  }

  /** Reads a number and the bar after it; where the type begins, or NONE. */
  private int readNumber(byte[] bytes, int from, int end) {
    int i = from;
    long value = 0;
    for (; i < end && i - from <= MAX_DIGITS && isDigit(bytes[i]); i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    int seen = i - from;
    int fraction = 0;
    if (i < end && bytes[i] == '.') {
      fraction = fractionDigits(bytes, i + 1, end);
      value = withFraction(value, bytes, i + 1, fraction);
      seen += fraction;
      i += 1 + fraction;
    }
    if (seen == 0 || seen > MAX_DIGITS || i >= end || bytes[i] != '|') {
      return NONE;
    }
    digits[count] = value;
    fractionDigits[count] = fraction;
    return i + 1;
  }

  /** How many digits there are from here on, or more than MAX_DIGITS. */
  private static int fractionDigits(byte[] bytes, int from, int end) {
    if (from <= bytes.length - Long.BYTES) {
      int digits = Words.digits((long) Words.LITTLE_ENDIAN.get(bytes, from));
      if (digits < Long.BYTES) {
        return Math.min(digits, end - from);
      }
    }
    int i = from;
    while (i < end && i - from <= MAX_DIGITS && isDigit(bytes[i])) {
      i++;
    }
    return i - from;
  }

  private static long withFraction(long value, byte[] bytes, int from, int digits) {
    if (digits > 0 && digits < Long.BYTES && from <= bytes.length - Long.BYTES) {
      long word = (long) Words.LITTLE_ENDIAN.get(bytes, from);
      return value * TENS[digits] + Words.number(word, digits);
    }
    long all = value;
    for (int i = from; i < from + digits; i++) {
      all = all * 10 + (bytes[i] - '0');
    }
    return all;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private boolean readType(byte[] bytes, int from, int end) {
    if (from >= end) {
      return false;
    }
    int after = from + 1;
    byte letter = bytes[from];
    switch (letter) {
      case 'c', 'g', 'h', 'd' -> {}
      case 'm' -> {
        if (after >= end || bytes[after] != 's') {
          return false;
        }
        after++;
      }
      default -> {
        return false;
      }
    }
    types[count] = letter;
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

  /** The hash of its name, as {@link NameHash#of}. */
  long hash(int line) {
    return hashes[line];
  }

  Kind kind(int line) {
    return switch (types[line]) {
      case 'c' -> Kind.COUNTER;
      case 'g' -> Kind.GAUGE;
      default -> Kind.HISTOGRAM;
    };
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
