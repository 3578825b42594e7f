package org.skymetrics.client;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.common.wire.RingPart;

/**
 * What the sender's thread does: cuts the folds at each period's end, harvests them each flush
 * interval, packs them for the servers that own the keys, and sees them acknowledged. A state
 * machine without threads and I/O: time, randomness and the network are passed in.
 *
 * <p>A series is harvested at the flush only while its server takes packets at once, and at each
 * period's end in any case: so while a server is away a series costs one record a period, however
 * often it is counted. While a server is silent, and another is not, its series go to the next on
 * the ring. One that says very many series folds for longer ({@link FlushPace}), as one does whose
 * server asks for patience. Past the budget for packets not yet acknowledged nothing is harvested:
 * counts go on folding, and leave in the first period that can, reported as folded late.
 */
final class Sender {
  private static final long RING_RETRY_NS = 1_000_000_000;
  private static final long SILENT_RING_RETRY_NS = 5_000_000_000L;

  private static final double FIRST_PLACE = 0.4;
  private static final double LAST_PLACE = 0.8;

  /** Spreads packet ids over the ring. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /**
   * So many servers that do not answer, and none that does: it is this client that is cut off, and
   * no more are tried.
   */
  private static final int MAX_SILENT_TRIED = 8;

  private final Settings settings;
  private final Registry registry;
  private final Epoch epoch;
  private final Mishaps mishaps;
  private final Clock clock;
  private final RandomGenerator random;
  private final Network network;
  private final ClientSeal seal;
  private final Progress progress;

  private final long session;
  private final ServerTime time;
  private final FoldTimes times;
  private final Harvest harvest;
  private final LossReport losses;
  private final RingView ring = new RingView();
  private final Map<String, Link> links = new LinkedHashMap<>();
  private final List<Link> bootstrap = new ArrayList<>();

  /** By index in the ring; a server gets a link when a key of its own turns up. */
  private @Nullable Link[] owners = new @Nullable Link[0];

  private long nextPacketId = 1;
  private final FlushPace pace;
  private long recordsPacked;
  private long recordsAtFlush;
  private long flushedNs;
  private long flushNs;

  /** Where in an interval this client flushes, 0 to 1. */
  private final double flushPlace;

  private long foldBeganNs;
  private long periodStartMs;
  private long periodMs;
  private boolean timeWasKnown;
  private boolean foldsLate;
  private long ringAskNs = Long.MIN_VALUE;

  /** Until when no other ring than the present one is asked for: servers may differ for good. */
  private long ringNoticeNs = Long.MIN_VALUE;

  /** Who is asked for the ring because a server is silent. */
  private @Nullable Link asked;

  private int nextAsked;
  private int nextBootstrap;
  private boolean closing;

  private final List<Waiter> waiters = new ArrayList<>();

  /** Someone who waits until all that was accepted by now is acknowledged. */
  private record Waiter(Progress.Request request, long lastId, long ambiguousBefore) {}

  Sender(
      Settings settings,
      Registry registry,
      Epoch epoch,
      Mishaps mishaps,
      Clock clock,
      RandomGenerator random,
      Network network,
      ClientSeal seal,
      Progress progress) {
    this.settings = settings;
    this.registry = registry;
    this.epoch = epoch;
    this.mishaps = mishaps;
    this.clock = clock;
    this.random = random;
    this.network = network;
    this.seal = seal;
    this.progress = progress;
    session = random.nextLong();
    flushPlace = FIRST_PLACE + (LAST_PLACE - FIRST_PLACE) * ((session >>> 40) / (double) (1 << 24));
    time = new ServerTime(clock, settings.assumedPeriod());
    long now = clock.monotonicNs();
    beginPeriod(now);
    times = new FoldTimes(epoch.get(), referenceNs(now));
    harvest = new Harvest(registry, mishaps, times, settings.retireAfter().toNanos());
    losses = new LossReport(mishaps);
    for (Member member : settings.servers()) {
      bootstrap.add(link(member));
    }
    nextBootstrap = random.nextInt(bootstrap.size());
    pace = new FlushPace(settings.flushInterval().toNanos());
    flushedNs = now;
    // A fleet that starts at once does not flush at once.
    flushNs = now + random.nextLong(flushIntervalNs());
  }

