package org.skymetrics.store.chunk;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/** Which steps of a span have a point: as runs or as a bitmap, whichever is shorter. */
final class Steps {
  private Steps() {}

  static void write(ByteWriter out, int[] steps) {
    ByteWriter runs = runs(steps);
    int first = steps[0];
    int bitmapBytes = (steps[steps.length - 1] - first) / 8 + 1;
    if (runs.length() <= bitmapBytes + 3) {
      out.varint(2L * steps.length).raw(runs.array(), 0, runs.length());
      return;
    }
    byte[] bitmap = new byte[bitmapBytes];
    for (int step : steps) {
      bitmap[(step - first) / 8] |= (byte) (1 << (step - first) % 8);
    }
    out.varint(2L * steps.length + 1).varint(first).varint(bitmapBytes).raw(bitmap);
  }

  private static ByteWriter runs(int[] steps) {
    ByteWriter out = new ByteWriter(16);
    int next = 0;
    for (int i = 0; i < steps.length; ) {
      int end = i + 1;
      while (end < steps.length && steps[end] == steps[end - 1] + 1) {
        end++;
      }
      out.varint(steps[i] - next).varint(end - i - 1L);
      next = steps[end - 1] + 1;
      i = end;
    }
    return out;
  }

  /** Reads steps below {@code limit}; null, and {@code in} failed, where they are none. */
  static int @Nullable [] read(ByteReader in, int limit) {
    long head = in.varint();
    int n = (int) (head >>> 1);
    if (in.failed() || head < 0 || head >>> 1 > limit || n == 0) {
      in.fail();
      return null;
    }
    int[] steps = new int[n];
    boolean good = (head & 1) == 0 ? readRuns(in, steps, limit) : readBitmap(in, steps, limit);
    if (!good || in.failed()) {
      in.fail();
      return null;
    }
    return steps;
  }

  private static boolean readRuns(ByteReader in, int[] steps, int limit) {
    int next = 0;
    for (int i = 0; i < steps.length; ) {
      next += in.length(limit - next);
      int run = in.length(steps.length - i - 1) + 1;
      if (in.failed() || next + run > limit) {
        return false;
      }
      for (int k = 0; k < run; k++) {
        steps[i++] = next++;
      }
    }
    return true;
  }

  private static boolean readBitmap(ByteReader in, int[] steps, int limit) {
    int first = in.length(limit - 1);
    byte[] bitmap = in.raw(in.length(limit / 8 + 1));
    int i = 0;
    for (int bit = 0; bit < bitmap.length * 8; bit++) {
      if ((bitmap[bit / 8] & (1 << bit % 8)) != 0) {
        if (i == steps.length || first + bit >= limit) {
          return false;
        }
        steps[i++] = first + bit;
      }
    }
    return i == steps.length;
  }
}
