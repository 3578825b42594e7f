package org.skymetrics.client;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one scope: a column for each name, and in it a total for each thread that has a
 * table. A thread's totals lie side by side in a row of its own ({@link ThreadTable}), so that they
 * fill its cache and no other thread's, and a key costs a thread eight bytes.
 *
 * <p>Names are found without a lock. The lock is for columns that begin and end: a thread with a
 * new name takes it, and the sender for some nanoseconds for each counter that it retires.
 *
 * <p>Totals are never set back. A column that has ended is let anew, after the minute in which a
 * retired source is harvested still, to another name, which begins at the total that it finds.
 */
final class CounterColumns {
  /** A cache line stays free before each row. */
  private static final int FIRST_PLACE = 8;

  private final ThreadTables tables;
  private final NameTable places = new NameTable();
  private final PairTable pairs = new PairTable();

  /** By place; replaced whole when it grows. */
  private volatile @Nullable CounterColumn[] columns = new @Nullable CounterColumn[64];

  private int nextPlace = FIRST_PLACE;

  /** Places of columns that have ended, the first to end first. */
  private final Queue<Integer> free = new ArrayDeque<>();

  CounterColumns(ThreadTables tables) {
    this.tables = tables;
  }

  ThreadTables tables() {
    return tables;
  }

  /** Where the totals of each name are. */
  NameTable places() {
    return places;
  }

  /** The column at a place, unless it has ended. */
  @Nullable CounterColumn at(int place) {
    @Nullable CounterColumn[] all = columns;
    return place < 0 || place >= all.length ? null : all[place];
  }

  /** The column of a name, if it has one that is not retired. */
  @Nullable CounterColumn find(String name) {
    CounterColumn column = at(places.find(name));
    return column == null || column.isRetired() ? null : column;
  }

  /** The column of {@code name|last}, if it is known and not retired. */
  @Nullable CounterColumn find(String name, long last) {
    return pairs.find(name, last);
  }

  /** The column of {@code name|last}, if it is known and not retired. */
  @Nullable CounterColumn find(String name, String last) {
    return pairs.find(name, last);
  }

  synchronized void put(String name, long last, CounterColumn column) {
    pairs.put(name, last, column);
  }

  synchronized void put(String name, String last, CounterColumn column) {
    pairs.put(name, last, column);
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
    CounterColumn column = new CounterColumn(this, place, ownedTotal(place));
    columns[place] = column;
    registry.add(entry, column);
    places.put(name, place, this::isDead);
    return column;
  }

  private boolean isDead(int place) {
    CounterColumn column = at(place);
    return column == null || column.isRetired();
  }

  /** Lets no thread find what is retired. The sender's. */
  void purge() {
    for (String name : places.names(this::isDead)) {
      remove(name);
    }
  }

  private synchronized void remove(String name) {
    places.remove(name, this::isDead);
  }

  /** A column that was retired has been harvested to its end. The sender's. */
  synchronized void end(int place) {
    columns[place] = null;
    free.add(place);
  }

  /** What the threads with a table have counted at a place, columns before this one included. */
  long ownedTotal(int place) {
    long total = 0;
    for (ThreadTable table : tables.all()) {
      total += table.total(place);
    }
    return total;
  }

  /** What the threads with a table have counted since the start. */
  long accepted() {
    long accepted = 0;
    for (ThreadTable table : tables.all()) {
      accepted += table.total();
    }
    return accepted;
  }
}
