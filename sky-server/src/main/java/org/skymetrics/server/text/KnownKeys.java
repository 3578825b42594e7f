package org.skymetrics.server.text;

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
  private final int limit;
  private @Nullable KnownKey[] slots = new @Nullable KnownKey[256];
  private int size;

  KnownKeys(int limit) {
    this.limit = limit;
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
