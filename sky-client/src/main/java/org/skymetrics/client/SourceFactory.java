package org.skymetrics.client;

import org.skymetrics.common.cell.Kind;

/** Makes sources, with what they share: the epoch and the clock. */
record SourceFactory(Epoch epoch, TimeSource time) {
  /** A source of a gauge or histogram that one thread writes. */
  SampleSource owned(Kind kind, String name) {
    return new SampleSource.Owned(name, kind == Kind.GAUGE, epoch, time);
  }

  /** A source that any thread writes. */
  Source shared(Kind kind, String name) {
    return switch (kind) {
      case COUNTER -> new SharedCounter();
      case GAUGE, HISTOGRAM -> new SharedSamples(name, kind == Kind.GAUGE, epoch, time);
      case SET -> new SetSource(name, epoch);
    };
  }
}
