package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * The series of one kind, by key: open addressing over the entries themselves, for a map of nodes
 * costs as much again as what it leads to.
 *
 * <p>Any thread finds without a lock; who adds or removes holds the table's, the sender for one
 * slot. The slot of a series that was removed stays taken until the array is made anew, so a finder
 * never goes past a series that is there.
 */
final class EntryTable {
  private static final int FIRST_SLOTS = 16;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);

  /** In the slot of a series that was removed: of no key that was ever asked for. */
  private static final Entry REMOVED = new Entry(Key.of("sky>removed"), Kind.COUNTER);

  private volatile @Nullable Entry[] slots = new @Nullable Entry[FIRST_SLOTS];

  /** Slots that are taken, those of series that were removed among them. */
  private int used;

  /** The series of a key; null where there is none. */
  @Nullable Entry get(Key key) {
    @Nullable Entry[] table = slots;
    return (Entry) SLOT.getAcquire(table, slot(table, key));
  }

  /** The slot that has the series of a key, or would have it. */
  private static int slot(@Nullable Entry[] table, Key key) {
    int mask = table.length - 1;
    int i = SourceTable.spread(key.hashCode()) & mask;
    for (Entry present = (Entry) SLOT.getAcquire(table, i);
        present != null && (present == REMOVED || !present.key.equals(key));
        present = (Entry) SLOT.getAcquire(table, i)) {
      i = (i + 1) & mask;
    }
    return i;
  }

  /** Adds a series; the one that its key has already, or null. */
  synchronized @Nullable Entry putIfAbsent(Entry entry) {
    Entry present = get(entry.key);
    if (present != null) {
      return present;
    }
    if (3 * (used + 1) > 2 * slots.length) {
      rebuild();
    }
    @Nullable Entry[] table = slots;
    SLOT.setRelease(table, slot(table, entry.key), entry);
    used++;
    return null;
  }

  private void rebuild() {
    @Nullable Entry[] old = slots;
    int alive = 0;
    for (Entry entry : old) {
      alive += entry != null && entry != REMOVED ? 1 : 0;
    }
    @Nullable Entry[] made =
        new @Nullable Entry[3 * alive > old.length ? 2 * old.length : old.length];
    for (Entry entry : old) {
      if (entry != null && entry != REMOVED) {
        made[slot(made, entry.key)] = entry;
      }
    }
    used = alive;
    slots = made;
  }

  /** Removes a series; false where its key has another, or none. */
  synchronized boolean remove(Entry entry) {
    @Nullable Entry[] table = slots;
    int i = slot(table, entry.key);
    if (table[i] != entry) {
      return false;
    }
    SLOT.setRelease(table, i, REMOVED);
    return true;
  }

  /** Adds all series that there are to a list. */
  void addTo(List<Entry> all) {
    @Nullable Entry[] table = slots;
    for (int i = 0; i < table.length; i++) {
      Entry entry = (Entry) SLOT.getAcquire(table, i);
      if (entry != null && entry != REMOVED) {
        all.add(entry);
      }
    }
  }
}