  private Link link(Member member) {
    return links.computeIfAbsent(
        address(member),
        a ->
            new Link(
                member,
                session,
                network,
                seal,
                random,
                mishaps,
                time,
                settings.holdFor().toNanos()));
  }

  private static String address(Member member) {
    return member.host() + ":" + member.udpPort();
  }

  /** Takes a packet from the network; any bytes at all. */
  void onPacket(byte[] bytes, int length, InetSocketAddress from) {
    mishaps.count(ClientCounter.PACKETS_RECEIVED);
    PacketFault fault = seal.open(bytes, 0, length);
    if (fault != null) {
      mishaps.count(ClientCounter.of(fault));
      return;
    }
    Packet packet = Packet.read(seal.array(), seal.offset(), seal.length());
    boolean taken = false;
    if (packet != null && packet.session() == session) {
      for (Link link : links.values()) {
        if (from.equals(link.address()) && link.awaits(packet)) {
          give(packet, link);
          taken = true;
        }
      }
    }
    if (!taken) {
      mishaps.count(ClientCounter.PACKETS_REFUSED);
    }
  }

  private void give(Packet packet, Link link) {
    long now = clock.monotonicNs();
    if (packet instanceof Ack ack) {
      link.onAck(ack, now, done -> progress.acknowledged(done.counts));
      noticeRing(link, ack.ringVersion(), now);
    } else if (packet instanceof Cookie cookie) {
      link.onCookie(cookie);
    } else if (packet instanceof Opened opened) {
      link.onOpened(opened, now);
      noticeRing(link, opened.ringVersion(), now);
    } else if (packet instanceof RingPart part) {
      onRing(link, part, now);
    }
  }

  private void noticeRing(Link link, long version, long now) {
    if (ring.isKnown() && version != ring.version() && now >= ringNoticeNs) {
      ringNoticeNs = now + RING_RETRY_NS;
      link.wantRing(ring.nextPart(version));
    }
  }

  private void onRing(Link link, RingPart part, long now) {
    link.onRing(now);
    switch (ring.take(part)) {
      case PART -> link.wantRing(ring.nextPart(part.ringVersion()));
      case NEW -> {
        mishaps.count(ClientCounter.RINGS_TAKEN);
        owners = new @Nullable Link[ring.members().size()];
        ringNoticeNs = now + RING_RETRY_NS;
        ringAskNs = now + SILENT_RING_RETRY_NS;
        links.values().forEach(Link::ringTaken);
      }
      case NOTHING -> ringNoticeNs = now + RING_RETRY_NS;
    }
  }

  /**
   * Has packets that wait for a server that is silent, or not in the ring any more, sent to others:
   * they were never transmitted to it, or are known not to have been counted there, and any server
   * may count any key. What may have been counted stays until its server returns.
   */
  private void moveWaiting() {
    if (!ring.isKnown()) {
      return;
    }
    Set<String> present = new HashSet<>();
    ring.members().forEach(member -> present.add(address(member)));
    boolean anyLive = isAnyEligible();
    for (Map.Entry<String, Link> entry : List.copyOf(links.entrySet())) {
      Link link = entry.getValue();
      boolean isInRing = present.contains(entry.getKey());
      if (!isInRing || (link.isSilent() && anyLive)) {
        moveWaiting(link, anyLive);
      }
      if (!isInRing && link.isIdle() && !bootstrap.contains(link)) {
        links.remove(entry.getKey());
      }
    }
  }

  private void moveWaiting(Link from, boolean anyLive) {
    for (Outgoing p = from.pollWaiting(); p != null; p = from.pollWaiting()) {
      long place = p.id * SPREAD;
      int to = anyLive ? ring.ownerIndex(place, this::isEligible) : -1;
      ownerAt(to < 0 ? ring.ownerIndex(place) : to).enqueue(p);
      mishaps.count(ClientCounter.PACKETS_MOVED);
    }
  }

