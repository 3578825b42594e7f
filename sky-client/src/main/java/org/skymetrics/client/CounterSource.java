package org.skymetrics.client;

/** A source of a counter. */
abstract class CounterSource extends Source {
  /** The sender's: the total that it took last. */
  private long taken;

  CounterSource(String name) {
    super(name);
  }

  abstract void add(long n);

  /** The sum of all that was added, up to some moment not before this call's. */
  abstract long total();

  /** What was added since the last call. The sender calls it. */
  final long take() {
    long total = total();
    long since = total - taken;
    taken = total;
    return since;
  }

  @Override
  final long accepted() {
    return total();
  }
}
