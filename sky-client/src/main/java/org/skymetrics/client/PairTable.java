package org.skymetrics.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The way from a name and a last segment to the place of {@code name|last}, without making that
 * String. The last segment is a number or a text. As {@link NameTable} otherwise: threads find
 * without a lock, and who changes it holds the lock of its owner.
 *
 * <p>Slots are immutable, so a thread sees a whole one, an old one or none; where it misses what is
 * new it asks its owner.
 */
@SuppressWarnings("ReferenceEquality") // the same String is found without a look at its content
final class PairTable {
  private static final int FIRST_SLOTS = 64;

  /** A third of the slots at most: then a pair is mostly where it is looked for first. */
  private static final int MOST_USED = 3;

  /** {@code last} is null where the segment is the number. */
  private record Slot(String name, @Nullable String last, long number, int place) {
    int hash() {
      return PairTable.hash(name, number);
    }

    boolean isSame(Slot other) {
      boolean sameLast = last == null ? other.last == null : last.equals(other.last);
      return number == other.number && sameLast && name.equals(other.name);
    }
  }

  private volatile @Nullable Slot[] slots = new @Nullable Slot[FIRST_SLOTS];
  private int used;

  /** The place of a pair, or {@link NameTable#MISSING}. */
  int find(String name, long number) {
    @Nullable Slot[] table = slots;
    int mask = table.length - 1;
    for (int i = hash(name, number) & mask; ; i = (i + 1) & mask) {
      Slot slot = table[i];
      if (slot == null) {
        return NameTable.MISSING;
      }
      if (slot.number == number
          && slot.last == null
          && (slot.name == name || slot.name.equals(name))) {
        return slot.place;
      }
    }
  }

  /** The place of a pair, or {@link NameTable#MISSING}. */
  int find(String name, String last) {
    @Nullable Slot[] table = slots;
    int mask = table.length - 1;
    for (int i = hash(name, last.hashCode()) & mask; ; i = (i + 1) & mask) {
      Slot slot = table[i];
      if (slot == null) {
        return NameTable.MISSING;
      }
      String theirs = slot.last;
      if (theirs != null
          && (theirs == last || theirs.equals(last))
          && (slot.name == name || slot.name.equals(name))) {
        return slot.place;
      }
    }
  }

  /** Gives a pair a place; where the array has to be made anew, those that are dead are left. */
  void put(String name, long number, int place, IntPredicate dead) {
    put(new Slot(name, null, number, place), dead);
  }

  /** Gives a pair a place; where the array has to be made anew, those that are dead are left. */
  void put(String name, String last, int place, IntPredicate dead) {
    put(new Slot(name, last, last.hashCode(), place), dead);
  }

  private void put(Slot slot, IntPredicate dead) {
    if (MOST_USED * (used + 1) > slots.length) {
      rebuild(dead);
    }
    if (place(slots, slot)) {
      used++;
    }
  }

  private void rebuild(IntPredicate dead) {
    @Nullable Slot[] old = slots;
    List<Slot> alive = new ArrayList<>();
    for (Slot slot : old) {
      if (slot != null && slot.place != NameTable.MISSING && !dead.test(slot.place)) {
        alive.add(slot);
      }
    }
    boolean full = 2 * MOST_USED * alive.size() >= old.length;
    @Nullable Slot[] made = new @Nullable Slot[full ? 2 * old.length : old.length];
    alive.forEach(slot -> place(made, slot));
    used = alive.size();
    slots = made;
  }

  /** Whether a slot that was free is taken. */
  private static boolean place(@Nullable Slot[] table, Slot slot) {
    int i = slot(table, slot);
    boolean free = table[i] == null;
    table[i] = slot;
    return free;
  }

  /** Where the pair of this slot is, or would be. */
  private static int slot(@Nullable Slot[] table, Slot slot) {
    int mask = table.length - 1;
    int i = slot.hash() & mask;
    for (Slot present = table[i]; present != null && !present.isSame(slot); present = table[i]) {
      i = (i + 1) & mask;
    }
    return i;
  }

  /** How many slots there are. */
  int length() {
    return slots.length;
  }

  /** Takes the places from pairs whose place is dead, in some of the slots. */
  void remove(int from, int count, IntPredicate dead) {
    @Nullable Slot[] table = slots;
    for (int i = from; i < Math.min(from + count, table.length); i++) {
      Slot slot = table[i];
      if (slot != null && slot.place != NameTable.MISSING && dead.test(slot.place)) {
        table[i] = new Slot(slot.name, slot.last, slot.number, NameTable.MISSING);
      }
    }
  }

  private static int hash(String name, long number) {
    return SourceTable.spread(name.hashCode() * 31 + Long.hashCode(number));
  }
}