  /** Whether a member of the ring may be sent what a silent one can't be. */
  private boolean isEligible(int index) {
    Link link = linkIfAny(index);
    if (link != null && (link.isLive() || link.isSilent())) {
      return link.isLive();
    }
    return mayTryOthers();
  }

  private @Nullable Link linkIfAny(int index) {
    Link owner = owners[index];
    return owner != null ? owner : links.get(address(ring.members().get(index)));
  }

  private boolean isAnyEligible() {
    for (int i = 0; i < owners.length; i++) {
      if (isEligible(i)) {
        return true;
      }
    }
    return false;
  }

  private boolean mayTryOthers() {
    int silent = 0;
    for (Link link : links.values()) {
      if (link.isLive()) {
        return true;
      }
      silent += link.isSilent() ? 1 : 0;
    }
    return silent < MAX_SILENT_TRIED;
  }

  private boolean isAnyLive() {
    return links.values().stream().anyMatch(Link::isLive);
  }

  /**
   * Where the budget is used up, and others could go on but for servers that are silent, these get
   * no more than half of it: the oldest of their packets are given up.
   */
  private void makeRoom() {
    if (hasRoom() || !isAnyLive()) {
      return;
    }
    List<Link> silent = links.values().stream().filter(Link::isSilent).toList();
    long held = silent.stream().mapToLong(Link::heldBytes).sum();
    while (held > settings.packetBudgetBytes() / 2) {
      Link oldest = Collections.min(silent, Comparator.comparingLong(Link::oldestInFlightId));
      long before = oldest.heldBytes();
      oldest.giveUpOldest();
      if (oldest.heldBytes() == before) {
        return;
      }
      held -= before - oldest.heldBytes();
    }
  }

  /**
   * Does all that is due.
   *
   * @return the moment of the monotonic clock at which to be called again at the latest
   */
  long step() {
    long now = clock.monotonicNs();
    takeRequests(now);
    keepTime(now);
    if (now >= flushNs) {
      flush(now);
    }
    long next = Math.min(flushNs, periodEndNs());
    next = Math.min(next, askForRing(now));
    for (Link link : links.values()) {
      next = Math.min(next, link.step(now, isOwner(link)));
    }
    if (hasAnyFallenSilent()) {
      // At once: its keys go to others, and one of these may know another ring.
      flushNs = now;
      ringAskNs = now;
      next = now;
    }
    answerWaiters();
    publish();
    mishaps.logNew();
    return next;
  }

  private boolean hasAnyFallenSilent() {
    boolean any = false;
    for (Link link : links.values()) {
      any |= link.fellSilent();
    }
    return any;
  }

  private boolean isOwner(Link link) {
    for (Link owner : owners) {
      if (owner == link) {
        return true;
      }
    }
    return false;
  }

  /**
   * Until a ring is known, one of the given servers after the other is asked for it. Later servers
   * tell of a new one with their answers; while one of them is silent, the others are asked, for
   * none of them may have to do with us otherwise.
   */
  private long askForRing(long now) {
    if (ring.isKnown()) {
      return isAnyOwnerSilent() ? askOthersForRing(now) : Long.MAX_VALUE;
    }
    if (now >= ringAskNs) {
      ringAskNs = now + RING_RETRY_NS;
      bootstrap.get(nextBootstrap).ringTaken();
      nextBootstrap = (nextBootstrap + 1) % bootstrap.size();
      bootstrap.get(nextBootstrap).wantRing(0);
    }
    return ringAskNs;
  }

  private boolean isAnyOwnerSilent() {
    for (Link owner : owners) {
      if (owner != null && owner.isSilent()) {
        return true;
      }
    }
    return false;
  }

  private long askOthersForRing(long now) {
    if (now >= ringAskNs) {
      boolean anyLive = isAnyLive();
      ringAskNs = now + (anyLive ? SILENT_RING_RETRY_NS : RING_RETRY_NS);
      if (asked != null) {
        asked.ringTaken();
      }
      asked = nextToAsk(anyLive);
      asked.wantRing(0);
    }
    return ringAskNs;
  }

