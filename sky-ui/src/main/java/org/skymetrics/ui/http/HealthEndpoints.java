package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.skymetrics.common.count.PrometheusText;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}: for supervisors and scrapers. */
final class HealthEndpoints {
  private final KeyIndex index;
  private final KeyFeed feed;
  private final Supplier<List<Reading>> readings;

  HealthEndpoints(KeyIndex index, KeyFeed feed, Supplier<List<Reading>> readings) {
    this.index = index;
    this.feed = feed;
    this.readings = readings;
  }

  List<Endpoint> all() {
    return List.of(
        new Fixed("/healthz", (p, r) -> Answered.text(200, "ok\n")),
        new Fixed("/readyz", (p, r) -> ready()),
        new Fixed("/metrics", (p, r) -> metrics()));
  }

  private Answered ready() {
    List<String> missing = feed.missing();
    return missing.isEmpty()
        ? Answered.text(200, "ready\n")
        : Answered.text(503, "missing: " + String.join("; ", missing) + "\n");
  }

  private Answered metrics() {
    PrometheusText text = new PrometheusText();
    for (Reading reading : readings.get()) {
      text.counter(reading.name(), reading.description(), reading.value());
    }
    text.gauge("sky_ui_keys", "keys in the index", index.size());
    return Answered.of(
        200, PrometheusText.CONTENT_TYPE, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** An endpoint that takes no parameter and asks nobody. */
  private record Fixed(String path, BiFunction<Parameters, HttpServerRequest, Answered> answering)
      implements Endpoint {
    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      return Future.succeededFuture(
          answering.apply(parameters, request).with("Cache-Control", "no-store"));
    }
  }
}
