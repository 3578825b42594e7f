package org.skymetrics.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.admin.Gauge;
import org.skymetrics.server.admin.Vitals;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.flush.StoreHealth;
import org.skymetrics.server.flush.Unconfirmed.SegmentView;
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.server.ingest.ReceiverView;
import org.skymetrics.server.journal.Journal;
import org.skymetrics.server.lane.Tally;
import org.skymetrics.server.ring.LeasedMembership;
import org.skymetrics.server.text.TextInput;
import org.skymetrics.server.udp.KernelSockets;
import org.skymetrics.server.udp.KernelSockets.SocketView;
import org.skymetrics.server.udp.ReceiveBuffer;
import org.skymetrics.server.udp.UdpSockets;
import org.skymetrics.store.member.Standing;
import org.skymetrics.store.period.PeriodStore;

/** What a running server says of itself; asks the receiving threads on their loops. */
final class ServerVitals implements Vitals {
  private static final HexFormat HEX = HexFormat.of();
  private static final long MS = 1_000_000;
  private static final int SESSIONS_SHOWN = 100;

  private final ServerConfig config;
  private final Engine engine;
  private final UdpSockets sockets;
  private final InetSocketAddress udpAddress;
  private final PeriodStore store;
  private final TextInput text;
  private final Clock clock;
  private final long startedNs;
  private volatile @Nullable LeasedMembership leased;
  private volatile @Nullable Member member;
  private volatile boolean stopping;

  ServerVitals(
      ServerConfig config,
      Engine engine,
      UdpSockets sockets,
      InetSocketAddress udpAddress,
      PeriodStore store,
      TextInput text,
      Clock clock) {
    this.config = config;
    this.engine = engine;
    this.sockets = sockets;
    this.udpAddress = udpAddress;
    this.store = store;
    this.text = text;
    this.clock = clock;
    this.startedNs = clock.monotonicNs();
  }

  /**
   * All sockets are bound, and this is who the server is in the ring.
   *
   * @param membership null where the ring is by a list
   */
  void ready(Member self, @Nullable LeasedMembership membership) {
    leased = membership;
    member = self;
  }

  void stopping() {
    stopping = true;
  }

  @Override
  public @Nullable String notReady() {
    if (stopping) {
      return "the server is stopping";
    }
    if (member == null) {
      return "the server is starting";
    }
    StoreHealth health = engine.delivery().health();
    if (!health.isReachable()) {
      return store.describe() + ": " + health.problem();
    }
    LeasedMembership membership = leased;
    if (membership != null && membership.problem() != null) {
      return membership.problem();
    }
    String journalProblem = engine.journal().problem();
    if (journalProblem != null) {
      return journalProblem;
    }
    return engine.load().takesData() ? null : full();
  }

  private String full() {
    Journal journal = engine.journal();
    if (!journal.hasRoom()) {
      return "the journal "
          + journal.describe()
          + " has "
          + journal.bytes()
          + " bytes, the limit is "
          + journal.maxBytes()
          + ": no new data is taken until history has some of it";
    }
    return engine.unconfirmed().bytes()
        + " bytes wait for history, the limit is "
        + config.unconfirmedLimitBytes()
        + ": no new data is taken";
  }

  @Override
  public CompletableFuture<JsonObject> status() {
    return views().thenCombine(sessions(SESSIONS_SHOWN), this::status);
  }

  private JsonObject status(List<ReceiverView> views, JsonObject sessions) {
    Member self = member;
    return new JsonObject()
        .put("name", self == null ? config.name() : self.name())
        .put("incarnation", HEX.toHexDigits(engine.incarnation()))
        .put("version", version())
        .put("uptimeSeconds", (clock.monotonicNs() - startedNs) / MS / 1000)
        .put("problem", notReady())
        .put("ring", ring())
        .put("lanes", lanes(views))
        .put("sessions", sessions(views))
        .put("tables", tables(views))
        .put("segments", segments())
        .put("journal", journal())
        .put("store", store())
        .put("counters", counters())
        .put("ledger", LedgerJson.of(sum(views)).mergeIn(sessions))
        .put("offenders", LedgerJson.of(engine.offenders().list()))
        .put("text", text.status())
        .put("kernel", kernel());
  }

