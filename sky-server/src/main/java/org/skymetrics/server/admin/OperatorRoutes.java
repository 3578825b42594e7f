package org.skymetrics.server.admin;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;

/** What operators and their tools ask: health, metrics, status. */
final class OperatorRoutes {
  private static final int USUAL_SESSIONS = 100;
  private static final int MAX_SESSIONS = 10_000;

  private final Vitals vitals;
  private final Counters counters;
  private final Mishaps mishaps;

  OperatorRoutes(Vitals vitals, Counters counters, Mishaps mishaps) {
    this.vitals = vitals;
    this.counters = counters;
    this.mishaps = mishaps;
  }

  void addTo(Router router) {
    router.get("/healthz").handler(request -> Answers.text(request, 200, "ok"));
    router.get("/readyz").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    router.get("/status").handler(this::status);
    router.get("/v1/sessions").handler(this::sessions);
    router.get("/v1/offenders").handler(request -> Answers.json(request, vitals.offenders()));
  }

  private void ready(RoutingContext request) {
    String problem = vitals.notReady();
    Answers.text(request, problem == null ? 200 : 503, problem == null ? "ready" : problem);
  }

  private void metrics(RoutingContext request) {
    answer(
        request,
        vitals.gauges(),
        gauges ->
            Answers.send(
                request,
                MetricsText.CONTENT_TYPE,
                Buffer.buffer(MetricsText.of(counters, gauges))));
  }

  private void status(RoutingContext request) {
    answer(request, vitals.status(), json -> Answers.json(request, json));
  }

  private void sessions(RoutingContext request) {
    try {
      int limit = Parameters.number(request, "limit", USUAL_SESSIONS, MAX_SESSIONS);
      answer(request, vitals.sessions(limit), json -> Answers.json(request, json));
    } catch (BadRequestException e) {
      Answers.error(request, 400, e.getMessage());
    }
  }

  private <T> void answer(RoutingContext request, CompletableFuture<T> value, Consumer<T> send) {
    Future.fromCompletionStage(value, request.vertx().getOrCreateContext())
        .onSuccess(send::accept)
        .onFailure(
            fault -> {
              mishaps.take("telling the status", fault);
              Answers.error(request, 503, "the receiving threads do not answer");
            });
  }
}
