package org.skymetrics.client;

/** A counter by its name in one scope, as the sender sees it: a place in {@link CounterColumns}. */
final class CounterColumn extends CounterSource {
  private final CounterColumns columns;
  final int place;

  CounterColumn(CounterColumns columns, int place) {
    super(columns.total(place));
    this.columns = columns;
    this.place = place;
  }

  @Override
  void add(long n) {
    columns.add(place, n);
  }

  @Override
  long total() {
    return columns.total(place);
  }

  /** Told by {@link CounterColumns#accepted}. */
  @Override
  long accepted() {
    return 0;
  }

  @Override
  void end() {
    columns.end(place);
  }
}
