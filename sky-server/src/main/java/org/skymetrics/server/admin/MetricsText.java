package org.skymetrics.server.admin;

import java.util.List;
import org.skymetrics.common.count.PrometheusText;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.StoreCounters;

/** What {@code /metrics} says. */
final class MetricsText {
  private static final String PREFIX = "sky_server_";

  private MetricsText() {}

  static String of(Counters counters, StoreCounters stores, List<Gauge> gauges) {
    PrometheusText text = new PrometheusText();
    for (ServerCounter counter : ServerCounter.values()) {
      text.counter(PREFIX + counter.label(), counter.description(), counters.get(counter));
    }
    stores
        .snapshot()
        .forEach((counter, n) -> text.counter(counter.metric(), counter.description(), n));
    for (Gauge gauge : gauges) {
      text.gauge(PREFIX + gauge.name(), gauge.description(), gauge.value());
    }
    return text.toString();
  }
}
