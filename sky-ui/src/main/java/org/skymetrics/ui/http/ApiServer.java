package org.skymetrics.ui.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.access.Access;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.live.LiveHub;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.query.Origins;
import org.skymetrics.ui.query.QueryEngine;

/** The HTTP server of the API. */
public final class ApiServer {
  /** 100 series of keys of 500 bytes, all percent-encoded. */
  private static final int MAX_LINE_LENGTH = 192 << 10;

  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int MAX_CONNECTIONS = 1024;
  private static final int IDLE_SECONDS = 60;
  private static final int LOGIN_THREADS = 2;

  private final HttpServer server;
  private final Counters counters;
  private final AtomicInteger connections = new AtomicInteger();

  private ApiServer(HttpServer server, Counters counters) {
    this.server = server;
    this.counters = counters;
  }

  /** All that the endpoints ask. */
  public record Parts(
      Period period,
      MemberClient members,
      QueryEngine engine,
      KeyIndex index,
      KeyFeed feed,
      LiveHub live,
      PeriodStore periods,
      HistoryStore history,
      Workers workers,
      Clock clock,
      Duration keysLive,
      Supplier<List<Reading>> readings,
      Counters counters) {}

  /**
   * Who is let in.
   *
   * @param hosts names besides localhost that the server answers to
   * @param proxies whose word on where a request came from is taken, besides those of this machine
   */
  public record Door(Access access, Set<String> hosts, Set<InetAddress> proxies) {}

  /** Listens; the future fails where the address can't be had. */
  public static Future<ApiServer> listen(
      Vertx vertx, InetAddress address, int port, Door door, Parts parts) {
    HttpServer server = vertx.createHttpServer(options());
    ApiServer api = new ApiServer(server, parts.counters());
    Gate gate =
        new Gate(
            new HostGuard(door.hosts()),
            new Proxies(door.proxies()),
            door.access(),
            parts.counters());
    List<Endpoint> endpoints = endpoints(parts);
    Workers logins = new Workers(vertx, "sky-ui-logins", LOGIN_THREADS, parts.counters());
    endpoints.addAll(new LoginEndpoints(gate, door.access(), logins).all());
    LiveSocket live = new LiveSocket(vertx, parts.live(), gate, parts.clock(), parts.counters());
    server.requestHandler(new Api(gate, parts.counters()).router(vertx, endpoints, live));
    server.invalidRequestHandler(api::refuse);
    server.connectionHandler(api::connected);
    return server.listen(port, address.getHostAddress()).map(listening -> api);
  }

  private static HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    options.setMaxInitialLineLength(MAX_LINE_LENGTH);
    options.setMaxHeaderSize(MAX_HEADER_BYTES);
    options.setHttp2ClearTextEnabled(false);
    options.setCompressionSupported(true);
    options.setMaxWebSocketFrameSize(LiveSocket.MAX_MESSAGE_BYTES);
    options.setMaxWebSocketMessageSize(LiveSocket.MAX_MESSAGE_BYTES);
    // A second is small, and waits for no compressor.
    options.setPerFrameWebSocketCompressionSupported(false);
    options.setPerMessageWebSocketCompressionSupported(false);
    options.setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    return options;
  }

  private static List<Endpoint> endpoints(Parts p) {
    List<Endpoint> all = new ArrayList<>();
    all.add(
        new SeriesEndpoint(
            p.period(),
            p.members(),
            p.index(),
            p.feed(),
            p.engine(),
            p.workers(),
            p.clock(),
            p.counters()));
    all.add(
        new LatestEndpoint(
            p.period(),
            p.members(),
            p.engine(),
            p.workers(),
            p.clock(),
            p.counters(),
            p.index(),
            p.keysLive()));
    all.add(
        new ExplainEndpoint(
            p.period(),
            p.members(),
            p.engine(),
            new Origins(p.periods().layout(), p.periods(), p.history()),
            p.workers(),
            p.clock(),
            p.counters()));
    all.add(
        new LedgerEndpoint(
            p.period(), p.members(), p.engine(), p.workers(), p.clock(), p.counters()));
    all.add(
        new StatusEndpoint(
            p.period(),
            p.members(),
            p.periods(),
            p.history(),
            p.index(),
            p.feed(),
            p.workers(),
            p.clock(),
            p.readings()));
    all.addAll(
        new AnnotationsEndpoints(p.periods(), p.history(), p.workers(), p.clock(), p.counters())
            .all());
    all.addAll(new DashboardsEndpoints(p.history(), p.workers(), p.clock(), p.counters()).all());
    all.addAll(new KeysEndpoints(p.index(), p.feed(), p.workers(), p.clock(), p.keysLive()).all());
    all.addAll(new HealthEndpoints(p.index(), p.feed(), p.readings()).all());
    return all;
  }

  /** What a series has in a live second, as pages are told it. */
  public static byte[] livePoint(Series series, Cell cell) {
    return LiveJson.point(series, cell);
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  private void connected(HttpConnection connection) {
    connection.closeHandler(closed -> connections.decrementAndGet());
    if (connections.incrementAndGet() > MAX_CONNECTIONS) {
      counters.count(UiCounter.CONNECTIONS_REFUSED);
      connection.close();
    }
  }

  /** What is not HTTP, or longer than is taken. */
  private void refuse(HttpServerRequest request) {
    counters.count(UiCounter.BAD_REQUESTS);
    Throwable cause = request.decoderResult().cause();
    int status = 400;
    String sentence = "the request is not HTTP/1.1 as it should be";
    if (cause instanceof TooLongHttpLineException) {
      status = 414;
      sentence = "the request line is longer than " + MAX_LINE_LENGTH + " bytes";
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = 431;
      sentence = "the headers are longer than " + MAX_HEADER_BYTES + " bytes";
    }
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, Answered.JSON)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(Buffer.buffer(Json.error(sentence)))
        .onComplete(sent -> request.connection().close());
  }
}
