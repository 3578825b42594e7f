package org.skymetrics.client;

/**
 * A counter by its name in one scope: a total for each thread that has a table, which that thread
 * alone writes, and one that all other threads share.
 */
final class CounterColumn extends CounterSource {
  private final CounterColumns columns;

  /** The index of its totals in the rows of the threads. */
  final int place;

  CounterColumn(CounterColumns columns, int place, long total) {
    super(total);
    this.columns = columns;
    this.place = place;
  }

  @Override
  void add(long n) {
    if (!columns.tables().atHand().add(place, n)) {
      addOtherwise(n);
    }
  }

  /** Counts for a thread that has no total here yet, or will have none. */
  void addOtherwise(long n) {
    ThreadTable table = columns.tables().mine();
    if (table == null) {
      addShared(n);
    } else {
      table.addWithRoom(place, n);
    }
  }

  @Override
  long total() {
    return columns.ownedTotal(place) + super.total();
  }

  /** What threads share of it; their own totals are told by {@link CounterColumns#accepted}. */
  @Override
  long accepted() {
    return super.total();
  }

  @Override
  void end() {
    columns.end(place);
  }
}
