package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.common.wire.Wire;

/** A server of the protocol as docs/protocol.md has it, without I/O: packets in, answers out. */
final class FakeServer {
  /** One record as it was counted. */
  record Counted(Key key, Cell cell) {}

  /** A DATA packet that was counted, and in which period. */
  record Taken(long periodMs, List<Counted> records) {}

  /** Where a packet stands; lanes are numbered over all servers of a test. */
  record Place(long lane, long sequence) {}

  interface Outlet {
    void send(byte[] packet, InetSocketAddress to);
  }

  private static final class Lane {
    final long number;
    final long session;
    InetSocketAddress address;
    long floor = 1;
    final BitSet received = new BitSet();
    boolean owesAck;

    Lane(long number, long session, InetSocketAddress address) {
      this.number = number;
      this.session = session;
      this.address = address;
    }
  }

  private final LongSupplier wallMs;
  private final LongSupplier laneNumbers;
  private final Outlet out;
  private final Map<Long, Lane> lanes = new TreeMap<>();
  private final Map<Long, Opened.Verdict> forgotten = new HashMap<>();
  private final Map<Long, Opened> openedByNonce = new HashMap<>();
  private final DataReader reader = new DataReader();

  final Map<Place, Taken> taken = new HashMap<>();
  int periodMs = 60_000;
  int patience;
  int duplicates;
  int ringRequests;
  int openedLanes;
  int datagrams;
  Ring ring = Ring.empty();

  /** What it says its ring is called, where that is not the ring's own version. */
  Long claimedRingVersion;

  private long secret = 1;

  FakeServer(LongSupplier wallMs, LongSupplier laneNumbers, Outlet out) {
    this.wallMs = wallMs;
    this.laneNumbers = laneNumbers;
    this.out = out;
  }

  private long ringVersion() {
    return claimedRingVersion == null ? ring.version() : claimedRingVersion;
  }

  void onPacket(byte[] bytes, InetSocketAddress from) {
    datagrams++;
    assertThat(bytes.length).isLessThanOrEqualTo(Wire.MAX_PACKET_BYTES);
    assertThat(Packet.fault(bytes, 0, bytes.length)).isNull();
    if (Packet.type(bytes, 0) == PacketType.DATA) {
      onData(bytes, from);
      return;
    }
    Packet packet = Packet.read(bytes, 0, bytes.length);
    if (packet instanceof Hello hello) {
      send(new Cookie(hello.session(), hello.nonce(), cookie(from, hello.session())), from);
    } else if (packet instanceof Open open
        && Arrays.equals(open.cookie(), cookie(from, open.session()))) {
      onOpen(open, from);
    } else if (packet instanceof RingRequest request
        && Arrays.equals(request.cookie(), cookie(from, request.session()))) {
      ringRequests++;
      List<RingPart> parts = RingPart.partsOf(ring, request.session());
      if (request.part() < parts.size()) {
        RingPart part = parts.get(request.part());
        send(
            new RingPart(part.session(), ringVersion(), part.part(), part.parts(), part.members()),
            from);
      }
    }
  }

  private byte[] cookie(InetSocketAddress from, long session) {
    return ByteBuffer.allocate(16)
        .putInt(Arrays.hashCode(from.getAddress().getAddress()))
        .putInt(from.getPort())
        .putLong(session ^ secret)
        .array();
  }

  private void onOpen(Open open, InetSocketAddress from) {
    Lane named = lanes.get(open.lane());
    if (named != null && named.session == open.session()) {
      named.address = from;
      send(opened(open, named.number, Opened.Verdict.GOES_ON), from);
      return;
    }
    Opened before = openedByNonce.get(open.laneNonce());
    if (before == null || !lanes.containsKey(before.lane())) {
      Lane lane = new Lane(laneNumbers.getAsLong(), open.session(), from);
      lanes.put(lane.number, lane);
      openedLanes++;
      Opened.Verdict verdict =
          open.lane() == 0
              ? Opened.Verdict.GOES_ON
              : forgotten.getOrDefault(open.lane(), Opened.Verdict.UNKNOWN);
      before = opened(open, lane.number, verdict);
      openedByNonce.put(open.laneNonce(), before);
    }
    send(opened(open, before.lane(), before.verdict()), from);
  }

  private Opened opened(Open open, long lane, Opened.Verdict verdict) {
    return new Opened(
        open.session(),
        open.laneNonce(),
        lane,
        wallMs.getAsLong(),
        periodMs,
        ringVersion(),
        Wire.WINDOW,
        verdict);
  }

  private void onData(byte[] bytes, InetSocketAddress from) {
    assertThat(reader.wrap(bytes, 0, bytes.length)).isNull();
    assertThat(reader.validate()).isTrue();
    Lane lane = lanes.get(reader.lane());
    if (lane == null || lane.session != reader.session() || !from.equals(lane.address)) {
      send(new Cookie(reader.session(), 0, cookie(from, reader.session())), from);
      return;
    }
    lane.floor = Math.max(lane.floor, reader.lowestOpen());
    long sequence = reader.sequence();
    assertThat(sequence).isLessThan(lane.floor + Wire.WINDOW);
    lane.owesAck = true;
    if (sequence < lane.floor || lane.received.get((int) sequence)) {
      duplicates++;
      return;
    }
    lane.received.set((int) sequence);
    taken.put(new Place(lane.number, sequence), read());
  }

  private Taken read() {
    long at = wallMs.getAsLong() - reader.ageMs();
    List<Counted> records = new ArrayList<>();
    while (reader.next()) {
      records.add(
          new Counted(Key.ofChecked(reader.keyBytes(), 0, reader.keyLength()), reader.readCell()));
    }
    return new Taken(Math.floorDiv(at, periodMs) * periodMs, records);
  }

  /** Sends the acknowledgements that are owed. */
  void acknowledge() {
    for (Lane lane : lanes.values()) {
      if (lane.owesAck) {
        lane.owesAck = false;
        send(ack(lane, false), lane.address);
      }
    }
  }

  private Ack ack(Lane lane, boolean isFinal) {
    long base = lane.floor;
    while (lane.received.get((int) base)) {
      base++;
    }
    byte[] bitmap = new byte[Wire.WINDOW / 8];
    for (int i = 1; i < Wire.WINDOW; i++) {
      if (lane.received.get((int) base + i)) {
        bitmap[i >> 3] |= (byte) (1 << (i & 7));
      }
    }
    return new Ack(
        lane.session,
        isFinal,
        lane.number,
        base,
        wallMs.getAsLong(),
        ringVersion(),
        patience,
        bitmap);
  }

  /** Stops in good order: says what was counted, and that nothing else was. */
  void stop() {
    for (Lane lane : lanes.values()) {
      send(ack(lane, true), lane.address);
    }
    forgetLanes(Opened.Verdict.UNKNOWN);
  }

  /**
   * Loses its lanes; what an OPEN that names one of them is told later. The lanes that were lost.
   */
  List<Long> forgetLanes(Opened.Verdict verdict) {
    List<Long> gone = List.copyOf(lanes.keySet());
    gone.forEach(lane -> forgotten.put(lane, verdict));
    lanes.clear();
    openedByNonce.clear();
    secret++;
    return gone;
  }

  private void send(Packet packet, InetSocketAddress to) {
    out.send(packet.toBytes(), to);
  }
}
