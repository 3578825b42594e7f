package org.skymetrics.client;

import org.jspecify.annotations.Nullable;

/**
 * The time of a block, recorded into a histogram in milliseconds: {@code try (Timer t =
 * sky.timer("db|query")) { ... }}. Closing it again does nothing.
 */
public final class Timer implements AutoCloseable {
  private final @Nullable Histogram histogram;
  private final @Nullable Sky sky;
  private final String key;
  private final long startNs = System.nanoTime();
  private boolean closed;

  Timer(@Nullable Histogram histogram, @Nullable Sky sky, String key) {
    this.histogram = histogram;
    this.sky = sky;
    this.key = key;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    double ms = (System.nanoTime() - startNs) / 1e6;
    if (histogram != null) {
      histogram.record(ms);
    } else if (sky != null) {
      sky.histogram(key, ms);
    }
  }
}
