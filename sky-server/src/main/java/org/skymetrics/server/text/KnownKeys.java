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

  static int hash(byte[] key, int length) {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + key[i];
    }
    // The high bits into the low ones, which choose the slot.
    hash *= 0x9e3779b9;
    return hash ^ (hash >>> 16);
  }

  @Nullable KnownKey find(byte[] key, int length, int hash) {
    int mask = slots.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      KnownKey known = slots[i];
      if (known == null || known.is(key, length, hash)) {
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
    int i = key.hash() & mask;
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = key;
  }
}
