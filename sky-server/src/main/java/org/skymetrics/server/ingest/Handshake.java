package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.common.wire.Wire;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.CookieMint;
import org.skymetrics.server.lane.Lanes;

/** Answers what a client asks before and beside its data: for a cookie, a lane, the ring. */
final class Handshake {
  private final ByteWriter out = new ByteWriter(Wire.MAX_PACKET_BYTES);
  private final CookieMint mint;
  private final Lanes lanes;
  private final Period period;
  private final Supplier<Ring> ring;
  private final Acks acks;
  private final Replies replies;
  private final Clock clock;
  private final Counters counters;

  Handshake(
      CookieMint mint,
      Lanes lanes,
      Period period,
      Supplier<Ring> ring,
      Acks acks,
      Replies replies,
      Clock clock,
      Counters counters) {
    this.mint = mint;
    this.lanes = lanes;
    this.period = period;
    this.ring = ring;
    this.acks = acks;
    this.replies = replies;
    this.clock = clock;
    this.counters = counters;
  }

  void hello(Hello hello, InetSocketAddress from) {
    counters.increment(ServerCounter.HELLOS);
    sendCookie(hello.session(), hello.nonce(), from);
  }

  /** Asks who sent data from an unproved address to prove it. */
  void challenge(long session, InetSocketAddress from) {
    sendCookie(session, 0, from);
  }

  private void sendCookie(long session, long nonce, InetSocketAddress to) {
    send(new Cookie(session, nonce, mint.cookie(to, session, clock.wallMs())), to);
    counters.increment(ServerCounter.COOKIES_SENT);
  }

  void open(Open open, InetSocketAddress from) {
    if (!proves(open.cookie(), open.session(), from)) {
      return;
    }
    Lanes.Opened opened =
        lanes.open(open.session(), open.laneNonce(), open.lane(), from, clock.monotonicNs());
    if (opened != null && opened.lane().isEnded()) {
      acks.sendFinal(opened.lane());
    } else if (opened != null) {
      send(
          new Opened(
              open.session(),
              open.laneNonce(),
              opened.lane().number(),
              clock.wallMs(),
              (int) period.lengthMs(),
              ring.get().version(),
              Wire.WINDOW,
              opened.verdict()),
          from);
    }
  }

  void ring(RingRequest request, InetSocketAddress from) {
    if (!proves(request.cookie(), request.session(), from)) {
      return;
    }
    List<RingPart> parts = RingPart.partsOf(ring.get(), request.session());
    if (request.part() >= parts.size()) {
      counters.increment(ServerCounter.PACKETS_MALFORMED);
      return;
    }
    send(parts.get(request.part()), from);
    counters.increment(ServerCounter.RING_PARTS_SENT);
  }

  private boolean proves(byte[] cookie, long session, InetSocketAddress from) {
    boolean good = mint.isGood(cookie, from, session, clock.wallMs());
    if (!good) {
      counters.increment(ServerCounter.COOKIES_REFUSED);
    }
    return good;
  }

  private void send(Packet packet, InetSocketAddress to) {
    out.clear();
    packet.write(out);
    replies.send(out, to);
  }
}
