package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * A key held by a handle, and the source that each thread counts it in. A few threads are
 * remembered by their id, which no two threads of a JVM ever have; a thread whose place is
 * another's asks the table again. What is remembered is immutable and published by a plain write: a
 * thread sees a whole one, an old one or none.
 */
final class Binding {
  private static final int REMEMBERED = 16;

  private record OfThread(long threadId, Source source) {}

  private final Recorder recorder;
  private final String key;
  private final Kind kind;
  private final @Nullable OfThread[] remembered = new @Nullable OfThread[REMEMBERED];

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
    long id = ThreadId.current();
    OfThread found = remembered[(int) id & (REMEMBERED - 1)];
    return found != null && found.threadId == id ? found.source : bind(id);
  }

  private @Nullable Source bind(long id) {
    Source source = recorder.bind(key, kind);
    if (source != null) {
      remembered[(int) id & (REMEMBERED - 1)] = new OfThread(id, source);
    }
    return source;
  }
}
