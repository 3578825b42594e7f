package org.skymetrics.server.text;

import java.security.SecureRandom;

/** The hash by which all tables of names from text find them, from eight bytes of a name a step. */
final class NameHash {
  /** Another one in each process, so that nobody can choose names that meet in one place. */
  static final long SEED = new SecureRandom().nextLong();

  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  private NameHash() {}

  /** The hash of what stands from {@code from} to before {@code to}. */
  static long of(byte[] bytes, int from, int to) {
    long hash = SEED;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      hash = mix(hash, (long) Words.LITTLE_ENDIAN.get(bytes, i));
    }
    return end(hash, rest(bytes, i, to));
  }

  /** The last bytes, fewer than eight, as the low ones of a word. */
  private static long rest(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = to - 1; i >= from; i--) {
      word = word << Byte.SIZE | (bytes[i] & 0xff);
    }
    return word;
  }

  /** A hash with eight bytes more. */
  static long mix(long hash, long word) {
    long mixed = (hash ^ word) * MULTIPLIER;
    return mixed ^ (mixed >>> 32);
  }

  /** A hash with the last bytes, fewer than eight. */
  static long end(long hash, long rest) {
    long mixed = (hash ^ rest) * MULTIPLIER;
    return mixed ^ (mixed >>> 29);
  }
}
