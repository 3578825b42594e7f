package org.skymetrics.client;

import org.jspecify.annotations.Nullable;

/**
 * A thread's way from a key to its source: open addressing over the sources themselves, compared by
 * identity of the String before its content. One thread uses it; it makes nothing on a hit.
 *
 * <p>A retired source is not found, and goes when the table grows or its place is taken by the next
 * source of its name.
 */
@SuppressWarnings("ReferenceEquality") // the same String is found without a look at its content
final class SourceTable<S extends Source> {
  private static final int FIRST_SLOTS = 64;

  private @Nullable Source[] slots = new @Nullable Source[FIRST_SLOTS];
  private int used;

  @SuppressWarnings("unchecked") // put() takes nothing but S
  @Nullable S find(String name) {
    @Nullable Source[] table = slots;
    int mask = table.length - 1;
    for (int i = spread(name.hashCode()) & mask; ; i = (i + 1) & mask) {
      Source source = table[i];
      if (source == null) {
        return null;
      }
      if (source.name == name || source.name.equals(name)) {
        return source.isRetired() ? null : (S) source;
      }
    }
  }

  /** Adds a source, in place of a retired one of its name. */
  void put(S source) {
    if (used >= slots.length / 2) {
      rebuild();
    }
    place(slots, source);
  }

  private void place(@Nullable Source[] table, Source source) {
    int mask = table.length - 1;
    int i = spread(source.name.hashCode()) & mask;
    while (true) {
      Source present = table[i];
      if (present == null) {
        table[i] = source;
        used++;
        return;
      }
      if (present.name.equals(source.name)) {
        table[i] = source;
        return;
      }
      i = (i + 1) & mask;
    }
  }

  /** Leaves retired sources behind, and doubles where half is used all the same. */
  private void rebuild() {
    int alive = 0;
    for (Source source : slots) {
      if (source != null && !source.isRetired()) {
        alive++;
      }
    }
    int length = alive >= slots.length / 4 ? slots.length * 2 : slots.length;
    @Nullable Source[] wider = new @Nullable Source[length];
    used = 0;
    for (Source source : slots) {
      if (source != null && !source.isRetired()) {
        place(wider, source);
      }
    }
    slots = wider;
  }

  /** Strings of like keys differ in few low bits. */
  private static int spread(int hash) {
    return hash ^ (hash >>> 15);
  }
}
