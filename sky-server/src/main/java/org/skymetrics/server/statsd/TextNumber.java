package org.skymetrics.server.statsd;

import java.nio.charset.StandardCharsets;

/**
 * A number in text: optional sign, digits with an optional point, optional exponent, nothing else;
 * finite. A flyweight that keeps the last number read. Whole numbers of up to 18 digits are exact;
 * others are the nearest double.
 *
 * <p>The digits are gathered here because {@link Double#parseDouble} takes more than this grammar
 * (blanks, hex, suffixes, NaN), and costs a String; it decides only the numbers whose nearest
 * double takes more than one division to find (Clinger 1990: up to 15 digits and a power of ten up
 * to 22 are exact).
 */
final class TextNumber {
  private static final int MAX_EXACT_DIGITS = 15;
  private static final int MAX_WHOLE_DIGITS = 18;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private boolean signed;
  private boolean whole;
  private long wholeValue;
  private double value;

  /**
   * Reads the number that fills the bytes from {@code from} to before {@code to}; false where they
   * are not one.
   */
  boolean read(byte[] bytes, int from, int to) {
    int i = from;
    boolean negative = i < to && bytes[i] == '-';
    signed = i < to && (negative || bytes[i] == '+');
    if (signed) {
      i++;
    }
    long digits = 0;
    int significant = 0;
    int seen = 0;
    int fractionDigits = 0;
    boolean point = false;
    for (; i < to; i++) {
      int d = bytes[i] - '0';
      if (d >= 0 && d <= 9) {
        seen++;
        if (significant > 0 || d != 0) {
          significant++;
        }
        if (significant <= MAX_WHOLE_DIGITS) {
          digits = digits * 10 + d;
        }
        if (point) {
          fractionDigits++;
        }
      } else if (bytes[i] == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (seen == 0) {
      return false;
    }
    int exponent = 0;
    if (i < to) {
      exponent = readExponent(bytes, i, to);
      if (exponent == Integer.MIN_VALUE) {
        return false;
      }
    }
    whole = fractionDigits == 0 && exponent == 0 && significant <= MAX_WHOLE_DIGITS;
    wholeValue = negative ? -digits : digits;
    int power = exponent - fractionDigits;
    if (whole) {
      value = wholeValue;
    } else if (significant <= MAX_EXACT_DIGITS && Math.abs(power) < POWERS_OF_TEN.length) {
      double scaled = power < 0 ? digits / POWERS_OF_TEN[-power] : digits * POWERS_OF_TEN[power];
      value = negative ? -scaled : scaled;
    } else {
      value = Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }
    return Double.isFinite(value);
  }

  /**
   * The exponent that fills the rest, cut off where it is beyond any double; MIN_VALUE where it is
   * none.
   */
  private static int readExponent(byte[] bytes, int from, int to) {
    int i = from;
    if (bytes[i] != 'e' && bytes[i] != 'E') {
      return Integer.MIN_VALUE;
    }
    i++;
    boolean negative = i < to && bytes[i] == '-';
    if (i < to && (negative || bytes[i] == '+')) {
      i++;
    }
    if (i == to) {
      return Integer.MIN_VALUE;
    }
    int exponent = 0;
    for (; i < to; i++) {
      int d = bytes[i] - '0';
      if (d < 0 || d > 9) {
        return Integer.MIN_VALUE;
      }
      exponent = Math.min(100_000, exponent * 10 + d);
    }
    return negative ? -exponent : exponent;
  }

  /** Whether the number was written with a sign. */
  boolean signed() {
    return signed;
  }

  /** Whether it is a whole number that {@link #wholeValue()} holds exactly. */
  boolean whole() {
    return whole;
  }

  long wholeValue() {
    return wholeValue;
  }

  double value() {
    return value;
  }
}
