package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The way from a name to a number: open addressing over two arrays, names compared by identity of
 * the String before their content. Any thread finds, without a lock and without making anything;
 * who changes it holds the lock of its owner.
 *
 * <p>A slot's name never changes, so a finder that sees the name reads a number of that name: its
 * own, or that there is none. The number is set before the name. A finder with an old state misses
 * what is new, and asks its owner. Slots of names that were removed go when the arrays are made
 * anew.
 */
@SuppressWarnings("ReferenceEquality") // the same String is found without a look at its content
final class NameTable {
  /** In place of a number. */
  static final int MISSING = -1;

  private static final int FIRST_SLOTS = 64;

  /** A third of the slots at most: then a name is mostly where it is looked for first. */
  private static final int MOST_USED = 3;

  private static final VarHandle NUMBER = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle NAME = MethodHandles.arrayElementVarHandle(String[].class);

  private static final class Slots {
    private final @Nullable String[] names;
    private final int[] numbers;

    Slots(int length) {
      names = new @Nullable String[length];
      numbers = new int[length];
      Arrays.fill(numbers, MISSING);
    }

    /** The slot that has the name, or would have it. */
    int slot(String name) {
      int mask = names.length - 1;
      int i = SourceTable.spread(name.hashCode()) & mask;
      for (String present = names[i];
          present != null && !present.equals(name);
          present = names[i]) {
        i = (i + 1) & mask;
      }
      return i;
    }

    void set(int slot, String name, int number) {
      NUMBER.setRelease(numbers, slot, number);
      NAME.setRelease(names, slot, name);
    }
  }

  private volatile Slots slots = new Slots(FIRST_SLOTS);
  private int used;

  /** The number of a name, or {@link #MISSING}. */
  int find(String name) {
    Slots s = slots;
    @Nullable String[] names = s.names;
    int hash = name.hashCode();
    int i = SourceTable.spread(hash) & (names.length - 1);
    return names[i] == name ? (int) NUMBER.getAcquire(s.numbers, i) : find(s, i, name, hash);
  }

  private static int find(Slots s, int first, String name, int hash) {
    @Nullable String[] names = s.names;
    int mask = names.length - 1;
    int i = first;
    for (String present = names[i]; present != null; present = names[i]) {
      if (present == name || (present.hashCode() == hash && present.equals(name))) {
        return (int) NUMBER.getAcquire(s.numbers, i);
      }
      i = (i + 1) & mask;
    }
    return MISSING;
  }

  /** Gives a name a number; where the arrays have to be made anew, those that are dead are left. */
  void put(String name, int number, IntPredicate dead) {
    if (MOST_USED * (used + 1) > slots.names.length) {
      rebuild(dead);
    }
    Slots s = slots;
    int slot = s.slot(name);
    if (s.names[slot] == null) {
      used++;
    }
    s.set(slot, name, number);
  }

  private void rebuild(IntPredicate dead) {
    Slots old = slots;
    int alive = 0;
    for (int number : old.numbers) {
      alive += number != MISSING && !dead.test(number) ? 1 : 0;
    }
    int length = old.names.length;
    Slots made = new Slots(2 * MOST_USED * alive >= length ? 2 * length : length);
    used = alive;
    for (int i = 0; i < length; i++) {
      String name = old.names[i];
      int number = old.numbers[i];
      if (name != null && number != MISSING && !dead.test(number)) {
        made.set(made.slot(name), name, number);
      }
    }
    slots = made;
  }

  /** How many slots there are. */
  int length() {
    return slots.names.length;
  }

  /** Takes the numbers from names whose number is dead, in some of the slots. */
  void remove(int from, int count, IntPredicate dead) {
    int[] numbers = slots.numbers;
    for (int i = from; i < Math.min(from + count, numbers.length); i++) {
      if (numbers[i] != MISSING && dead.test(numbers[i])) {
        NUMBER.setRelease(numbers, i, MISSING);
      }
    }
  }
}
