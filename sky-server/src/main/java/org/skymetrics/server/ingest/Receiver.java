package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.seal.ServerSeal;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.journal.PacketLog;
import org.skymetrics.server.lane.CookieMint;
import org.skymetrics.server.lane.LaneNumbers;
import org.skymetrics.server.lane.Lanes;
import org.skymetrics.server.lane.SessionView;

/**
 * What one receiving thread does with packets: a state machine without threads or I/O. Any bytes
 * may be given to it. It is the only one to touch its lanes and its table; packets for a lane of
 * another thread are passed on.
 *
 * <p>An OPEN is answered by the thread that it comes in on, or that owns the lane it names. Sent
 * twice from two addresses, it may get two lanes from two threads; the client uses one, and the
 * other stays empty.
 */
public final class Receiver {
  private static final int DATA_LANE_OFFSET = 20;
  private static final int OPEN_LANE_OFFSET = 36;

  private final int thread;
  private final LaneNumbers numbers;
  private final Lanes lanes;
  private final Handshake handshake;
  private final Acks acks;
  private final LedgerBook ledger;
  private final DataIntake intake;
  private final PacketLog log;
  private final Aggregator aggregator;
  private final ServerSeal seal;
  private final Neighbours neighbours;
  private final Clock clock;
  private final Counters counters;
  private final ByteReader head = new ByteReader();
  private boolean stopping;

  /**
   * A receiver of these parts, which are its own from now on.
   *
   * @param reportsLedger whether what becomes of packets is counted as series too
   */
  public Receiver(
      int thread,
      LaneNumbers numbers,
      Lanes lanes,
      PacketLog log,
      CookieMint mint,
      TimeRule time,
      Aggregator aggregator,
      boolean reportsLedger,
      Offenders offenders,
      Supplier<Ring> ring,
      Pressure pressure,
      GaugeLevels levels,
      ServerSeal seal,
      Replies replies,
      Neighbours neighbours,
      Clock clock,
      Counters counters) {
    this.thread = thread;
    this.numbers = numbers;
    this.lanes = lanes;
    this.log = log;
    this.aggregator = aggregator;
    this.seal = seal;
    this.neighbours = neighbours;
    this.clock = clock;
    this.counters = counters;
    Replies sealing = (packet, to) -> replies.send(seal.close(packet), to);
    this.acks = new Acks(clock, ring, pressure, sealing, counters);
    this.handshake =
        new Handshake(mint, lanes, time.period(), ring, acks, sealing, clock, counters);
    this.ledger =
        new LedgerBook(reportsLedger, log, lanes, time, aggregator, pressure, clock, counters);
    this.intake =
        new DataIntake(
            log,
            lanes,
            handshake,
            acks,
            ledger,
            offenders,
            time,
            aggregator,
            pressure,
            levels,
            clock,
            counters);
  }

  /** Takes one packet from the network. */
  public void onPacket(byte[] bytes, int offset, int length, InetSocketAddress from) {
    counters.increment(ServerCounter.PACKETS_RECEIVED);
    counters.add(ServerCounter.BYTES_RECEIVED, length);
    if (!open(bytes, offset, length)) {
      return;
    }
    int owner = owner(seal.array(), seal.offset());
    if (owner == thread) {
      handle(seal.array(), seal.offset(), seal.length(), from);
    } else {
      boolean passed = neighbours.pass(owner, bytes, offset, length, from);
      counters.increment(
          passed ? ServerCounter.PACKETS_PASSED : ServerCounter.PACKETS_DROPPED_PASSING);
    }
  }

  /** Takes one packet that another thread's receiver found to be for this one. */
  public void onPassed(byte[] bytes, int offset, int length, InetSocketAddress from) {
    if (open(bytes, offset, length)) {
      handle(seal.array(), seal.offset(), seal.length(), from);
    }
  }

  /**
   * Opens a packet; each thread does so by itself, for it keeps who was heard and how to answer.
   */
  private boolean open(byte[] bytes, int offset, int length) {
    PacketFault fault = seal.open(bytes, offset, length);
    if (fault != null) {
      counters.increment(ServerCounter.of(fault));
    }
    return fault == null;
  }

  /** A batch of packets is over: what is owed is sent. */
  public void endBatch() {
    intake.commit();
    acks.pay();
  }

  /** What comes from now on belongs to this segment. */
  public void turnTo(long segment) {
    intake.commit();
    ledger.report();
    log.begin(segment);
  }

  /** Some time has passed, a second or so. */
  public void tick() {
    intake.commit();
    log.probe();
    lanes.expire(clock.monotonicNs());
    ledger.report();
    acks.pay();
  }

  /**
   * Takes no more data, from now on and for good, and tells all lanes, once the journal has it that
   * they do not go on after a restart. May be called again.
   */
  public void stop() {
    stopping = true;
    intake.commit();
    ledger.report();
    acks.pay();
    if (log.endLanes()) {
      lanes.all().forEach(acks::sendFinal);
    }
  }

  public Aggregator aggregator() {
    return aggregator;
  }

  public ReceiverView view() {
    return new ReceiverView(
        thread,
        lanes.size(),
        lanes.sessions(),
        aggregator.series(),
        ledger.sums(),
        ledger.untold());
  }

  /** All sessions that are remembered, and what became of their packets. */
  public List<SessionView> sessions() {
    return lanes.views(clock.wallMs(), clock.monotonicNs());
  }

  /** The thread that a packet's lane belongs to; this one where that can't be said. */
  private int owner(byte[] bytes, int offset) {
    int at =
        switch (Packet.type(bytes, offset)) {
          case DATA -> DATA_LANE_OFFSET;
          case OPEN -> OPEN_LANE_OFFSET;
          default -> 0;
        };
    if (at == 0) {
      return thread;
    }
    long lane = head.reset(bytes, offset + at, Long.BYTES).u64();
    return numbers.isOfThisJournal(lane) ? ownerOf(lane, neighbours.threads()) : thread;
  }

  /** The receiving thread of a lane, also where it was given when there were more of them. */
  public static int ownerOf(long lane, int threads) {
    return LaneNumbers.threadOf(lane) % threads;
  }

  private void handle(byte[] bytes, int offset, int length, InetSocketAddress from) {
    PacketType type = Packet.type(bytes, offset);
    switch (type) {
      case DATA -> {
        if (stopping) {
          intake.refuse(bytes, offset, length, from);
        } else {
          intake.take(bytes, offset, length, from);
        }
      }
      case HELLO, OPEN, RING_REQUEST -> {
        if (stopping) {
          counters.increment(ServerCounter.PACKETS_WHILE_STOPPING);
        } else {
          answer(Packet.read(bytes, offset, length), from);
        }
      }
      case COOKIE, OPENED, ACK, RING -> counters.increment(ServerCounter.PACKETS_WRONG_DIRECTION);
    }
  }

  private void answer(@Nullable Packet packet, InetSocketAddress from) {
    if (packet instanceof Hello hello) {
      handshake.hello(hello, from);
    } else if (packet instanceof Open open) {
      handshake.open(open, from);
    } else if (packet instanceof RingRequest request) {
      handshake.ring(request, from);
    } else {
      counters.increment(ServerCounter.PACKETS_MALFORMED);
    }
  }
}
