package org.skymetrics.store.chunk;

import java.util.Arrays;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A column of integers in the shortest of six forms; the layout is in docs/storage.md. Short is
 * what deflate leaves of it: varints that repeat cost less than they are long, packed bits do not.
 */
final class Ints {
  private static final int SAME = 0;
  private static final int PLAIN = 1;
  private static final int DELTAS = 2;
  private static final int PACKED = 3;
  private static final int PACKED_DELTAS = 4;
  private static final int CLASSES = 5;

  /** Logarithms of small numbers; of 0 none is asked for. */
  private static final double[] LOG2 = new double[1024];

  static {
    for (int i = 1; i < LOG2.length; i++) {
      LOG2[i] = Math.log(i) / Math.log(2);
    }
  }

  private Ints() {}

  static void write(ByteWriter out, long[] values) {
    int n = values.length;
    if (n == 0) {
      return;
    }
    if (areSame(values)) {
      out.u8(SAME).zigzag(values[0]);
      return;
    }
    long[] deltas = new long[n - 1];
    for (int i = 1; i < n; i++) {
      deltas[i - 1] = values[i] - values[i - 1];
    }
    ByteWriter plain = varints(new ByteWriter(2 * n), values);
    ByteWriter steps = varints(new ByteWriter(2 * n).zigzag(values[0]), deltas);
    int[] counts = new int[256];
    double[] costs = {
      Double.MAX_VALUE,
      deflatedBytes(plain, counts),
      deflatedBytes(steps, counts),
      packedBytes(values),
      packedBytes(deltas) + 2,
      classedBytes(values, counts)
    };
    int form = PLAIN;
    for (int i = PLAIN; i < costs.length; i++) {
      form = costs[i] < costs[form] ? i : form;
    }
    out.u8(form);
    switch (form) {
      case PLAIN -> out.raw(plain.array(), 0, plain.length());
      case DELTAS -> out.raw(steps.array(), 0, steps.length());
      case PACKED -> pack(out, values);
      case PACKED_DELTAS -> pack(out.zigzag(values[0]), deltas);
      default -> writeClasses(out, values);
    }
  }

  private static boolean areSame(long[] values) {
    for (long v : values) {
      if (v != values[0]) {
        return false;
      }
    }
    return true;
  }

  /** Reads {@code n} values; all 0 where {@code in} failed. */
  static long[] read(ByteReader in, int n) {
    long[] values = new long[n];
    if (n == 0) {
      return values;
    }
    switch (in.u8()) {
      case SAME -> Arrays.fill(values, in.zigzag());
      case PLAIN -> {
        for (int i = 0; i < n; i++) {
          values[i] = in.zigzag();
        }
      }
      case DELTAS -> {
        for (int i = 0; i < n; i++) {
          values[i] = in.zigzag() + (i == 0 ? 0 : values[i - 1]);
        }
      }
      case PACKED -> unpack(in, values, 0);
      case PACKED_DELTAS -> {
        values[0] = in.zigzag();
        unpack(in, values, 1);
        for (int i = 1; i < n; i++) {
          values[i] += values[i - 1];
        }
      }
      case CLASSES -> readClasses(in, values);
      default -> in.fail();
    }
    if (in.failed()) {
      Arrays.fill(values, 0);
    }
    return values;
  }

  private static ByteWriter varints(ByteWriter out, long[] values) {
    for (long v : values) {
      out.zigzag(v);
    }
    return out;
  }

