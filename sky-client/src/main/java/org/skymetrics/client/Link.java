package org.skymetrics.client;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.common.wire.Wire;

/**
 * The talk with one server: proving the address, the lane, the packets in flight. A state machine
 * without I/O; the sender's alone.
 *
 * <pre>
 *   no lane --HELLO--> cookie --OPEN--> lane open --DATA, ACK--> ...
 *     ^                                    |
 *     +---- a COOKIE in place of an ACK ---+   the server forgot the lane or sees another address: OPEN again, naming the lane
 * </pre>
 *
 * <p>Each step is asked again until it is answered. A packet in flight is sent again after the time
 * that the server usually takes, which doubles, or at once where later ones were acknowledged.
 *
 * <p>A server is silent when nothing came of it for a while although something was asked, or when
 * it said that it stops. It gets no new data then, and is asked now and then: by its oldest packet
 * in flight, or where there is none by a HELLO. What is in flight to it waits for its return, for
 * it may have counted that; the rest may go elsewhere.
 */
final class Link {
  private static final long SILENT_NS = 1_500_000_000L;

  /** Acknowledged packets above one that is not, before it is taken as lost. */
  private static final int OVERTAKEN = 3;

  private final Member server;
  private final long session;
  private final Network network;
  private final ClientSeal seal;
  private final RandomGenerator random;
  private final Mishaps mishaps;
  private final ServerTime time;
  private final long heldNs;

  private @Nullable InetSocketAddress address;

  /** Whether a COOKIE for a HELLO of ours came from this address: what it says is the server's. */
  private boolean proven;

  private byte @Nullable [] cookie;
  private long nonce;
  private long laneNonce;
  private long lane;

  /** Of the OPEN that opened the lane. */
  private long openedNonce;

  private boolean open;

  private int tries;
  private long askedNs;
  private long askAgainNs;

  private boolean ringWanted;

  /** Whether a RING_REQUEST for this part is under way. */
  private boolean ringAsked;

  private int ringPart;
  private int ringTries;
  private long ringAgainNs;

  private long nextSequence = 1;

  /** Of the lane's packets that were sent, re-sends too. */
  private long transmissions;

  private RoundTrip roundTrip = new RoundTrip();
  private int window = Wire.WINDOW;
  private final TreeMap<Long, Outgoing> inFlight = new TreeMap<>();
  private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
  private long heldBytes;
  private int patience;

  /** Since when something was asked that is not answered; 0 where nothing is. */
  private long unansweredSinceNs;

  private boolean silent;
  private boolean fellSilent;
  private int lookUps;
  private long resolveAgainNs = Long.MIN_VALUE;

  Link(
      Member server,
      long session,
      Network network,
      ClientSeal seal,
      RandomGenerator random,
      Mishaps mishaps,
      ServerTime time,
      long heldNs) {
    this.server = server;
    this.session = session;
    this.network = network;
    this.seal = seal;
    this.random = random;
    this.mishaps = mishaps;
    this.time = time;
    this.heldNs = heldNs;
  }

  Member server() {
    return server;
  }

  @Nullable InetSocketAddress address() {
    return address;
  }

  /** Whether a fold that is made now would leave at once. */
  boolean isReady() {
    return open && !silent && waiting.isEmpty() && inFlight.size() < window;
  }

  boolean isIdle() {
    return waiting.isEmpty() && inFlight.isEmpty();
  }

  long heldBytes() {
    return heldBytes;
  }

  int held() {
    return waiting.size() + inFlight.size();
  }

  /** How often the server asks to double the flush interval. */
  int patience() {
    return silent ? 0 : patience;
  }

  /** The least id of a packet that is held; Long.MAX_VALUE where none is. */
  long oldestId() {
    long oldest = Long.MAX_VALUE;
    for (Outgoing packet : waiting) {
      oldest = Math.min(oldest, packet.id);
    }
    for (Outgoing packet : inFlight.values()) {
      oldest = Math.min(oldest, packet.id);
    }
    return oldest;
  }

  /** Whether the server has stopped answering, or can't be found. */
  boolean isSilent() {
    return silent || (address == null && lookUps > 1);
  }

  /** Whether the server is known to be there. */
  boolean isLive() {
    return open && !silent;
  }