  private static Tally sum(List<ReceiverView> views) {
    Tally sum = new Tally();
    views.forEach(view -> sum.add(view.ledger()));
    return sum;
  }

  @Override
  public CompletableFuture<JsonObject> sessions(int limit) {
    return ask(Receiver::sessions)
        .thenApply(
            perThread ->
                LedgerJson.sessions(perThread.stream().flatMap(List::stream).toList(), limit));
  }

  @Override
  public JsonObject offenders() {
    return new JsonObject().put("offenders", LedgerJson.of(engine.offenders().list()));
  }

  private JsonObject ring() {
    Ring ring = engine.ring();
    double[] shares = ring.shares();
    JsonArray members = new JsonArray();
    for (int i = 0; i < shares.length; i++) {
      members.add(member(ring.members().get(i)).put("share", shares[i]));
    }
    LeasedMembership membership = leased;
    JsonObject json =
        new JsonObject()
            .put("version", HEX.toHexDigits(ring.version()))
            .put("members", members)
            .put("source", membership == null ? "list" : "leases");
    if (membership != null) {
      JsonArray leases = new JsonArray();
      for (Standing standing : membership.standings()) {
        leases.add(
            member(standing.member())
                .put("state", standing.state().name().toLowerCase(Locale.ROOT))
                .put("heardMs", standing.heard().toMillis()));
      }
      json.put("leases", leases);
    }
    return json;
  }

  private static JsonObject member(Member member) {
    return new JsonObject()
        .put("name", member.name())
        .put("host", member.host())
        .put("udpPort", member.udpPort())
        .put("adminPort", member.adminPort());
  }

  private static JsonArray tables(List<ReceiverView> views) {
    JsonArray tables = new JsonArray();
    for (ReceiverView view : views) {
      tables.add(
          new JsonObject()
              .put("thread", view.thread())
              .put("series", view.series())
              .put("lanes", view.lanes()));
    }
    return tables;
  }

  private JsonObject segments() {
    JsonArray unconfirmed = new JsonArray();
    for (SegmentView view : engine.unconfirmed().segments()) {
      unconfirmed.add(
          new JsonObject()
              .put("segment", view.segment())
              .put("batches", view.batches())
              .put("bytes", view.bytes())
              .put("toPut", view.toPut()));
    }
    return new JsonObject()
        .put("open", engine.segments().open().number())
        .put("openCells", engine.segments().open().cells())
        .put("unconfirmed", unconfirmed)
        .put("unconfirmedBytes", engine.unconfirmed().bytes())
        .put("unconfirmedLimitBytes", config.unconfirmedLimitBytes())
        .put("takesData", engine.load().takesData())
        .put("patience", engine.load().patience());
  }

  private JsonObject journal() {
    Journal journal = engine.journal();
    if (config.journal() == null) {
      return new JsonObject().put("directory", (String) null);
    }
    return new JsonObject()
        .put("directory", journal.describe())
        .put("sync", config.journalSync().label())
        .put("bytes", journal.bytes())
        .put("maxBytes", journal.maxBytes())
        .put("segments", journal.segments())
        .put("problem", journal.problem())
        .put("damagedFiles", new JsonArray(journal.damaged()));
  }

  private JsonObject store() {
    StoreHealth health = engine.delivery().health();
    return new JsonObject()
        .put("address", store.describe())
        .put("reachable", health.isReachable())
        .put("problem", health.problem())
        .put("clockDifferenceMs", health.clockDifferenceMs());
  }

  private JsonObject counters() {
    JsonObject json = new JsonObject();
    engine.counters().values().forEach((counter, n) -> json.put(counter.label(), n));
    return json;
  }

  private JsonObject kernel() {
    JsonArray list = new JsonArray();
    for (SocketView view : KernelSockets.ofPort(udpAddress.getPort())) {
      list.add(
          new JsonObject()
              .put("inode", view.inode())
              .put("receiveQueueBytes", view.receiveQueueBytes())
              .put("drops", view.drops()));
    }
    ReceiveBuffer buffer = new ReceiveBuffer(buffer(), config.receiveBufferBytes());
    JsonObject json =
        new JsonObject()
            .put("transport", sockets.transport())
            .put("receiveBufferBytes", buffer.givenBytes())
            .put("receiveBufferWantedBytes", buffer.wantedBytes())
            .put("drops", engine.counters().get(ServerCounter.KERNEL_DROPS))
            .put("truncatedPackets", truncated())
            .put("sockets", list);
    String advice = buffer.advice();
    return advice == null ? json : json.put("advice", advice);
  }

