package org.skymetrics.server.aggregate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hash of bytes under a random seed: eight bytes a step, each folded by the upper and lower half
 * of a 128-bit product. Whoever does not know the seed can't aim keys at one slot.
 */
final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

  private final long seed;

  KeyHash(long seed) {
    this.seed = seed;
  }

  /** The hash of the first {@code length} bytes and a small number. */
  long of(byte[] bytes, int length, int salt) {
    long h = fold(seed ^ salt, MULTIPLIER ^ length);
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      h = fold(h ^ (long) LONGS.get(bytes, i), MULTIPLIER ^ seed);
    }
    long tail = 0;
    for (; i < length; i++) {
      tail = tail << 8 | (bytes[i] & 0xff);
    }
    return fold(h ^ tail, MULTIPLIER);
  }

  private static long fold(long a, long b) {
    return Math.multiplyHigh(a, b) ^ (a * b);
  }
}
