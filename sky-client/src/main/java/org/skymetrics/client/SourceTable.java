package org.skymetrics.client;

import org.jspecify.annotations.Nullable;

/**
 * A thread's way from a key to its gauge or histogram: open addressing over the sources themselves,
 * compared by identity of the String before its content. One thread uses it; it makes nothing on a
 * hit.
 *
 * <p>A retired source is not found, and goes when the table grows or its place is taken by the next
 * source of its name.
 */
@SuppressWarnings("ReferenceEquality") // the same String is found without a look at its content
final class SourceTable {
  private static final int FIRST_SLOTS = 64;

  /** A third of the slots at most: then a source is mostly where it is looked for first. */
  private static final int MOST_USED = 3;

  private @Nullable SampleSource[] slots = new @Nullable SampleSource[FIRST_SLOTS];
  private int used;

  @Nullable SampleSource find(String name) {
    @Nullable SampleSource[] table = slots;
    int mask = table.length - 1;
    int hash = name.hashCode();
    for (int i = spread(hash) & mask; ; i = (i + 1) & mask) {
      SampleSource source = table[i];
      if (source == null) {
        return null;
      }
      String present = source.name;
      if (present == name || (present.hashCode() == hash && present.equals(name))) {
        return source.isRetired() ? null : source;
      }
    }
  }

  /** Adds a source, in place of a retired one of its name. */
  void put(SampleSource source) {
    if (used >= slots.length / MOST_USED) {
      rebuild();
    }
    place(slots, source);
  }

  private void place(@Nullable SampleSource[] table, SampleSource source) {
    int mask = table.length - 1;
    int i = spread(source.name.hashCode()) & mask;
    while (true) {
      SampleSource present = table[i];
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

  /** Leaves retired sources behind, and doubles where much is used all the same. */
  private void rebuild() {
    int alive = 0;
    for (SampleSource source : slots) {
      if (source != null && !source.isRetired()) {
        alive++;
      }
    }
    int length = alive >= slots.length / (2 * MOST_USED) ? slots.length * 2 : slots.length;
    @Nullable SampleSource[] wider = new @Nullable SampleSource[length];
    used = 0;
    for (SampleSource source : slots) {
      if (source != null && !source.isRetired()) {
        place(wider, source);
      }
    }
    slots = wider;
  }

  /**
   * Strings of like keys have hashes that stand side by side, in runs that linear probing would
   * walk through: multiplied by the golden ratio they are strewn (Knuth 1973, 6.4).
   */
  static int spread(int hash) {
    int h = hash * 0x9e3779b9;
    return h ^ (h >>> 16);
  }
}