  /** Packets that were longer than is read. */
  private long truncated() {
    return engine.counters().get(ServerCounter.PACKETS_TOO_LONG)
        + engine.counters().get(ServerCounter.TEXT_PACKETS_CUT);
  }

  @Override
  public CompletableFuture<List<Gauge>> gauges() {
    return views().thenApply(this::gauges);
  }

  private List<Gauge> gauges(List<ReceiverView> views) {
    List<SocketView> kernel = KernelSockets.ofPort(udpAddress.getPort());
    long queued = kernel.stream().mapToLong(SocketView::receiveQueueBytes).sum();
    StoreHealth health = engine.delivery().health();
    return List.of(
        new Gauge("lanes", "Lanes open.", lanes(views)),
        new Gauge("sessions", "Sessions that have a lane.", sessions(views)),
        new Gauge(
            "series",
            "Series in the open segment, over all tables.",
            views.stream().mapToInt(ReceiverView::series).sum()),
        new Gauge("open_segment", "Number of the open segment.", openSegment()),
        new Gauge("unconfirmed_batches", "Batches not in history.", engine.unconfirmed().size()),
        new Gauge("unconfirmed_bytes", "Bytes not in history.", engine.unconfirmed().bytes()),
        new Gauge("batches_to_put", "Batches not in the store.", engine.unconfirmed().left()),
        new Gauge("journal_bytes", "Bytes in the journal.", journalBytes()),
        new Gauge(
            "journal_works",
            "1 while the journal works.",
            engine.journal().problem() == null ? 1 : 0),
        new Gauge("takes_data", "1 while new data is taken.", engine.load().takesData() ? 1 : 0),
        new Gauge("patience", "Doublings of the flush interval asked of clients.", load()),
        new Gauge("store_reachable", "1 if the store answered.", health.isReachable() ? 1 : 0),
        new Gauge(
            "store_clock_difference_seconds",
            "The period store's clock minus this server's.",
            health.clockDifferenceMs() / 1000.0),
        new Gauge("kernel_receive_queue_bytes", "Bytes in the sockets' receive queues.", queued),
        new Gauge(
            "data_packets_open",
            "Data packets sent that may still come: neither here nor known as lost.",
            sum(views).open()),
        new Gauge("receive_buffer_bytes", "Receive buffer of each socket.", buffer()),
        new Gauge("uptime_seconds", "Time since the start.", uptimeSeconds()));
  }

  private long journalBytes() {
    return config.journal() == null ? 0 : engine.journal().bytes();
  }

  private int load() {
    return engine.load().patience();
  }

  private long openSegment() {
    return engine.segments().open().number();
  }

  private int buffer() {
    return sockets.receiveBufferBytes();
  }

  private double uptimeSeconds() {
    return (clock.monotonicNs() - startedNs) / 1e9;
  }

  private CompletableFuture<List<ReceiverView>> views() {
    return ask(Receiver::view);
  }

  /** Asks each receiving thread something, on its loop. */
  private <T> CompletableFuture<List<T>> ask(Function<Receiver, T> question) {
    List<CompletableFuture<T>> answers = new ArrayList<>();
    List<Receiver> receivers = engine.receivers();
    for (int i = 0; i < receivers.size(); i++) {
      Receiver receiver = receivers.get(i);
      answers.add(CompletableFuture.supplyAsync(() -> question.apply(receiver), sockets.loop(i)));
    }
    return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
        .thenApply(x -> answers.stream().map(CompletableFuture::join).toList());
  }

  private static int lanes(List<ReceiverView> views) {
    return views.stream().mapToInt(ReceiverView::lanes).sum();
  }

  private static int sessions(List<ReceiverView> views) {
    Set<Long> sessions = new HashSet<>();
    views.forEach(view -> sessions.addAll(view.sessions()));
    return sessions.size();
  }

  private static String version() {
    String version = ServerVitals.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "unpacked");
  }
}
