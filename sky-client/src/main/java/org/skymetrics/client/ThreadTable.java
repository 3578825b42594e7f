package org.skymetrics.client;

import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.skymetrics.common.cell.Kind;

/**
 * The sources of one thread in one scope. When the thread has ended, the next new thread goes on
 * with it.
 */
final class ThreadTable {
  final SourceTable<CounterSource> counters = new SourceTable<>();
  final SourceTable<SampleSource> gauges = new SourceTable<>();
  final SourceTable<SampleSource> histograms = new SourceTable<>();
  final PairTable pairs = new PairTable();
  final ThreadTotals totals = new ThreadTotals();

  private final AtomicReference<WeakReference<Thread>> owner;

  ThreadTable(Thread owner) {
    this.owner = new AtomicReference<>(new WeakReference<>(owner));
  }

  /**
   * Takes the table over where its thread has ended: then all that it wrote can be read, and
   * another may write.
   */
  boolean claim(Thread thread) {
    WeakReference<Thread> present = Objects.requireNonNull(owner.get());
    Thread before = present.get();
    return (before == null || !before.isAlive())
        && owner.compareAndSet(present, new WeakReference<>(thread));
  }

  /** Whether the thread with this id, a plain one, has the table and has not ended. */
  boolean isOwnedBy(long threadId) {
    Thread present = Objects.requireNonNull(owner.get()).get();
    return present != null && present.getId() == threadId && present.isAlive();
  }

  SourceTable<? extends Source> of(Kind kind) {
    return switch (kind) {
      case COUNTER -> counters;
      case GAUGE -> gauges;
      case HISTOGRAM -> histograms;
      case SET -> throw new IllegalArgumentException("sets are gathered by all threads together");
    };
  }

  void put(Kind kind, Source source) {
    switch (kind) {
      case COUNTER -> counters.put((CounterSource) source);
      case GAUGE -> gauges.put((SampleSource) source);
      case HISTOGRAM -> histograms.put((SampleSource) source);
      case SET -> throw new IllegalArgumentException("sets are gathered by all threads together");
    }
  }
}
