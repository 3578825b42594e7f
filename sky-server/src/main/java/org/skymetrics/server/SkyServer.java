package org.skymetrics.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.admin.AdminHttp;
import org.skymetrics.server.admin.Reads;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.server.journal.DiskFiles;
import org.skymetrics.server.journal.JournalException;
import org.skymetrics.server.journal.JournalFiles;
import org.skymetrics.server.journal.NoFiles;
import org.skymetrics.server.live.LiveFeed;
import org.skymetrics.server.ring.LeasedMembership;
import org.skymetrics.server.ring.Membership;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.text.TextInput;
import org.skymetrics.server.text.TextListener;
import org.skymetrics.server.text.TextSockets;
import org.skymetrics.server.udp.KernelWatch;
import org.skymetrics.server.udp.ReceiveBuffer;
import org.skymetrics.server.udp.UdpSockets;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.period.PeriodStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server of the ring: the {@link Engine} with its sockets, its admin HTTP and its
 * threads. There is a thread for each UDP socket, one that seals segments and answers readers, one
 * that talks to the period store, one that forces the journal, one that tells live seconds, and one
 * for HTTP.
 */
public final class SkyServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SkyServer.class);
  private static final long TICK_MS = 100;

  /** How often what came as text leaves its fold: half as often is half the records. */
  private static final Duration TEXT_FLUSH = Duration.ofSeconds(1);

  private static final long END_S = 2;
  private static final Duration END = Duration.ofSeconds(END_S);

  /** Who ends a machine's processes waits half a minute for them, usually. */
  private static final Duration MOST_CONFIRM = Duration.ofSeconds(20);

  private final ServerConfig config;
  private final Clock clock;
  private final Engine engine;
  private final Reads reads;
  private final UdpSockets sockets;
  private final AdminHttp admin;
  private final ServerVitals vitals;
  private final TextInput text;
  private final TextSockets textSockets;
  private final List<InetSocketAddress> statsdAddresses = new ArrayList<>();
  private final InetSocketAddress udpAddress;
  private final Member member;
  private final @Nullable SelfReport selfReport;
  private final ScheduledExecutorService segmentThread;
  private final ScheduledExecutorService sealThread;
  private final ScheduledExecutorService storeThread;
  private final ScheduledExecutorService journalThread;
  private final ScheduledExecutorService liveThread;
  private final LiveFeed live;
  private final @Nullable ScheduledExecutorService memberThread;
  private final @Nullable LeasedMembership leased;
  private final AtomicReference<@Nullable StopReport> stopped = new AtomicReference<>();

  /** Binds, wires and starts everything; what was started is ended again where a part fails. */
  private SkyServer(
      ServerConfig config, PeriodStore store, @Nullable MemberLeases leases, Clock clock) {
    this.config = config;
    this.clock = clock;
    segmentThread = thread("sky-segments");
    sealThread = thread("sky-sealing");
    storeThread = thread("sky-store");
    journalThread = thread("sky-journal");
    liveThread = thread("sky-live");
    engine = newEngine(store);
    reads = new Reads(engine.segments(), engine.counters(), engine.mishaps());
    sockets =
        new UdpSockets(
            config.threads(), config.nativeTransport(), clock, engine.counters(), engine.mishaps());
    live = new LiveFeed(liveThread, clock, engine.counters(), engine.mishaps());
    for (int i = 0; i < sockets.threads(); i++) {
      Receiver receiver = engine.addReceiver(sockets.loop(i), sockets.replies(i), sockets);
      live.add(sockets.loop(i), receiver.aggregator());
    }
    text = newText();
    textSockets =
        new TextSockets(
            text,
            config.text(),
            config.nativeTransport(),
            clock,
            engine.counters(),
            engine.mishaps());
    try {
      udpAddress = bindUdp();
      vitals = new ServerVitals(config, engine, sockets, udpAddress, store, text, clock);
      admin = startAdmin();
    } catch (ServerStartException e) {
      endThreads();
      throw e;
    }
    try {
      leased = leases == null ? null : join(leases);
      member = leased == null ? joinList() : self();
      bindText();
    } catch (IllegalArgumentException | ServerStartException e) {
      admin.close();
      endThreads();
      throw e;
    }
    vitals.ready(member, leased);
    memberThread = leased == null ? null : thread("sky-members");
    selfReport = config.reportsItself() ? newSelfReport() : null;
    begin();
  }

  /**
   * Starts a server. It owns neither the store nor the clock. A store that is away at this moment
   * is asked until it is there; one with another layout is a fault.
   *
   * @throws ServerStartException where an address can't be bound, with a sentence for an operator
   * @throws StoreException where the store has another layout
   * @throws IllegalArgumentException where the list of members contradicts the configuration
   */
  public static SkyServer start(ServerConfig config, PeriodStore store, Clock clock) {
    return start(config, store, null, clock);
  }

  /**
   * {@link #start(ServerConfig, PeriodStore, Clock)} for a member of a ring by leases. It does not
   * own them.
   *
   * @param leases where the members are found; null where the configuration lists them
   */
  public static SkyServer start(
      ServerConfig config, PeriodStore store, @Nullable MemberLeases leases, Clock clock) {
    if (leases != null && !config.members().isEmpty()) {
      throw new IllegalArgumentException("a ring is by a list of members or by leases, not both");
    }
    try {
      config.layout().requireSame(store.layout(), store.describe());
    } catch (StoreException e) {
      if (e.fault() == StoreException.Fault.FOREIGN_CONTENT) {
        throw e;
      }
      LOG.warn("{} is away: {}; asked until it is there", store.describe(), e.getMessage());
    }
    return new SkyServer(config, store, leases, clock);
  }

  private Engine newEngine(PeriodStore store) {
    Path directory = config.journal();
    JournalFiles files = null;
    try {
      files = directory == null ? new NoFiles() : DiskFiles.open(directory);
      return new Engine(config, store, clock, new SecureRandom(), segmentThread, sealThread, files);
    } catch (JournalException e) {
      close(files);
      segmentThread.shutdownNow();
      sealThread.shutdownNow();
      storeThread.shutdownNow();
      journalThread.shutdownNow();
      liveThread.shutdownNow();
      throw new ServerStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void close(@Nullable Closeable journal) {
    try {
      if (journal != null) {
        journal.close();
      }
    } catch (IOException e) {
      LOG.warn("the journal was not closed well: {}", e.getMessage());
    }
  }

  private InetSocketAddress bindUdp() {
    try {
      return sockets.bind(config.udp(), config.receiveBufferBytes(), engine.receivers()::get);
    } catch (IOException e) {
      throw cannotBind("UDP", config.udp(), e);
    }
  }

  private TextInput newText() {
    Period period = config.layout().period();
    return new TextInput(
        config.text(),
        period,
        config.lateHorizon(),
        config.keyLimit(),
        () ->
            HomeClient.of(udpAddress, config.secrets(), period, config.stopTimeout())
                .keyLimit(config.keyLimit())
                .flushInterval(TEXT_FLUSH)
                .build(),
        engine.annotations()::add,
        clock,
        engine.offenders(),
        engine.counters());
  }

  /** Takes text at the server's own address, over UDP and TCP, and at all other listeners. */
  private void bindText() {
    Dialect dialect = config.text().dialectAt(config.udp());
    bindTextTcp(new TextListener(udpAddress, dialect));
    for (TextListener listener : config.text().besides(config.udp())) {
      try {
        InetSocketAddress address = textSockets.bindUdp(listener, config.receiveBufferBytes());
        bindTextTcp(new TextListener(address, listener.dialect()));
        statsdAddresses.add(address);
      } catch (IOException e) {
        throw cannotBind("UDP", listener.address(), e);
      }
    }
    sockets.takeText(() -> text.newIntake(dialect));
  }

  private void bindTextTcp(TextListener listener) {
    try {
      InetSocketAddress address = textSockets.bindTcp(listener);
      LOG.info("statsd text ({}) is taken at {}", listener.dialect(), address);
    } catch (IOException e) {
      throw cannotBind("TCP", listener.address(), e);
    }
  }

  private AdminHttp startAdmin() {
    try {
      return AdminHttp.start(
          config.admin(),
          config.secrets(),
          engine.incarnation(),
          reads,
          engine.keys(),
          live,
          vitals,
          clock,
          engine.counters(),
          engine.mishaps());
    } catch (IOException e) {
      throw cannotBind("HTTP", config.admin(), e);
    }
  }

  private static ServerStartException cannotBind(
      String what, InetSocketAddress address, IOException e) {
    return new ServerStartException(
        what
            + " "
            + address.getAddress().getHostAddress()
            + ":"
            + address.getPort()
            + " can't be bound ("
            + e.getMessage()
            + "): end what uses it, or choose another address",
        e);
  }

  /** This server by its own name, at the address that clients are told. */
  private Member self() {
    String told = config.advertise();
    HostPort address =
        told == null
            ? new HostPort(udpAddress.getAddress().getHostAddress(), udpAddress.getPort())
            : HostPort.parse(told);
    return new Member(config.name(), address.host(), address.port(), admin.address().getPort());
  }

  private Member joinList() {
    Membership membership = Membership.of(self(), config.members());
    engine.setRing(membership.ring());
    return membership.self();
  }

  /** A journal is one server's: what has it is the same server, after a restart too. */
  private LeasedMembership join(MemberLeases leases) {
    String holder = HexFormat.of().toHexDigits(engine.incarnation());
    return new LeasedMembership(self(), holder, leases, clock, engine.counters(), engine::setRing);
  }

  private SelfReport newSelfReport() {
    Period period = config.layout().period();
    SelfReport report =
        SelfReport.to(
            udpAddress, config.secrets(), period, config.stopTimeout(), engine.counters());
    long intervalMs = SelfReport.interval(period).toMillis();
    every(segmentThread, intervalMs, "reporting itself", report::report);
    return report;
  }

  private void begin() {
    every(segmentThread, TICK_MS, "sealing", engine::tick);
    KernelWatch own = watch(udpAddress);
    List<KernelWatch> texts = statsdAddresses.stream().map(this::watch).toList();
    every(segmentThread, 1000, "looking for drops", () -> observeDrops(own, texts));
    every(storeThread, TICK_MS, "delivering batches", engine::deliver);
    every(journalThread, 1000, "forcing the journal", engine::forceJournal);
    liveThread.execute(this::tickLive);
    if (memberThread != null && leased != null) {
      long renewalMs = MemberLeases.RENEWAL.toMillis();
      every(memberThread, 0, renewalMs, "renewing the lease", leased::step);
    }
    if (config.secrets() instanceof SecretFile file) {
      every(journalThread, 1000, "reading the secrets", () -> refresh(file));
    }
    String advice = receiveBuffer().advice();
    if (advice != null) {
      LOG.warn(advice);
    }
    LOG.info(
        "server {} receives at {} ({}, {} threads), admin HTTP at {}",
        member.name(),
        udpAddress,
        sockets.transport(),
        sockets.threads(),
        admin.address());
  }

  /** At each second of the wall clock, so that all servers tell a second at once. */
  private void tickLive() {
    try {
      live.tick();
    } catch (RuntimeException e) {
      engine.mishaps().take("telling live seconds", e);
    }
    var unused = liveThread.schedule(this::tickLive, live.untilTickMs(), TimeUnit.MILLISECONDS);
  }

  private static void refresh(SecretFile file) {
    String change = file.refresh();
    if (change != null) {
      LOG.info("{}", change);
    }
  }

  private void every(ScheduledExecutorService thread, long delayMs, String doing, Runnable action) {
    every(thread, delayMs, delayMs, doing, action);
  }

  private void every(
      ScheduledExecutorService thread, long firstMs, long delayMs, String doing, Runnable action) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                action.run();
              } catch (RuntimeException e) {
                engine.mishaps().take(doing, e);
              }
            },
            firstMs,
            delayMs,
            TimeUnit.MILLISECONDS);
  }

  private ReceiveBuffer receiveBuffer() {
    return new ReceiveBuffer(sockets.receiveBufferBytes(), config.receiveBufferBytes());
  }

  private KernelWatch watch(InetSocketAddress address) {
    return new KernelWatch(address.getPort(), receiveBuffer(), engine.counters());
  }

  /** Text has no acknowledgement, so its drops can't be helped by asking for patience. */
  private void observeDrops(KernelWatch own, List<KernelWatch> texts) {
    own.look();
    texts.forEach(KernelWatch::look);
    engine
        .load()
        .second(
            own.drops() + engine.counters().get(ServerCounter.PACKETS_DROPPED_PASSING),
            own.hasBacklog());
  }

  /** Where packets are received. */
  public InetSocketAddress udpAddress() {
    return udpAddress;
  }

  /** Where text is taken besides, in the order of the configuration. */
  public List<InetSocketAddress> statsdAddresses() {
    return List.copyOf(statsdAddresses);
  }

  /** Where the admin HTTP is served. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /**
   * The batches that history may not have yet and that may have these series, of periods that start
   * from {@code fromMs} on and before {@code toMs}: what {@code /v1/batches} gives, for a reader in
   * the same process, who is given those that are sealed whole.
   */
  public CompletableFuture<List<Batch>> batches(List<Series> series, long fromMs, long toMs) {
    return reads.readWhole(new SeriesQuery(series, fromMs, toMs));
  }

  /** This server, as the ring knows it. */
  public Member member() {
    return member;
  }

  /** The value of one of the server's counters. */
  public long counter(ServerCounter counter) {
    return engine.counters().get(counter);
  }

  /** {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  /**
   * Ends in good order: leaves the ring, takes no more data, sends each lane its last
   * acknowledgement, seals what was counted, the running period too, and waits until the period
   * store has it, at most for the time configured; and then until history has it, as long as that
   * is configured. Done once; later calls give the same report.
   */
  public synchronized StopReport stop() {
    StopReport before = stopped.get();
    if (before != null) {
      return before;
    }
    long startNs = clock.monotonicNs();
    vitals.stopping();
    if (leased != null) {
      leased.leave();
    }
    endText();
    if (selfReport != null) {
      selfReport.close();
    }
    sockets.forEach(Receiver::stop);
    await(live.end(), END);
    settle();
    // Once more: the first ones may have been lost on their way.
    sockets.forEach(Receiver::stop);
    confirm();
    if (leased != null && engine.unconfirmed().left() == 0) {
      leased.withdraw();
    }
    admin.close();
    endThreads();
    StopReport report =
        new StopReport(
            engine.unconfirmed().left(),
            engine.unconfirmed().size(),
            engine.unconfirmed().bytes(),
            Duration.ofNanos(clock.monotonicNs() - startNs));
    engine.counters().add(ServerCounter.BATCHES_LEFT, report.batchesLeft());
    engine.counters().add(ServerCounter.ANNOTATIONS_DROPPED, engine.annotations().left());
    stopped.set(report);
    say(report);
    return report;
  }

  /** What was taken from text is on its way to its owners, or there, when this returns. */
  private void endText() {
    text.stop();
    textSockets.close();
    if (!sockets.awaitTurn(END_S * 1000)) {
      LOG.warn("a receiving thread is held up; what it reads is not counted any more");
    }
    text.close();
    long left = engine.counters().get(ServerCounter.TEXT_COUNTS_LEFT);
    if (left > 0) {
      LOG.error("{} counts from text were not acknowledged by any server; they may be lost", left);
    }
  }

  private void settle() {
    await(engine.seal().thenCompose(batches -> engine.delivery().settle()), config.stopTimeout());
  }

  /** A rollup that was held up has much to do: while history gains, it is waited for again. */
  private void confirm() {
    if (config.confirmTimeout().isZero() || engine.unconfirmed().left() > 0) {
      return;
    }
    CompletableFuture<Void> confirmed = engine.delivery().confirm();
    long startNs = clock.monotonicNs();
    int before;
    do {
      before = engine.unconfirmed().size();
      await(confirmed, config.confirmTimeout());
    } while (!confirmed.isDone()
        && engine.unconfirmed().size() < before
        && clock.monotonicNs() - startNs < MOST_CONFIRM.toNanos());
  }

  private void await(CompletableFuture<?> done, Duration limit) {
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      engine.mishaps().take("flushing at the end", e);
    } catch (TimeoutException e) {
      LOG.debug("the stores did not take all in time", e);
    }
  }

  private void say(StopReport report) {
    if (report.leavesNothing()) {
      LOG.info("server {} ended; all it counted is in history", member.name());
    } else if (report.isClean()) {
      LOG.info(
          "server {} ended; all it counted is in the period store, {} batches of it not known to be"
              + " in history yet",
          member.name(),
          report.batchesUnconfirmed());
    } else {
      LOG.error(
          "server {} ended with {} batches that the period store has not taken ({}); they {}",
          member.name(),
          report.batchesLeft(),
          engine.delivery().health().problem(),
          config.journal() == null ? "are lost" : "wait in the journal for the next start");
    }
  }

  private void endThreads() {
    textSockets.close();
    // Before the sockets: a seal without the receiving threads would leave out what they counted.
    segmentThread.shutdownNow();
    sealThread.shutdownNow();
    liveThread.shutdownNow();
    if (memberThread != null) {
      memberThread.shutdownNow();
    }
    sockets.close();
    storeThread.shutdown();
    journalThread.shutdown();
    try {
      boolean ended = storeThread.awaitTermination(END_S, TimeUnit.SECONDS);
      if (!ended) {
        LOG.warn("the period store still holds up a thread");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    storeThread.shutdownNow();
    close(engine.journal());
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
