package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * A key held by a handle, and the source that each thread counts it in. Plain threads are
 * remembered by their id, which no two threads of a JVM ever have; others, and one whose place
 * another has, go by their table. What is remembered is immutable and published by a plain write: a
 * thread sees a whole one, an old one or none.
 */
final class Binding {
  private static final int REMEMBERED = 64;

  private record OfThread(long threadId, Source source, ThreadTable table) {}

  private final Recorder recorder;
  private final String key;
  private final Kind kind;
  private final @Nullable OfThread[] remembered = new @Nullable OfThread[REMEMBERED];

  /** The source of threads without a table; set to the same by whoever asks first. */
  private @Nullable Source shared;

  Binding(Recorder recorder, String key, Kind kind) {
    this.recorder = recorder;
    this.key = key;
    this.kind = kind;
  }

  Recorder recorder() {
    return recorder;
  }

  String key() {
    return key;
  }

  /** This thread's source; null where the key has none of its own, and is to be counted by name. */
  @Nullable Source source() {
    Thread thread = Thread.currentThread();
    // A subclass may say any id; those go by the table.
    if (thread.getClass() == Thread.class) {
      long id = thread.getId();
      OfThread found = remembered[(int) id & (REMEMBERED - 1)];
      if (found != null && found.threadId == id) {
        return found.source;
      }
    }
    return find(thread);
  }

  private @Nullable Source find(Thread thread) {
    ThreadTable table = recorder.table();
    if (table == null) {
      return findShared();
    }
    Source source = recorder.bind(table, key, kind);
    if (source != null && thread.getClass() == Thread.class) {
      remember(thread.getId(), source, table);
    }
    return source;
  }

  /**
   * Takes a place that is free, or of a thread that has ended. Where a living thread has it, this
   * one goes on by the table: two that drove each other out would make something with each call.
   */
  private void remember(long threadId, Source source, ThreadTable table) {
    int i = (int) threadId & (REMEMBERED - 1);
    OfThread present = remembered[i];
    if (present == null || !present.table.isOwnedBy(present.threadId)) {
      remembered[i] = new OfThread(threadId, source, table);
    }
  }

  private @Nullable Source findShared() {
    Source source = shared;
    if (source == null) {
      source = recorder.bind(null, key, kind);
      shared = source;
    }
    return source;
  }
}
