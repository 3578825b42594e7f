package org.skymetrics.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.live.LiveFeed;
import org.skymetrics.store.live.WatchRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin HTTP of a server, as docs/http-api.md specifies it, on one event loop of its own. */
public final class AdminHttp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHttp.class);
  private static final int PATIENCE_S = 10;

  /** Readers name many series in one line. */
  private static final int MAX_LINE_BYTES = 64 << 10;

  private final Vertx vertx;
  private final InetSocketAddress address;

  private AdminHttp(Vertx vertx, InetSocketAddress address) {
    this.vertx = vertx;
    this.address = address;
  }

  /**
   * Starts to serve.
   *
   * @throws IOException where the address is in use or not of this machine
   */
  public static AdminHttp start(
      InetSocketAddress wanted,
      @Nullable Supplier<Secrets> secrets,
      long incarnation,
      Reads reads,
      KeyLog keys,
      LiveFeed live,
      Vitals vitals,
      Clock clock,
      Counters counters,
      Mishaps mishaps)
      throws IOException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    Router router = Router.router(vertx);
    boolean isLocal = wanted.getAddress().isLoopbackAddress();
    router.route().handler(new AdminGuard(secrets, isLocal, counters));
    new OperatorRoutes(vitals, counters, mishaps).addTo(router);
    new ReaderRoutes(incarnation, reads, keys).addTo(router);
    new LiveRoute(live, clock, counters).addTo(router);
    // The router refuses requests without a Host; who has no handler here finds that in its log.
    router.errorHandler(400, AdminHttp::badRequest);
    router.errorHandler(404, AdminHttp::notFound);
    router.errorHandler(405, request -> Answers.error(request, 405, "only GET is answered here"));
    router.errorHandler(
        500,
        request -> {
          if (!hasGoodPath(request)) {
            Answers.error(request, 400, "the path has a broken escape");
            return;
          }
          mishaps.take("answering a request", request.failure());
          Answers.error(request, 500, "a fault of the server; its log says more");
        });
    try {
      HttpServer server =
          await(
              vertx
                  .createHttpServer(
                      new HttpServerOptions()
                          .setHost(wanted.getAddress().getHostAddress())
                          .setPort(wanted.getPort())
                          .setCompressionSupported(true)
                          .setMaxInitialLineLength(MAX_LINE_BYTES)
                          .setMaxWebSocketFrameSize(WatchRequest.MAX_BYTES)
                          .setMaxWebSocketMessageSize(WatchRequest.MAX_BYTES)
                          .setPerFrameWebSocketCompressionSupported(false)
                          .setPerMessageWebSocketCompressionSupported(false))
                  .requestHandler(router)
                  .listen());
      return new AdminHttp(vertx, new InetSocketAddress(wanted.getAddress(), server.actualPort()));
    } catch (IOException e) {
      close(vertx);
      throw e;
    }
  }

  /** Whether the path can be read: the router, and who asks it, throws where it can't. */
  private static boolean hasGoodPath(RoutingContext request) {
    try {
      return !request.normalizedPath().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void badRequest(RoutingContext request) {
    Answers.error(
        request,
        400,
        request.request().authority() == null
            ? "a request says in Host which address or name it asks, once and with a valid port"
            : "this request can't be read");
  }

  private static void notFound(RoutingContext request) {
    Answers.error(
        request,
        404,
        "there is /healthz, /readyz, /metrics, /status, /v1/batches, /v1/keys, /v1/live, /v1/sessions"
            + " and /v1/offenders, not "
            + request.request().path());
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

  /** Where it is served, with the port that the system chose where it was 0. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    close(vertx);
  }

  private static void close(Vertx vertx) {
    try {
      await(vertx.close());
    } catch (IOException e) {
      // It ends with the process; nothing depends on it any more.
      LOG.warn("the admin HTTP did not close", e);
    }
  }
}
