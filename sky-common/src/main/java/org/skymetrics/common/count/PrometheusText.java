package org.skymetrics.common.count;

/** Metrics in the text format of Prometheus, version 0.0.4. */
public final class PrometheusText {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder(16_384);

  /**
   * A value that only grows.
   *
   * @param name without {@code _total}
   */
  public PrometheusText counter(String name, String description, long value) {
    return metric(name + "_total", "counter", description, value);
  }

  /** A value that goes up and down. */
  public PrometheusText gauge(String name, String description, Number value) {
    return metric(name, "gauge", description, value);
  }

  private PrometheusText metric(String name, String type, String description, Number value) {
    text.append("# HELP ").append(name).append(' ').append(description).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    text.append(name).append(' ').append(value).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
