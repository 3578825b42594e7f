package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * A counter bound to its key: the fastest way to count. Made by {@link Sky#bindCounter}; keep it in
 * a field. Safe from any thread; never throws, never blocks.
 */
public final class Counter {
  private final @Nullable Binding binding;

  /** A handle of a key; without a recorder one that does nothing. */
  Counter(@Nullable Recorder recorder, String key) {
    binding = recorder == null ? null : new Binding(recorder, key, Kind.COUNTER);
  }

  /** Counts one. */
  public void increment() {
    add(1);
  }

  /** Counts {@code n}, which may be negative. */
  public void add(long n) {
    Binding bound = binding;
    if (bound == null) {
      return;
    }
    Source source = bound.source();
    if (source != null) {
      ((CounterSource) source).add(n);
    } else {
      bound.recorder().count(bound.key(), n);
    }
  }
}
