package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.skymetrics.store.StoreException;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.query.TimeText;
import org.skymetrics.ui.query.TooSlowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes requests to endpoints, and turns whatever comes of them into a response. */
final class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");

  private final Gate gate;
  private final Counters counters;

  Api(Gate gate, Counters counters) {
    this.gate = gate;
    this.counters = counters;
  }

  Router router(Vertx vertx, List<Endpoint> endpoints, LiveSocket live) {
    Router router = Router.router(vertx);
    router.route().handler(this::letIn);
    for (Endpoint endpoint : endpoints) {
      router.route(endpoint.path()).handler(context -> handle(endpoint, context.request()));
    }
    router.route(LiveSocket.PATH).handler(context -> open(live, context.request()));
    router.route().handler(Api::protect);
    PageFiles.addTo(router);
    router
        .route()
        .handler(
            context ->
                fail(
                    context.request(),
                    new HttpFault(
                        404,
                        "there is nothing at "
                            + TimeText.shown(context.request().path())
                            + "; the API is described in docs/http-api.md")));
    router.route().failureHandler(this::failed);
    return router;
  }

  private static void protect(RoutingContext context) {
    SECURITY_HEADERS.forEach(context.response()::putHeader);
    context.next();
  }

  /** First of all; what it does not pass on reaches no endpoint and no file. */
  private void letIn(RoutingContext context) {
    Answered elsewhere;
    try {
      elsewhere = gate.check(context.request());
    } catch (HttpFault e) {
      fail(context.request(), e);
      return;
    }
    if (elsewhere == null) {
      context.next();
    } else {
      send(context.request(), elsewhere);
    }
  }

  private void handle(Endpoint endpoint, HttpServerRequest request) {
    try {
      requireMethod(endpoint, request);
      Parameters parameters = Parameters.parse(request.query(), endpoint.parameters());
      Future<Answered> answered = endpoint.answer(parameters, request);
      answered.onComplete(
          done -> {
            if (done.succeeded()) {
              send(request, done.result());
            } else {
              fail(request, done.cause());
            }
          });
    } catch (RuntimeException e) {
      fail(request, e);
    }
  }

  private void open(LiveSocket live, HttpServerRequest request) {
    try {
      Parameters.parse(request.query(), Set.of());
      live.open(request);
    } catch (RuntimeException e) {
      fail(request, e);
    }
  }

  private static void requireMethod(Endpoint endpoint, HttpServerRequest request) {
    HttpMethod asked = isHead(request) ? HttpMethod.GET : request.method();
    if (!endpoint.methods().contains(asked)) {
      TreeSet<String> names = new TreeSet<>();
      endpoint.methods().forEach(method -> names.add(method.name()));
      String those = String.join(", ", names);
      if (names.contains("GET")) {
        names.add("HEAD");
      }
      throw new HttpFault(
          405,
          request.path() + " takes " + those + ", not " + request.method().name(),
          Map.of("Allow", String.join(", ", names)));
    }
  }

  private static boolean isHead(HttpServerRequest request) {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** What a route could not take, such as a path that is malformed. */
  private void failed(RoutingContext context) {
    Throwable cause = context.failure();
    if (cause == null || context.statusCode() < 500) {
      int status = context.statusCode() > 0 ? context.statusCode() : 500;
      String why =
          context.request().authority() == null
              ? "a request says in Host which address or name it asks, once and with a valid port"
              : "the request is malformed";
      fail(context.request(), new HttpFault(status, why));
    } else {
      fail(context.request(), cause);
    }
  }

  /** The edge of each request: all that went wrong becomes a status and a sentence. */
  private void fail(HttpServerRequest request, Throwable cause) {
    if (cause instanceof ClosedChannelException || cause instanceof HttpClosedException) {
      counters.count(UiCounter.ANSWERS_NOT_TAKEN);
      return;
    }
    HttpFault fault = fault(request, cause);
    if (fault.status() < 500) {
      counters.count(UiCounter.BAD_REQUESTS);
    }
    Answered answered =
        Answered.of(fault.status(), Answered.JSON, Json.error(String.valueOf(fault.getMessage())));
    for (Map.Entry<String, String> header : fault.headers().entrySet()) {
      answered = answered.with(header.getKey(), header.getValue());
    }
    send(request, answered);
  }

  private HttpFault fault(HttpServerRequest request, Throwable cause) {
    if (cause instanceof HttpFault fault) {
      return fault;
    }
    if (cause instanceof StoreException) {
      counters.count(UiCounter.STORE_FAILURES);
      return new HttpFault(503, "a store is away: " + cause.getMessage());
    }
    if (cause instanceof TooSlowException) {
      counters.count(UiCounter.TOO_SLOW);
      return new HttpFault(503, String.valueOf(cause.getMessage()));
    }
    counters.count(UiCounter.FAILURES);
    LOG.error("{} {} failed", request.method(), TimeText.shown(request.uri()), cause);
    return new HttpFault(500, "an unexpected error; the log of the server says more");
  }

  private void send(HttpServerRequest request, Answered answered) {
    counters.count(UiCounter.REQUESTS);
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answered.status());
    SECURITY_HEADERS.forEach(response::putHeader);
    answered.headers().forEach(response::putHeader);
    if (answered.status() == 304) {
      response.end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, answered.contentType());
    if (isHead(request)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answered.body().length()));
      response.end();
    } else {
      response.end(answered.body());
    }
  }
}
