package org.skymetrics.server.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one thread knows from text, found by their bytes: a key that is known costs no
 * allocation. Open addressing, at most half full; when it has as many keys as it may it forgets
 * all, and learns anew those that are still in use.
 *
 * <p>Names, not bound handles, are kept: a client retires a series that is not used any more, which
 * a handle would prevent.
 */
final class KnownKeys {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long COLONS = 0x3a3a3a3a3a3a3a3aL;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  /** Another one in each process, so that nobody can choose names that meet in one place. */
  private static final long SEED = new SecureRandom().nextLong();

  /** What {@link #hashName} found. */
  static final class HashedName {
    long hash;

    /** Where the name ends. */
    int to;
  }

  private final int limit;
  private @Nullable KnownKey[] slots = new @Nullable KnownKey[256];
  private int size;

  KnownKeys(int limit) {
    this.limit = limit;
  }

  /** The hash of what stands from {@code from} to before {@code to}; all of these tables alike. */
  static long hash(byte[] bytes, int from, int to) {
    long hash = SEED;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      hash = mix(hash, (long) WORDS.get(bytes, i));
    }
    return end(hash, rest(bytes, i, to));
  }

  /**
   * The hash of the name that a line begins with, and where its colon is, as one walk; what is read
   * goes to {@code out}.
   *
   * @return whether a colon was found before {@code to}, and there was no need to look at the last
   *     bytes of the array one by one
   */
  static boolean hashName(byte[] bytes, int from, int to, HashedName out) {
    long hash = SEED;
    for (int i = from; i < to && i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      long word = (long) WORDS.get(bytes, i);
      long colons = zeroBytes(word ^ COLONS);
      if (colons != 0) {
        int bits = Long.numberOfTrailingZeros(colons) & -Byte.SIZE;
        out.hash = end(hash, bits == 0 ? 0 : word & (-1L >>> (Long.SIZE - bits)));
        out.to = i + bits / Byte.SIZE;
        return out.to < to;
      }
      hash = mix(hash, word);
    }
    return false;
  }

  /** The last bytes, fewer than eight, as the low ones of a word. */
  private static long rest(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = to - 1; i >= from; i--) {
      word = word << Byte.SIZE | (bytes[i] & 0xff);
    }
    return word;
  }

  private static long mix(long hash, long word) {
    long mixed = (hash ^ word) * MULTIPLIER;
    return mixed ^ (mixed >>> 32);
  }

  private static long end(long hash, long rest) {
    long mixed = (hash ^ rest) * MULTIPLIER;
    return mixed ^ (mixed >>> 29);
  }

  /** The high bit of each byte that is 0, and perhaps of bytes above the first (Mycroft 1987). */
  private static long zeroBytes(long word) {
    return (word - LOW_BITS) & ~word & HIGH_BITS;
  }

  /** What stands where a key of this hash is looked for first: that key mostly. */
  @Nullable KnownKey first(long hash) {
    return slots[(int) hash & (slots.length - 1)];
  }

  /** Finds a key, after {@link #first} was found for it. */
  @Nullable KnownKey find(@Nullable KnownKey first, byte[] bytes, int from, int to, long hash) {
    return first == null || first.is(bytes, from, to, hash) ? first : find(bytes, from, to, hash);
  }

  @Nullable KnownKey find(byte[] bytes, int from, int to, long hash) {
    int mask = slots.length - 1;
    for (int i = (int) hash & mask; ; i = (i + 1) & mask) {
      KnownKey known = slots[i];
      if (known == null || known.is(bytes, from, to, hash)) {
        return known;
      }
    }
  }

  /** Adds one that is not there; false where all others were forgotten for it. */
  boolean add(KnownKey key) {
    boolean room = size < limit;
    if (!room) {
      Arrays.fill(slots, null);
      size = 0;
    } else if (2 * (size + 1) > slots.length) {
      grow();
    }
    insert(key);
    size++;
    return room;
  }

  int size() {
    return size;
  }

  private void grow() {
    @Nullable KnownKey[] before = slots;
    slots = new @Nullable KnownKey[2 * before.length];
    for (KnownKey key : before) {
      if (key != null) {
        insert(key);
      }
    }
  }

  private void insert(KnownKey key) {
    int mask = slots.length - 1;
    int i = (int) key.hash() & mask;
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = key;
  }
}