  /** In turns; one that is silent only where all are. */
  private Link nextToAsk(boolean anyLive) {
    int candidates = ring.members().size() + bootstrap.size();
    Link next = candidate(nextAsked++ % candidates);
    for (int i = 1; i < candidates && anyLive && next.isSilent(); i++) {
      next = candidate(nextAsked++ % candidates);
    }
    return next;
  }

  private Link candidate(int i) {
    return i < bootstrap.size() ? bootstrap.get(i) : link(ring.members().get(i - bootstrap.size()));
  }

  /**
   * Cuts the folds where a period has ended, or the clock or period of the ring turned out to be
   * others.
   */
  private void keepTime(long now) {
    boolean clockLearned = time.known() && !timeWasKnown;
    if (clockLearned
        || time.periodMs() != periodMs
        || now >= periodEndNs()
        || time.atMs(now) < periodStartMs) {
      timeWasKnown = time.known();
      cut(now);
    }
  }

  private long periodEndNs() {
    return time.monotonicNs(periodStartMs + periodMs);
  }

  private void beginPeriod(long now) {
    foldBeganNs = now;
    periodMs = time.periodMs();
    periodStartMs = Period.floor(time.atMs(now), periodMs);
  }

  /**
   * What a fold's age is told from: the middle of the period that holds the middle of the fold.
   * Told by the clock as it is known now, which may be another than when the fold began. A fold
   * that goes on for longer than a period, for this process stood still, is of the period it began
   * in. While no server has said its clock and its period, it is the middle of the fold: the period
   * that is assumed may be a minute where the ring's is a second.
   */
  private long referenceNs(long now) {
    long ringsMs = time.periodMs();
    long halfNs = Math.min(periodMs, ringsMs) * 500_000;
    long within = foldBeganNs + Math.min((now - foldBeganNs) / 2, halfNs);
    if (!time.known()) {
      return within;
    }
    long startMs = Period.floor(time.atMs(within), ringsMs);
    return time.monotonicNs(startMs + ringsMs / 2);
  }

  private void cut(long now) {
    long ended = referenceNs(now);
    makeRoom();
    if (!hasRoom()) {
      foldsLate = true;
      beginPeriod(now);
      return;
    }
    tellEpoch(ended);
    epoch.next();
    beginPeriod(now);
    tellEpoch(referenceNs(now));
    harvest(now, ended, true);
  }

  /** Says when the running epoch is. */
  private void tellEpoch(long referenceNs) {
    times.set(epoch.get(), referenceNs);
  }

  private void flush(long now) {
    moveWaiting();
    makeRoom();
    if (hasRoom()) {
      harvestRunning(now, foldsLate);
    }
    long elapsedNs = Math.max(now - flushedNs, settings.flushInterval().toNanos());
    pace.flushed(recordsPacked - recordsAtFlush, elapsedNs);
    if (pace.doublings() > 0) {
      mishaps.count(ClientCounter.FLUSHES_FAR_APART);
    }
    recordsAtFlush = recordsPacked;
    flushedNs = now;
    flushNs = nextFlushNs(now);
  }

  /**
   * An interval on, at this client's place in it by the ring's clock: in the second half, but not
   * at the end. So what is flushed last in a second is there when the servers end it, and each
   * second shows as many flushes as another, while the flushes of many clients are still apart.
   */
  private long nextFlushNs(long now) {
    long intervalNs = flushIntervalNs();
    long next = Math.max(now, flushNs) + intervalNs;
    if (!time.known()) {
      return next;
    }
    long intervalMs = intervalNs / 1_000_000;
    long placeMs = (long) (intervalMs * flushPlace);
    long atMs = Period.floor(time.atMs(next) - placeMs, intervalMs) + placeMs;
    long placedNs = time.monotonicNs(atMs);
    return placedNs - now > intervalNs / 2 ? placedNs : placedNs + intervalNs;
  }

  private void harvestRunning(long now, boolean all) {
    long reference = referenceNs(now);
    tellEpoch(reference);
    harvest(now, reference, all);
  }

