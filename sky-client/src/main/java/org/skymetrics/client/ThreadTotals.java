package org.skymetrics.client;

/**
 * Where the counters of one thread have their totals: side by side, so that they fill the thread's
 * cache, and a cache line apart from those of any other thread. As fields of the counters they
 * would not stay apart: a collector that moves objects lays the counters that two threads have of
 * one series next to each other, and then each write of one takes the line from the other.
 */
final class ThreadTotals {
  /** Longs in a cache line, left free at both ends of a page. */
  private static final int APART = 8;

  private static final int PAGE = 128;

  private long[] page = new long[0];
  private int next;

  /** A new counter of this thread. A page lives as long as one of its counters. */
  OwnedCounter newCounter(String name) {
    if (next + APART >= page.length) {
      page = new long[PAGE];
      next = APART;
    }
    return new OwnedCounter(name, page, next++);
  }
}
