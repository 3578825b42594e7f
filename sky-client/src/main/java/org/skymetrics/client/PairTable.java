package org.skymetrics.client;

import org.jspecify.annotations.Nullable;

/**
 * The way from a name and a last segment to the counter of {@code name|last}, without making that
 * String. The last segment is a number or a text.
 *
 * <p>Threads find without a lock: slots are immutable and an array is filled before it is the
 * table, so a thread that sees an old state misses what is new, and asks elsewhere. Who puts holds
 * the lock of its owner.
 */
@SuppressWarnings("ReferenceEquality") // the same String is found without a look at its content
final class PairTable {
  private static final int FIRST_SLOTS = 64;

  /** A third of the slots at most: then a counter is mostly where it is looked for first. */
  private static final int MOST_USED = 3;

  /** {@code last} is null where the segment is the number. */
  private record Slot(String name, @Nullable String last, long number, CounterColumn column) {}

  private @Nullable Slot[] slots = new @Nullable Slot[FIRST_SLOTS];
  private int used;

  @Nullable CounterColumn find(String name, long number) {
    @Nullable Slot[] table = slots;
    int mask = table.length - 1;
    for (int i = hash(name, number) & mask; ; i = (i + 1) & mask) {
      Slot slot = table[i];
      if (slot == null) {
        return null;
      }
      if (slot.number == number
          && slot.last == null
          && (slot.name == name || slot.name.equals(name))) {
        return slot.column.isRetired() ? null : slot.column;
      }
    }
  }

  @Nullable CounterColumn find(String name, String last) {
    @Nullable Slot[] table = slots;
    int mask = table.length - 1;
    for (int i = hash(name, last.hashCode()) & mask; ; i = (i + 1) & mask) {
      Slot slot = table[i];
      if (slot == null) {
        return null;
      }
      String theirs = slot.last;
      if (theirs != null
          && (theirs == last || theirs.equals(last))
          && (slot.name == name || slot.name.equals(name))) {
        return slot.column.isRetired() ? null : slot.column;
      }
    }
  }

  void put(String name, long number, CounterColumn column) {
    put(new Slot(name, null, number, column));
  }

  void put(String name, String last, CounterColumn column) {
    put(new Slot(name, last, last.hashCode(), column));
  }

  private void put(Slot slot) {
    if (used >= slots.length / MOST_USED) {
      rebuild();
    }
    place(slots, slot);
  }

  private void rebuild() {
    @Nullable Slot[] old = slots;
    int alive = 0;
    for (Slot s : old) {
      alive += s != null && !s.column.isRetired() ? 1 : 0;
    }
    @Nullable Slot[] wider =
        new @Nullable Slot[alive >= old.length / (2 * MOST_USED) ? old.length * 2 : old.length];
    used = 0;
    for (Slot s : old) {
      if (s != null && !s.column.isRetired()) {
        place(wider, s);
      }
    }
    slots = wider;
  }

  private void place(@Nullable Slot[] table, Slot slot) {
    int mask = table.length - 1;
    int i = hash(slot.name, slot.number) & mask;
    while (true) {
      Slot present = table[i];
      if (present == null) {
        table[i] = slot;
        used++;
        return;
      }
      if (isSame(present, slot)) {
        table[i] = slot;
        return;
      }
      i = (i + 1) & mask;
    }
  }

  private static boolean isSame(Slot a, Slot b) {
    boolean sameLast = a.last == null ? b.last == null : a.last.equals(b.last);
    return a.number == b.number && sameLast && a.name.equals(b.name);
  }

  private static int hash(String name, long number) {
    return SourceTable.spread(name.hashCode() * 31 + Long.hashCode(number));
  }
}