  /** Whether the server has become silent since this was asked last. */
  boolean fellSilent() {
    boolean fell = fellSilent;
    fellSilent = false;
    return fell;
  }

  /** The least id of a packet in flight; Long.MAX_VALUE where none is. */
  long oldestInFlightId() {
    return inFlight.isEmpty() ? Long.MAX_VALUE : inFlight.firstEntry().getValue().id;
  }

  /** Gives up the oldest packet in flight. */
  void giveUpOldest() {
    Map.Entry<Long, Outgoing> oldest = inFlight.pollFirstEntry();
    if (oldest != null) {
      giveUp(oldest.getValue());
    }
  }

  /** Puts a packet on its way. */
  void enqueue(Outgoing packet) {
    waiting.add(packet);
    heldBytes += packet.bytes.length;
  }

  /** A packet that no server can have counted, to be sent to another; null where there is none. */
  @Nullable Outgoing pollWaiting() {
    Outgoing packet = waiting.poll();
    if (packet != null) {
      heldBytes -= packet.bytes.length;
    }
    return packet;
  }

  /** Asks for the ring, from this part on. */
  void wantRing(int part) {
    ringWanted = true;
    ringAsked = false;
    ringPart = part;
    ringTries = 0;
    ringAgainNs = Long.MIN_VALUE;
  }

  /** A part of the ring came that was asked for. */
  void onRing(long nowNs) {
    answered();
    ringWanted = false;
    ringAsked = false;
    if (!inFlight.isEmpty()) {
      asked(nowNs);
    }
  }

  /** The ring is asked for no more. */
  void ringTaken() {
    ringWanted = false;
    ringAsked = false;
    if (open && inFlight.isEmpty()) {
      unansweredSinceNs = 0;
    }
  }

  /**
   * Sends what is due.
   *
   * @param wantLane whether a lane is needed even with nothing to send
   * @return the moment at which to be called again at the latest
   */
  long step(long nowNs, boolean wantLane) {
    if (!wantLane && !ringWanted && isIdle()) {
      return Long.MAX_VALUE;
    }
    if (!resolve(nowNs)) {
      return resolveAgainNs;
    }
    noticeSilence(nowNs);
    giveUpOld(nowNs);
    long next = Long.MAX_VALUE;
    boolean needsLane = !open && (wantLane || !isIdle());
    boolean needsSign = silent && inFlight.isEmpty() && (wantLane || !isIdle());
    if (needsSign || (cookie == null && ringWanted) || needsLane) {
      next = ask(nowNs);
    }
    if (ringWanted && cookie != null) {
      next = Math.min(next, askRing(nowNs));
    }
    if (open) {
      next = Math.min(next, transmit(nowNs));
    }
    return next;
  }

  private boolean resolve(long nowNs) {
    if (address == null || silent) {
      boolean due = nowNs >= resolveAgainNs;
      if (due) {
        resolveAgainNs = nowNs + Backoff.delayNs(++lookUps, random);
      }
      InetSocketAddress found = network.resolve(server.host(), server.udpPort(), due);
      if (found != null && !found.equals(address)) {
        moveTo(found);
      }
    }
    return address != null;
  }

  private void moveTo(InetSocketAddress found) {
    address = found;
    proven = false;
    ringAsked = false;
    cookie = null;
    open = false;
    tries = 0;
    roundTrip = new RoundTrip();
  }

  private void noticeSilence(long nowNs) {
    if (!silent && unansweredSinceNs != 0 && nowNs - unansweredSinceNs > SILENT_NS) {
      fallSilent();
      mishaps.count(ClientCounter.SERVER_SILENT);
    }
  }

  private void fallSilent() {
    silent = true;
    fellSilent = true;
    tries = 0;
  }

  private void asked(long nowNs) {
    if (unansweredSinceNs == 0) {
      unansweredSinceNs = nowNs;
    }
  }

  private void answered() {
    unansweredSinceNs = 0;
    silent = false;
    lookUps = 0;
    resolveAgainNs = Long.MIN_VALUE;
  }

