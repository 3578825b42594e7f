package org.skymetrics.store.chunk;

import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A column of doubles, bit for bit: as integers over a power of ten where that gives the same bits,
 * as it does for most of what is measured; else as the bits that differ from the value before, byte
 * by byte. The layout is in docs/storage.md.
 */
final class Doubles {
  private static final int BITS = 15;
  private static final double MOST_EXACT = 1L << 53;
  private static final double[] TENS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  private Doubles() {}

  static void write(ByteWriter out, double[] values) {
    if (values.length == 0) {
      return;
    }
    for (int scale = 0; scale < TENS.length; scale++) {
      long[] scaled = scaled(values, TENS[scale]);
      if (scaled.length == values.length) {
        Ints.write(out.u8(scale), scaled);
        return;
      }
    }
    out.u8(BITS);
    for (int shift = 56; shift >= 0; shift -= 8) {
      long before = 0;
      for (double v : values) {
        long bits = Double.doubleToRawLongBits(v);
        out.u8((int) ((bits ^ before) >>> shift));
        before = bits;
      }
    }
  }

  /** The values times {@code ten}; empty where one of them can't be had back from that. */
  private static long[] scaled(double[] values, double ten) {
    long[] scaled = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      double times = values[i] * ten;
      if (!(Math.abs(times) < MOST_EXACT)) {
        return new long[0];
      }
      scaled[i] = Math.round(times);
      if (Double.doubleToRawLongBits(scaled[i] / ten) != Double.doubleToRawLongBits(values[i])) {
        return new long[0];
      }
    }
    return scaled;
  }

  /** Reads {@code n} values; what they are where {@code in} failed does not matter. */
  static double[] read(ByteReader in, int n) {
    double[] values = new double[n];
    if (n == 0) {
      return values;
    }
    int form = in.u8();
    if (form < TENS.length) {
      long[] scaled = Ints.read(in, n);
      for (int i = 0; i < n; i++) {
        values[i] = scaled[i] / TENS[form];
      }
      return values;
    }
    if (form != BITS) {
      in.fail();
    }
    long[] bits = new long[n];
    for (int plane = 0; plane < 8 && !in.failed(); plane++) {
      for (int i = 0; i < n; i++) {
        bits[i] = bits[i] << 8 | in.u8();
      }
    }
    long before = 0;
    for (int i = 0; i < n; i++) {
      before ^= bits[i];
      values[i] = Double.longBitsToDouble(before);
    }
    return values;
  }
}
