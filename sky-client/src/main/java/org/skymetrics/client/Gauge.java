package org.skymetrics.client;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * A gauge bound to its key. Made by {@link Sky#bindGauge}. Safe from any thread; never throws,
 * never blocks.
 */
public final class Gauge {
  private final @Nullable Binding binding;

  /** A handle of a key; without a recorder one that does nothing. */
  Gauge(@Nullable Recorder recorder, String key) {
    binding = recorder == null ? null : new Binding(recorder, key, Kind.GAUGE);
  }

  /** Sets the gauge to a finite value. */
  public void set(double value) {
    Binding bound = binding;
    if (bound == null) {
      return;
    }
    Source source = bound.source();
    if (source == null) {
      bound.recorder().gauge(bound.key(), value);
    } else if (!bound.recorder().isBad(value)) {
      ((SampleSource) source).record(value);
    }
  }
}