  /**
   * Gives up packets that have waited for long enough: a server that never returns holds their
   * memory no longer. It may have counted them, so they are ambiguous.
   */
  private void giveUpOld(long nowNs) {
    while (!inFlight.isEmpty()) {
      Outgoing oldest = inFlight.firstEntry().getValue();
      if (nowNs - oldest.referenceNs < heldNs) {
        return;
      }
      inFlight.pollFirstEntry();
      giveUp(oldest);
    }
  }

  private void giveUp(Outgoing packet) {
    heldBytes -= packet.bytes.length;
    mishaps.count(ClientCounter.PACKETS_AMBIGUOUS);
    mishaps.add(ClientCounter.COUNTS_AMBIGUOUS, packet.counts);
  }

  private long ask(long nowNs) {
    if (nowNs >= askAgainNs || tries == 0) {
      tries++;
      askedNs = nowNs;
      askAgainNs = nowNs + Backoff.delayNs(tries, random);
      byte[] proof = cookie;
      // A cookie gets old: every fourth try begins with a new one. With a lane there is nothing to
      // open: any sign of life is what is wanted.
      if (proof == null || open || tries % 4 == 0) {
        nonce = nonZero();
        send(new Hello(session, nonce), nowNs);
      } else {
        if (laneNonce == 0) {
          laneNonce = nonZero();
        }
        send(new Open(session, proof, laneNonce, lane), nowNs);
      }
    }
    return askAgainNs;
  }

  private long askRing(long nowNs) {
    byte[] proof = cookie;
    if (proof != null && nowNs >= ringAgainNs) {
      ringTries++;
      ringAgainNs = nowNs + Backoff.delayNs(ringTries, random);
      if (!proven || ringTries % 4 == 0) {
        nonce = nonZero();
        send(new Hello(session, nonce), nowNs);
      } else {
        ringAsked = true;
        send(new RingRequest(session, proof, ringPart), nowNs);
      }
    }
    return ringAgainNs;
  }

  private long nonZero() {
    long n = random.nextLong();
    return n == 0 ? 1 : n;
  }

  private void send(Packet packet, long nowNs) {
    asked(nowNs);
    sendBytes(packet.toBytes());
  }

  private void sendBytes(byte[] bytes) {
    InetSocketAddress to = address;
    byte[] closed = seal.close(bytes, openedNonce);
    if (to != null && network.send(closed, to)) {
      mishaps.add(ClientCounter.BYTES_SENT, closed.length);
    } else {
      mishaps.count(ClientCounter.SEND_FAILURES);
    }
  }

  private long transmit(long nowNs) {
    while (!silent && !waiting.isEmpty() && nextSequence - lowestOpen() < window) {
      Outgoing packet = waiting.remove();
      packet.sequence = nextSequence++;
      DataWriter.number(packet.bytes, session, lane, packet.sequence);
      inFlight.put(packet.sequence, packet);
      transmit(packet, nowNs);
    }
    long next = Long.MAX_VALUE;
    for (Outgoing packet : inFlight.values()) {
      long due = packet.lastSentNs + roundTrip.resendAfterNs(packet.transmissions);
      if (due <= nowNs) {
        roundTrip.timedOut(packet.lastSentNs, nowNs);
        transmit(packet, nowNs);
        due = nowNs + roundTrip.resendAfterNs(packet.transmissions);
      }
      next = Math.min(next, due);
      if (silent) {
        break;
      }
    }
    return next;
  }

  private void transmit(Outgoing packet, long nowNs) {
    asked(nowNs);
    int openBelow = (int) (packet.sequence - lowestOpen());
    DataWriter.stamp(
        packet.bytes,
        ++transmissions,
        openBelow,
        Math.floorDiv(nowNs - packet.referenceNs, 1_000_000L));
    packet.transmissions++;
    packet.lastSentNs = nowNs;
    if (packet.transmissions == 1) {
      packet.firstSentNs = nowNs;
    }
    if (!packet.sent) {
      packet.sent = true;
      mishaps.count(ClientCounter.PACKETS_SENT);
      mishaps.add(ClientCounter.RECORDS_SENT, packet.records);
    } else {
      mishaps.count(ClientCounter.PACKETS_RESENT);
    }
    sendBytes(packet.bytes);
  }

  private long lowestOpen() {
    return inFlight.isEmpty() ? nextSequence : inFlight.firstKey();
  }

