package org.skymetrics.ui;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.file.PrivateFile;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.access.Access;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.http.ApiServer;
import org.skymetrics.ui.http.Workers;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.live.LiveHub;
import org.skymetrics.ui.members.FollowedLeases;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.members.MemberList;
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
  private final LiveHub live;
  private final @Nullable FollowedLeases leases;
  private final InetSocketAddress address;
  private final Supplier<List<Reading>> readings;
  private final String ownToken;

  private SkyUi(
      Vertx vertx,
      KeyFeed feed,
      LiveHub live,
      @Nullable FollowedLeases leases,
      InetSocketAddress address,
      Supplier<List<Reading>> readings,
      String ownToken) {
    this.vertx = vertx;
    this.feed = feed;
    this.live = live;
    this.leases = leases;
    this.address = address;
    this.readings = readings;
    this.ownToken = ownToken;
  }

  /**
   * Starts the server; it listens when this returns.
   *
   * @throws UncheckedIOException where the address can't be listened on, with a sentence that names
   *     it
   */
  public static SkyUi start(
      UiConfig config, PeriodStore periods, HistoryStore history, Clock clock) {
    return start(config, periods, history, null, clock);
  }

  /**
   * {@link #start(UiConfig, PeriodStore, HistoryStore, Clock)} for a ring by leases.
   *
   * @param leases where the members are found, the caller's, to be closed after this; null where
   *     the configuration lists them
   */
  public static SkyUi start(
      UiConfig config,
      PeriodStore periods,
      HistoryStore history,
      @Nullable MemberLeases leases,
      Clock clock) {
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
    FollowedLeases followed = leases == null ? null : FollowedLeases.start(leases, clock, counters);
    MemberList list = followed == null ? MemberList.fixed(config.members()) : followed;
    MemberClient members =
        new MemberClient(
            vertx, list, config.near(), config.memberTimeout(), config.secrets(), counters);
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
    LiveHub live = new LiveHub(vertx, members, clock, counters, ApiServer::livePoint);
    ApiServer.Parts parts =
        new ApiServer.Parts(
            config.layout().period(),
            members,
            engine,
            index,
            feed,
            live,
            periods,
            history,
            new Workers(vertx, config.storeThreads(), counters),
            clock,
            config.keysLive(),
            readings,
            counters);
    Access access =
        new Access(config.passwords(), config.tokens(), clock, new SecureRandom(), counters);
    ApiServer.Door door =
        new ApiServer.Door(access, config.allowedHosts(), config.trustedProxies());
    int port;
    try {
      port = listen(vertx, config, host, door, parts);
    } catch (UncheckedIOException e) {
      if (followed != null) {
        followed.close();
      }
      throw e;
    }
    feed.start();
    live.start();
    watch(vertx, config.passwords());
    watch(vertx, config.tokens());
    if (config.secrets() instanceof SecretFile file) {
      vertx.setPeriodic(SECRETS_MS, timer -> refresh(vertx, file::refresh));
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    LOG.info("page and HTTP API at http://{}:{}/", host.getHostAddress(), port);
    return new SkyUi(vertx, feed, live, followed, address, readings, access.ownToken());
  }

  /** Has a file read again when it changes, if it is one. */
  private static void watch(Vertx vertx, @Nullable Supplier<?> source) {
    if (source instanceof PrivateFile<?> file) {
      vertx.setPeriodic(SECRETS_MS, timer -> refresh(vertx, file::refresh));
    }
  }

  private static void refresh(Vertx vertx, Supplier<@Nullable String> file) {
    vertx
        .executeBlocking(() -> Optional.ofNullable(file.get()), true)
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

  private static int listen(
      Vertx vertx, UiConfig config, InetAddress host, ApiServer.Door door, ApiServer.Parts parts) {
    int port = config.http().getPort();
    try {
      return ApiServer.listen(vertx, host, port, door, parts)
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

  /** A token of the API for others in this process; nobody else is told it. */
  public String ownToken() {
    return ownToken;
  }

  /** What it counted, with the readings that the configuration adds. */
  public List<Reading> readings() {
    return readings.get();
  }

  /** Stops listening and ends all threads; waits for that, up to 10 s. */
  @Override
  public void close() {
    feed.close();
    live.close();
    if (leases != null) {
      leases.close();
    }
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the HTTP server did not close in order: {}", e.toString());
    }
  }
}