  private long flushIntervalNs() {
    int patience = pace.doublings();
    for (Link link : links.values()) {
      patience = Math.max(patience, link.patience());
    }
    return settings.flushInterval().toNanos() << patience;
  }

  private boolean hasRoom() {
    long held = 0;
    for (Link link : links.values()) {
      held += link.heldBytes();
    }
    return held < settings.packetBudgetBytes();
  }

  private void harvest(long now, long referenceNs, boolean all) {
    Packing packing = new Packing(referenceNs, all);
    harvest.take(now, packing);
    takePeriodFolds(packing);
    if (all) {
      losses.take(packing::ofOurOwn);
    }
    packing.finish();
    if (foldsLate && all) {
      foldsLate = false;
      mishaps.add(ClientCounter.FOLDED_LATE, packing.counts);
    }
  }

  /** After all else: a gauge that was set, and then changed, is set first. */
  private void takePeriodFolds(Packing packing) {
    for (PeriodFolds.Name name : registry.periodFolds().names()) {
      Entry entry = new Entry(name.key(), name.kind());
      if (packing.wants(entry)) {
        Cell cell = registry.periodFolds().take(name);
        if (cell != null) {
          packing.ofPeriod(entry, cell, name.startMs() + time.periodMs() / 2);
        }
      }
    }
  }

  /** Packs a harvest into packets, one series of them for each server and fold. */
  private final class Packing implements Harvest.Crop {
    private final long referenceNs;
    private final boolean all;
    private final boolean anyEligible = isAnyEligible();
    private final Map<Fold, Load> loads = new LinkedHashMap<>();

    /** As it was when the harvest began: the first packet must not end it for the keys behind. */
    private final Map<Link, Boolean> ready = new HashMap<>();

    private long counts;

    private record Fold(Link link, long referenceNs) {}

    Packing(long referenceNs, boolean all) {
      this.referenceNs = referenceNs;
      this.all = all;
    }

    @Override
    public boolean wants(Entry entry) {
      Link link = linkOf(entry, anyEligible);
      return all || (ring.isKnown() && ready.computeIfAbsent(link, Link::isReady));
    }

    @Override
    public void counter(Entry entry, long sum) {
      counts += sum;
      load(entry, referenceNs).addCounter(entry, sum);
    }

    @Override
    public void counter(Entry entry, long sum, double fraction) {
      counts += sum;
      load(entry, referenceNs).add(entry, Harvest.Crop.cell(sum, fraction), sum);
    }

    @Override
    public void samples(Entry entry, Cell cell, long ofFoldNs) {
      Load load = load(entry, ofFoldNs);
      if (cell instanceof HistogramCell histogram) {
        counts += histogram.count();
        for (HistogramCell part : histogram.split(DataWriter.MAX_BUCKETS_PER_RECORD)) {
          load.add(entry, part, part.count());
        }
      } else if (cell instanceof GaugeCell gauge) {
        counts += gauge.count();
        load.add(entry, gauge, gauge.count());
      } else if (cell instanceof SetCell set) {
        addSet(load, entry, set);
      }
    }

    /** A cell of the period that has its middle at this time of the ring. */
    void ofPeriod(Entry entry, Cell cell, long middleMs) {
      if (cell instanceof GaugeCell gauge) {
        gauge.setOrigin(-middleMs, 0, 0);
      }
      if (cell instanceof CounterCell counter) {
        counts += counter.sum();
        load(entry, time.monotonicNs(middleMs)).add(entry, counter, counter.sum());
      } else {
        samples(entry, cell, time.monotonicNs(middleMs));
      }
    }

    private void addSet(Load load, Entry entry, SetCell set) {
      long left = set.estimate();
      counts += left;
      for (SetCell part : set.split(DataWriter.MAX_REGISTERS_PER_RECORD)) {
        load.add(entry, part, left);
        left = 0;
      }
    }

    /** Counts that are none of the application's. */
    void ofOurOwn(Entry entry, long sum) {
      load(entry, referenceNs).addUncounted(entry, sum);
    }

