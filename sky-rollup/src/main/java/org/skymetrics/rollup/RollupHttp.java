package org.skymetrics.rollup;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.count.PrometheusText;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.StoreCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin HTTP of a rollup process, as docs/http-api.md has it: health, metrics and status, from
 * memory alone, on one event loop of its own.
 */
public final class RollupHttp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RollupHttp.class);
  private static final int PATIENCE_S = 10;
  private static final int IDLE_S = 60;
  private static final long SECRETS_MS = 1_000;
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Vertx vertx;
  private final @Nullable Supplier<Secrets> secrets;
  private final Rollup rollup;
  private final StoreCounters stores;
  private final String storesNames;
  private final Clock clock;
  private final long startNs;
  private final Caller callers;
  private InetSocketAddress address;

  private RollupHttp(
      InetSocketAddress wanted,
      @Nullable Supplier<Secrets> secrets,
      Rollup rollup,
      StoreCounters stores,
      String storesNames,
      Clock clock) {
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true));
    this.address = wanted;
    this.secrets = secrets;
    this.callers = new Caller(secrets, wanted.getAddress().isLoopbackAddress());
    this.rollup = rollup;
    this.stores = stores;
    this.storesNames = storesNames;
    this.clock = clock;
    this.startNs = clock.monotonicNs();
  }

  /**
   * Starts to serve.
   *
   * @param secrets what makes the token that other machines show; null: none is asked for
   * @param stores what the stores of this process count
   * @param storesNames which they are, for people
   * @throws IOException where the address is in use or not of this machine
   */
  public static RollupHttp start(
      InetSocketAddress wanted,
      @Nullable Supplier<Secrets> secrets,
      Rollup rollup,
      StoreCounters stores,
      String storesNames,
      Clock clock)
      throws IOException {
    RollupHttp http = new RollupHttp(wanted, secrets, rollup, stores, storesNames, clock);
    try {
      http.listen();
      return http;
    } catch (IOException e) {
      http.close();
      throw e;
    }
  }

  private void listen() throws IOException {
    HttpServer server =
        await(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setHost(address.getAddress().getHostAddress())
                        .setPort(address.getPort())
                        .setIdleTimeout(IDLE_S)
                        .setCompressionSupported(true))
                .requestHandler(this::answer)
                .listen());
    if (secrets instanceof SecretFile file) {
      vertx.setPeriodic(SECRETS_MS, timer -> refresh(file));
    }
    address = new InetSocketAddress(address.getAddress(), server.actualPort());
  }

  private void refresh(SecretFile file) {
    vertx
        .executeBlocking(() -> Optional.ofNullable(file.refresh()), true)
        .onSuccess(change -> change.ifPresent(what -> LOG.info("{}", what)));
  }

  private void answer(HttpServerRequest request) {
    String path = request.path();
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      error(request, 405, "only GET is answered here");
    } else if ("/healthz".equals(path)) {
      send(request, 200, TEXT, "ok");
    } else if (!callers.hasOwnName(request)) {
      rollup.count(RollupCounter.ADMIN_REFUSED);
      error(request, 403, "ask for this rollup by IP address, or as localhost");
    } else if (!callers.mayRead(request)) {
      rollup.count(RollupCounter.ADMIN_REFUSED);
      request.response().putHeader("www-authenticate", "Bearer");
      error(request, 401, "from another machine this needs the token that is made from the secret");
    } else if ("/metrics".equals(path)) {
      send(request, 200, PrometheusText.CONTENT_TYPE, metrics());
    } else if ("/status".equals(path)) {
      send(request, 200, JSON, status().encode());
    } else {
      error(request, 404, "there is /healthz, /metrics and /status");
    }
  }

  private String metrics() {
    PrometheusText text = new PrometheusText();
    rollup
        .counters()
        .forEach((c, n) -> text.counter("sky_rollup_" + c.label(), c.description(), n));
    stores.snapshot().forEach((c, n) -> text.counter(c.metric(), c.description(), n));
    return text.gauge("sky_rollup_uptime_seconds", "Time since the start.", uptimeSeconds())
        .toString();
  }

  private JsonObject status() {
    JsonObject counters = new JsonObject();
    rollup.counters().forEach((counter, n) -> counters.put(counter.label(), n));
    JsonObject storeCounters = new JsonObject();
    stores.snapshot().forEach((counter, n) -> storeCounters.put(counter.label(), n));
    return new JsonObject()
        .put("uptimeSeconds", uptimeSeconds())
        .put("stores", storesNames)
        .put("counters", counters)
        .put("storeCounters", storeCounters);
  }

  private long uptimeSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(clock.monotonicNs() - startNs);
  }

  private static void error(HttpServerRequest request, int status, String sentence) {
    send(request, status, JSON, new JsonObject().put("error", sentence).encode());
  }

  /** Whether it still reaches its asker is the asker's matter. */
  private static void send(HttpServerRequest request, int status, String type, String body) {
    var unused =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, type)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .end(request.method().equals(HttpMethod.HEAD) ? "" : body);
  }

  /** Where it is served, with the port that the system chose where it was 0. */
  public InetSocketAddress address() {
    return address;
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + PATIENCE_S + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      await(vertx.close());
    } catch (IOException e) {
      // It ends with the process; nothing depends on it any more.
      LOG.warn("the admin HTTP of the rollup did not close", e);
    }
  }
}
