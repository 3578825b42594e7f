package org.skymetrics.ui;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.http.ApiServer;
import org.skymetrics.ui.http.Workers;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.query.QueryEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server that people and tools ask: keys, series, status (docs/http-api.md).
 *
 * <p>The stores are the caller's, to be closed after this.
 */
public final class SkyUi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SkyUi.class);
  private static final int EVENT_LOOPS = 2;
  private static final int INTERNAL_WORKERS = 4;
  private static final long SECRETS_MS = 1_000;
  private static final long CLOSE_SECONDS = 10;

  private final Vertx vertx;
  private final KeyFeed feed;
  private final InetSocketAddress address;
  private final Supplier<List<Reading>> readings;

  private SkyUi(
      Vertx vertx, KeyFeed feed, InetSocketAddress address, Supplier<List<Reading>> readings) {
    this.vertx = vertx;
    this.feed = feed;
    this.address = address;
    this.readings = readings;
  }

  /**
   * Starts the server; it listens when this returns.
   *
   * @throws UncheckedIOException where the address can't be listened on, with a sentence that names
   *     it
   */
  public static SkyUi start(
      UiConfig config, PeriodStore periods, HistoryStore history, Clock clock) {
    InetAddress host = config.http().getAddress();
    if (host == null) {
      throw new UncheckedIOException(
          new IOException("--http: the host " + config.http().getHostString() + " is unknown"));
    }
    Vertx vertx = vertx();
    Counters counters = new Counters();
    Supplier<List<Reading>> readings =
        () -> {
          List<Reading> all = new ArrayList<>(counters.read());
          all.addAll(config.moreReadings().get());
          return all;
        };
    MemberClient members =
        new MemberClient(
            vertx, config.members(), config.memberTimeout(), config.secrets(), counters);
    KeyIndex index = new KeyIndex();
    KeyFeed feed =
        new KeyFeed(
            vertx,
            index,
            members,
            periods,
            history,
            config.layout().shards(),
            new KeyFeed.Intervals(
                config.historyInterval(), config.seenInterval(), config.keysInterval()),
            clock,
            counters);
    QueryEngine engine =
        new QueryEngine(
            config.layout(),
            periods,
            history,
            clock,
            config.cacheBytes(),
            config.queryTimeout(),
            counters);
    ApiServer.Parts parts =
        new ApiServer.Parts(
            config.layout().period(),
            members,
            engine,
            index,
            feed,
            periods,
            history,
            new Workers(vertx, config.storeThreads(), counters),
            clock,
            config.keysLive(),
            readings,
            counters);
    int port = listen(vertx, config, host, parts);
    feed.start();
    if (config.secrets() instanceof SecretFile file) {
      vertx.setPeriodic(SECRETS_MS, timer -> refresh(vertx, file));
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    LOG.info("HTTP API at http://{}:{}/", host.getHostAddress(), port);
    return new SkyUi(vertx, feed, address, readings);
  }

  private static void refresh(Vertx vertx, SecretFile file) {
    vertx
        .executeBlocking(() -> Optional.ofNullable(file.refresh()), true)
        .onSuccess(change -> change.ifPresent(what -> LOG.info("{}", what)));
  }

  private static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(EVENT_LOOPS)
            .setWorkerPoolSize(INTERNAL_WORKERS)
            .setInternalBlockingPoolSize(INTERNAL_WORKERS)
            .setUseDaemonThread(true));
  }

  private static int listen(Vertx vertx, UiConfig config, InetAddress host, ApiServer.Parts parts) {
    int port = config.http().getPort();
    try {
      return ApiServer.listen(vertx, host, port, config.allowedHosts(), parts)
          .toCompletionStage()
          .toCompletableFuture()
          .join()
          .port();
    } catch (CompletionException e) {
      vertx.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why = cause instanceof BindException ? "it is in use or not this machine's" : "";
      throw new UncheckedIOException(
          new IOException(
              "--http: can't listen on "
                  + host.getHostAddress()
                  + ":"
                  + port
                  + ": "
                  + (why.isEmpty() ? String.valueOf(cause.getMessage()) : why),
              cause));
    }
  }

  /** The address that it listens on. */
  public InetSocketAddress address() {
    return address;
  }

  /** What it counted, with the readings that the configuration adds. */
  public List<Reading> readings() {
    return readings.get();
  }

  /** Stops listening and ends all threads; waits for that, up to 10 s. */
  @Override
  public void close() {
    feed.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the HTTP server did not close in order: {}", e.toString());
    }
  }
}
