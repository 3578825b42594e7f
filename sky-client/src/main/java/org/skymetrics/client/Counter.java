package org.skymetrics.client;

import org.jspecify.annotations.Nullable;

/**
 * A counter bound to its key: the fastest way to count. Made by {@link Sky#bindCounter}; keep it in
 * a field. Safe from any thread; never throws, never blocks.
 */
public final class Counter {
  /** A disabled handle's; no thread has one there. */
  private static final ThreadTable[] NO_TABLES = new ThreadTables(true).atHand();

  private final @Nullable Recorder recorder;
  private final String key;

  /** The tables of threads in the recorder's scope, see {@link ThreadTables#atHand}. */
  private final ThreadTable[] tables;

  /** Where the key's totals are, from the first count on; set to the same by whoever is first. */
  private int place = NameTable.MISSING;

  /** A handle of a key; without a recorder one that does nothing. */
  Counter(@Nullable Recorder recorder, String key) {
    this.recorder = recorder;
    this.key = key;
    tables = recorder == null ? NO_TABLES : recorder.tablesAtHand();
  }

  /** Counts one. */
  public void increment() {
    add(1);
  }

  /** Counts {@code n}, which may be negative. */
  public void add(long n) {
    if (!ThreadTables.of(tables).add(place, n) && recorder != null) {
      place = recorder.countBound(key, place, n);
    }
  }
}