    private Load load(Entry entry, long ofFoldNs) {
      return loads.computeIfAbsent(
          new Fold(linkOf(entry, anyEligible), ofFoldNs),
          fold -> new Load(fold.link(), fold.referenceNs()));
    }

    void finish() {
      loads.values().forEach(Load::ship);
    }
  }

  /** The packets for one server, of one fold. */
  private final class Load {
    private final Link link;
    private final long referenceNs;
    private final DataWriter writer = new DataWriter();
    private long counts;

    Load(Link link, long referenceNs) {
      this.link = link;
      this.referenceNs = referenceNs;
    }

    void addCounter(Entry entry, long sum) {
      addUncounted(entry, sum);
      counts += sum;
    }

    void addUncounted(Entry entry, long sum) {
      if (!writer.addCounter(entry.key, sum)) {
        ship();
        writer.addCounter(entry.key, sum);
      }
    }

    void add(Entry entry, Cell cell, long n) {
      if (!writer.add(entry.key, cell)) {
        ship();
        writer.add(entry.key, cell);
      }
      counts += n;
    }

    void ship() {
      int records = writer.records();
      byte[] bytes = writer.take();
      if (bytes != null) {
        recordsPacked += records;
        link.enqueue(new Outgoing(nextPacketId++, bytes, records, referenceNs, counts));
        counts = 0;
      }
    }
  }

  /**
   * Where a series goes: to its owner, or while that is silent to who comes next on the ring; or
   * while no ring is known to any server, for any may count any key. Where all are silent nothing
   * moves.
   */
  private Link linkOf(Entry entry, boolean anyEligible) {
    int owner = ring.isKnown() ? entry.owner(ring) : -1;
    if (owner < 0) {
      return bootstrap.get(nextBootstrap);
    }
    Link link = ownerAt(owner);
    if (link.isSilent() && anyEligible) {
      int next = entry.owner(ring, this::isEligible);
      return next < 0 ? link : ownerAt(next);
    }
    return link;
  }

  private Link ownerAt(int index) {
    Link link = owners[index];
    if (link == null) {
      link = link(ring.members().get(index));
      owners[index] = link;
    }
    return link;
  }

  private void takeRequests(long now) {
    for (Progress.Request request = progress.peek(); request != null; request = progress.peek()) {
      // The budget bounds what gathers while a ring is away; only the end does not wait for room.
      if (!request.closes() && !request.isOver() && !hasRoom()) {
        return;
      }
      progress.remove();
      closing |= request.closes();
      if (request.isOver()) {
        continue;
      }
      harvestRunning(now, true);
      waiters.add(
          new Waiter(request, nextPacketId - 1, mishaps.get(ClientCounter.PACKETS_AMBIGUOUS)));
    }
  }

  private void answerWaiters() {
    waiters.removeIf(waiter -> waiter.request().isOver());
    if (waiters.isEmpty()) {
      return;
    }
    long oldest = Long.MAX_VALUE;
    for (Link link : links.values()) {
      oldest = Math.min(oldest, link.oldestId());
    }
    for (Iterator<Waiter> i = waiters.iterator(); i.hasNext(); ) {
      Waiter waiter = i.next();
      if (oldest > waiter.lastId()) {
        i.remove();
        waiter
            .request()
            .answer(mishaps.get(ClientCounter.PACKETS_AMBIGUOUS) == waiter.ambiguousBefore());
      }
    }
  }

  private void publish() {
    progress.holds(packetsLeft(), links.values().stream().mapToLong(Link::heldBytes).sum());
  }

  /** Whether the last request was to close, and has been answered. */
  boolean isFinished() {
    return closing && waiters.isEmpty();
  }

  /**
   * Packets that are neither acknowledged nor given up, also those in which there is less than a
   * whole count.
   */
  int packetsLeft() {
    return links.values().stream().mapToInt(Link::held).sum();
  }

  /** At the end: counts that were accepted and are neither acknowledged nor told as ambiguous. */
  long countsLeft() {
    return registry.accepted()
        - progress.acknowledgedCounts()
        - mishaps.get(ClientCounter.COUNTS_AMBIGUOUS);
  }
}
