package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * A counter or histogram that one thread of a server passes on again and again: the way to its
 * source without its name. Unlike a bound handle it holds nothing: a series that is idle is retired
 * all the same, and found anew. Made by {@link Relay#series}; for one thread alone.
 */
public final class RelayedSeries {
  private final @Nullable Recorder recorder;
  private final String key;
  private final Kind kind;
  private @Nullable Source source;

  RelayedSeries(@Nullable Recorder recorder, String key, Kind kind) {
    this.recorder = recorder;
    this.key = key;
    this.kind = kind;
  }

  /** Counts {@code n}; of a counter. */
  public void count(long n) {
    Source source = source();
    if (source != null) {
      ((CounterSource) source).add(n);
    } else if (recorder != null) {
      recorder.count(key, n);
    }
  }

  /** Counts a finite number that need not be whole; of a counter. */
  public void count(double value) {
    if (recorder != null) {
      recorder.count(key, value);
    }
  }

  /**
   * Looks at the place that the next value goes to, of a histogram that was found; what it says
   * means nothing. Who is to record in many asks for all of them first, so that memory is waited
   * for once and not for each.
   */
  public long look() {
    return source instanceof SampleSource samples ? samples.look() : 0;
  }

  /** Takes a value that stands for {@code times}, at least 1; of a histogram. */
  public void record(double value, long times) {
    Source source = source();
    if (recorder == null || recorder.isBad(value)) {
      return;
    }
    if (source == null) {
      recorder.histogram(key, value, times);
    } else if (times == 1) {
      ((SampleSource) source).record(value);
    } else {
      ((SampleSource) source).record(value, times);
    }
  }

  /** The thread's source, if it has one already. */
  private @Nullable Source source() {
    Source last = source;
    if (last == null || last.isRetired()) {
      last = recorder == null ? null : recorder.find(key, kind);
      source = last;
    }
    return last;
  }
}
