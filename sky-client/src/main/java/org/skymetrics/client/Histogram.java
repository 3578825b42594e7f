package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * A histogram bound to its key. Made by {@link Sky#bindHistogram}. Safe from any thread; never
 * throws, never blocks.
 */
public final class Histogram {
  private final @Nullable Binding binding;

  /** A handle of a key; without a recorder one that does nothing. */
  Histogram(@Nullable Recorder recorder, String key) {
    binding = recorder == null ? null : new Binding(recorder, key, Kind.HISTOGRAM);
  }

  /** Takes one finite value, in the caller's unit. */
  public void record(double value) {
    Binding bound = binding;
    if (bound == null) {
      return;
    }
    Source source = bound.source();
    if (source == null) {
      bound.recorder().histogram(bound.key(), value);
    } else if (!bound.recorder().isBad(value)) {
      ((SampleSource) source).record(value);
    }
  }

  /** Starts a timer whose close() records the milliseconds since. */
  public Timer start() {
    return new Timer(this, null, "");
  }
}