  /**
   * Whether a packet from this address answers something of this link's; there may be two links to
   * one address, by two names of it.
   */
  boolean awaits(Packet packet) {
    if (packet instanceof Cookie c) {
      return c.nonce() == 0 ? open : c.nonce() == nonce;
    }
    if (packet instanceof Opened o) {
      return !open && laneNonce != 0 && o.laneNonce() == laneNonce;
    }
    if (packet instanceof Ack a) {
      return lane != 0 && a.lane() == lane;
    }
    return packet instanceof RingPart part && proven && ringAsked && part.part() == ringPart;
  }

  /**
   * A cookie came: as asked for, or in answer to data, where the lane or the address is no longer
   * known.
   */
  void onCookie(Cookie packet) {
    boolean challenge = packet.nonce() == 0;
    answered();
    cookie = packet.cookie();
    proven |= !challenge;
    nonce = 0;
    tries = 0;
    ringTries = 0;
    ringAgainNs = Long.MIN_VALUE;
    if (challenge) {
      open = false;
      laneNonce = 0;
    }
  }

  /** The server opened a lane, or goes on with the one there is. */
  void onOpened(Opened packet, long nowNs) {
    answered();
    tries = 0;
    laneNonce = 0;
    time.heard(packet.serverTimeMs(), nowNs, nowNs - askedNs);
    time.setPeriodMs(packet.periodMs());
    window = Math.min(packet.window(), Wire.WINDOW);
    if (packet.lane() != lane) {
      long before = lane;
      lane = packet.lane();
      openedNonce = packet.laneNonce();
      if (before != 0) {
        renumber(packet.verdict() == Opened.Verdict.RENUMBER);
      }
      nextSequence = 1;
      transmissions = 0;
    }
    open = true;
    mishaps.count(ClientCounter.HANDSHAKES);
  }

  /** The lane is gone. What it held goes on a new one, unless it may have been counted. */
  private void renumber(boolean neverCounted) {
    for (Outgoing packet : inFlight.descendingMap().values()) {
      if (neverCounted) {
        packet.sequence = 0;
        packet.transmissions = 0;
        waiting.addFirst(packet);
        mishaps.count(ClientCounter.PACKETS_RENUMBERED);
      } else {
        giveUp(packet);
      }
    }
    inFlight.clear();
  }

  /**
   * The server says what it has received; {@code acknowledged} is told of each packet that is done.
   */
  void onAck(Ack ack, long nowNs, Consumer<Outgoing> acknowledged) {
    answered();
    patience = ack.patience();
    long highest = 0;
    long firstSentNs = 0;
    boolean wasSentOnce = false;
    for (Iterator<Outgoing> i = inFlight.values().iterator(); i.hasNext(); ) {
      Outgoing packet = i.next();
      if (ack.covers(packet.sequence)) {
        highest = packet.sequence;
        firstSentNs = packet.firstSentNs;
        wasSentOnce = packet.transmissions == 1;
        i.remove();
        heldBytes -= packet.bytes.length;
        mishaps.count(ClientCounter.PACKETS_ACKNOWLEDGED);
        acknowledged.accept(packet);
      }
    }
    if (highest != 0) {
      // It was written after the last packet that it is the first to cover was sent.
      time.heardWithin(ack.serverTimeMs(), nowNs, nowNs - firstSentNs);
    }
    if (wasSentOnce) {
      roundTrip.measured(nowNs - firstSentNs);
    }
    if (ack.isFinal()) {
      closeLane();
    } else if (open) {
      sendOvertaken(highest, nowNs);
    }
    if (!inFlight.isEmpty()) {
      asked(nowNs);
    }
  }

  /**
   * What later packets have overtaken is taken as lost; a packet is sent again so once only, after
   * that by time.
   */
  private void sendOvertaken(long highest, long nowNs) {
    for (Outgoing packet : inFlight.headMap(highest - OVERTAKEN, true).values()) {
      if (packet.transmissions == 1) {
        transmit(packet, nowNs);
      }
    }
  }

  /** The server stops: it is as silent as one that is gone, until it says something new. */
  private void closeLane() {
    renumber(true);
    lane = 0;
    // An OPENED on its way would bring the closed lane back.
    laneNonce = 0;
    open = false;
    cookie = null;
    askAgainNs = 0;
    fallSilent();
  }
}
