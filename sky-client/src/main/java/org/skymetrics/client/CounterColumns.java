package org.skymetrics.client;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one scope: a column for each name, and in it a total for each thread that has a
 * table, and one that all others share. A thread's totals lie side by side in a row of its own
 * ({@link ThreadTable}), so that they fill its cache and no other thread's, and a key costs a
 * thread eight bytes.
 *
 * <p>Names are found without a lock. The lock is for columns that begin and end: a thread with a
 * new name takes it, and the sender, when it has retired some, for some slots at a time.
 *
 * <p>Totals are never set back. A column that has ended is let anew, after the minute in which a
 * retired source is harvested still, to another name, which begins at the total that it finds.
 */
final class CounterColumns {
  /** A cache line stays free before each row. */
  private static final int FIRST_PLACE = 8;

  /** How many slots the sender looks through while it has the lock. */
  private static final int SLOTS_AT_ONCE = 256;

  private final ThreadTables tables;
  private final ThreadTable[] tablesAtHand;
  private final NameTable places = new NameTable();
  private final PairTable pairs = new PairTable();

  /** Of threads without a table. */
  private final SharedTotals shared = new SharedTotals();

  /** By place; replaced whole when it grows. */
  private volatile @Nullable CounterColumn[] columns = new @Nullable CounterColumn[64];

  private int nextPlace = FIRST_PLACE;

  /** Places of columns that have ended, the first to end first. */
  private final Queue<Integer> free = new ArrayDeque<>();

  CounterColumns(ThreadTables tables) {
    this.tables = tables;
    tablesAtHand = tables.atHand();
  }

  /** Where the totals of each name are. */
  NameTable places() {
    return places;
  }

  /** The places of pairs. */
  PairTable pairs() {
    return pairs;
  }

  private @Nullable CounterColumn at(int place) {
    @Nullable CounterColumn[] all = columns;
    return place < 0 || place >= all.length ? null : all[place];
  }

  /** The column of a name, if it has one that is not retired. */
  @Nullable CounterColumn find(String name) {
    CounterColumn column = at(places.find(name));
    return column == null || column.isRetired() ? null : column;
  }

  /** Adds to the total that this thread has at a place. */
  void add(int place, long n) {
    if (!ThreadTables.of(tablesAtHand).add(place, n)) {
      addOtherwise(place, n);
    }
  }

  /** The same, for a thread that has no total at hand there. */
  void addOtherwise(int place, long n) {
    Thread thread = Thread.currentThread();
    ThreadTable table = tables.elsewhere(thread);
    if (table == null) {
      shared.add(thread.getId(), place, n);
    } else {
      table.addWithRoom(place, n);
    }
  }

  /** Remembers the place of {@code name|last}. */
  synchronized void put(String name, long last, CounterColumn column) {
    if (!column.isRetired()) {
      pairs.put(name, last, column.place, this::isDead);
    }
  }

  /** Remembers the place of {@code name|last}. */
  synchronized void put(String name, String last, CounterColumn column) {
    if (!column.isRetired()) {
      pairs.put(name, last, column.place, this::isDead);
    }
  }

  /** The column of a name, a new one of this series where there is none. */
  synchronized CounterColumn open(String name, Entry entry, Registry registry) {
    CounterColumn present = find(name);
    if (present != null) {
      return present;
    }
    Integer ended = free.poll();
    int place = ended == null ? nextPlace++ : ended;
    if (place >= columns.length) {
      columns = Arrays.copyOf(columns, columns.length + (columns.length >> 2));
    }
    CounterColumn column = new CounterColumn(this, place);
    columns[place] = column;
    registry.add(entry, column);
    places.put(name, place, this::isDead);
    return column;
  }

  private boolean isDead(int place) {
    CounterColumn column = at(place);
    return column == null || column.isRetired();
  }

  /** Lets no thread find what is retired, some slots at a time. The sender's. */
  void purge() {
    for (int from = 0; from < places.length(); from += SLOTS_AT_ONCE) {
      removeNames(from);
    }
    for (int from = 0; from < pairs.length(); from += SLOTS_AT_ONCE) {
      removePairs(from);
    }
  }

  private synchronized void removeNames(int from) {
    places.remove(from, SLOTS_AT_ONCE, this::isDead);
  }

  private synchronized void removePairs(int from) {
    pairs.remove(from, SLOTS_AT_ONCE, this::isDead);
  }

  /** A column that was retired has been harvested to its end. The sender's. */
  synchronized void end(int place) {
    columns[place] = null;
    free.add(place);
  }

  /**
   * What was counted at a place since the start, for columns before this one too. Each part is read
   * once and only gathers, so the differences of successive totals add up exactly.
   */
  long total(int place) {
    long total = shared.total(place);
    for (ThreadTable table : tables.all()) {
      total += table.total(place);
    }
    return total;
  }

  /** What was counted since the start. */
  long accepted() {
    long accepted = shared.total();
    for (ThreadTable table : tables.all()) {
      accepted += table.total();
    }
    return accepted;
  }
}