  /**
   * About what entropy coding leaves of these bytes; runs and repetitions would leave less. Most
   * columns are a few bytes, so it goes by the bytes that there are and not by all there may be.
   *
   * @param counts 256 zeros, which they are again in the end
   */
  private static double deflatedBytes(ByteWriter bytes, int[] counts) {
    byte[] all = bytes.array();
    int n = bytes.length();
    for (int i = 0; i < n; i++) {
      counts[all[i] & 0xff]++;
    }
    double bits = 0;
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      int count = counts[all[i] & 0xff];
      if (count > 0) {
        bits += Math.max(1, log2(n) - log2(count)) * count;
        distinct++;
        counts[all[i] & 0xff] = 0;
      }
    }
    return Math.min(n, bits / 8 + distinct * 0.25);
  }

  private static double log2(int n) {
    return n < LOG2.length ? LOG2[n] : Math.log(n) / Math.log(2);
  }

  private static double packedBytes(long[] values) {
    if (values.length == 0) {
      return 0;
    }
    return 3 + values.length * width(values, lowest(values)) / 8.0;
  }

  private static int width(long[] values, long lowest) {
    long bits = 0;
    for (long v : values) {
      bits |= v - lowest;
    }
    return bitLength(bits);
  }

  private static void pack(ByteWriter out, long[] values) {
    long lowest = lowest(values);
    int width = width(values, lowest);
    out.zigzag(lowest).u8(width);
    Bits bits = new Bits(out);
    for (long v : values) {
      bits.add(v - lowest, width);
    }
    bits.end();
  }

  private static void unpack(ByteReader in, long[] values, int from) {
    long lowest = in.zigzag();
    int width = in.u8();
    if (width > 64) {
      in.fail();
    }
    BitsRead bits = new BitsRead(in);
    for (int i = from; i < values.length && !in.failed(); i++) {
      values[i] = lowest + bits.next(width);
    }
  }

  /** How many bits each value has above the lowest, as bytes; then those bits but the first. */
  private static void writeClasses(ByteWriter out, long[] values) {
    long lowest = lowest(values);
    out.zigzag(lowest);
    for (long v : values) {
      out.u8(bitLength(v - lowest));
    }
    Bits bits = new Bits(out);
    for (long v : values) {
      bits.add(v - lowest, Math.max(0, bitLength(v - lowest) - 1));
    }
    bits.end();
  }

  private static void readClasses(ByteReader in, long[] values) {
    long lowest = in.zigzag();
    byte[] classes = in.raw(values.length);
    BitsRead bits = new BitsRead(in);
    for (int i = 0; i < classes.length && !in.failed(); i++) {
      int length = classes[i];
      if (length < 0 || length > 64) {
        in.fail();
      } else if (length == 0) {
        values[i] = lowest;
      } else {
        values[i] = lowest + (1L << (length - 1) | bits.next(length - 1));
      }
    }
  }

  private static int bitLength(long v) {
    return 64 - Long.numberOfLeadingZeros(v);
  }

  private static long lowest(long[] values) {
    long lowest = values.length == 0 ? 0 : values[0];
    for (long v : values) {
      lowest = Math.min(lowest, v);
    }
    return lowest;
  }

  private static double classedBytes(long[] values, int[] counts) {
    long lowest = lowest(values);
    ByteWriter classes = new ByteWriter(values.length);
    long bits = 0;
    for (long v : values) {
      int length = bitLength(v - lowest);
      classes.u8(length);
      bits += Math.max(0, length - 1);
    }
    return 2 + deflatedBytes(classes, counts) + bits / 8.0;
  }

  /** Writes bits, lowest first. */
  private static final class Bits {
    private final ByteWriter out;
    private int pending;
    private int filled;

    Bits(ByteWriter out) {
      this.out = out;
    }

    void add(long v, int width) {
      long rest = v;
      for (int left = width; left > 0; ) {
        int take = Math.min(left, 8 - filled);
        pending |= (int) (rest & ((1 << take) - 1)) << filled;
        rest >>>= take;
        left -= take;
        filled += take;
        if (filled == 8) {
          end();
        }
      }
    }

    void end() {
      if (filled > 0) {
        out.u8(pending);
        pending = 0;
        filled = 0;
      }
    }
  }

  /** Reads what {@link Bits} wrote. */
  private static final class BitsRead {
    private final ByteReader in;
    private int current;
    private int left;

    BitsRead(ByteReader in) {
      this.in = in;
    }

    long next(int width) {
      long v = 0;
      for (int got = 0; got < width; ) {
        if (left == 0) {
          current = in.u8();
          left = 8;
        }
        int take = Math.min(width - got, left);
        v |= (long) (current & ((1 << take) - 1)) << got;
        current >>>= take;
        left -= take;
        got += take;
      }
      return v;
    }
  }
}
