package org.skymetrics.server.admin;

import java.util.List;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;

/** The text format of Prometheus, version 0.0.4. */
final class MetricsText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PREFIX = "sky_server_";

  private MetricsText() {}

  static String of(Counters counters, List<Gauge> gauges) {
    StringBuilder text = new StringBuilder(16_384);
    for (ServerCounter counter : ServerCounter.values()) {
      String name = PREFIX + counter.label() + "_total";
      head(text, name, counter.description(), "counter");
      text.append(name).append(' ').append(counters.get(counter)).append('\n');
    }
    for (Gauge gauge : gauges) {
      String name = PREFIX + gauge.name();
      head(text, name, gauge.description(), "gauge");
      text.append(name).append(' ').append(gauge.value()).append('\n');
    }
    return text.toString();
  }

  private static void head(StringBuilder text, String name, String description, String type) {
    text.append("# HELP ").append(name).append(' ').append(description).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
