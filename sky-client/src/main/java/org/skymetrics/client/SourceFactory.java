package org.skymetrics.client;

import org.skymetrics.common.cell.Kind;

/** Makes sources, with what they share: the epoch and the clock. */
record SourceFactory(Epoch epoch, TimeSource time) {
  /** A source that one thread writes, the thread of these totals. */
  Source owned(Kind kind, String name, ThreadTotals totals) {
    return kind == Kind.COUNTER
        ? totals.newCounter(name)
        : new SampleSource.Owned(name, kind == Kind.GAUGE, epoch, time);
  }

  /** A source that any thread writes. */
  Source shared(Kind kind, String name) {
    return switch (kind) {
      case COUNTER -> new SharedCounter(name);
      case GAUGE, HISTOGRAM -> new SharedSamples(name, kind == Kind.GAUGE, epoch, time);
      case SET -> new SetSource(name, epoch);
    };
  }
}
