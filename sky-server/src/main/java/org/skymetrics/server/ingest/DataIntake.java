package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.Offenders.Offence;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.journal.PacketLog;
import org.skymetrics.server.lane.Lane;
import org.skymetrics.server.lane.Lanes;

/**
 * The way of a data packet, in this order and in no other: look at it whole, find its lane, see
 * whether this transmission is here for the first time and its session has a share left, look up
 * its place in the lane's window (with those marked that are on this way too), decide what it is,
 * gather it for the journal. At the end of a batch of packets, all that was gathered is written;
 * then, as one step that can't fail half-way, each is marked, counted, and its acknowledgement
 * owed. Where the write fails nothing of the batch has happened.
 */
final class DataIntake {
  private final DataReader packet = new DataReader();
  private final List<Gathered> gathered = new ArrayList<>();
  private final PacketLog log;
  private final Lanes lanes;
  private final Handshake handshake;
  private final Acks acks;
  private final LedgerBook ledger;
  private final Offenders offenders;
  private final TimeRule time;
  private final Aggregator aggregator;
  private final Pressure pressure;
  private final GaugeChanges gauges;
  private final Clock clock;
  private final Counters counters;

  /** A packet on its way into the journal, where its records are meanwhile, and what is noted. */
  private record Gathered(
      Lane lane,
      Outcome outcome,
      long sequence,
      long referenceMs,
      int recordsAt,
      int recordsLength,
      int notesFrom,
      int notesTo) {}

  DataIntake(
      PacketLog log,
      Lanes lanes,
      Handshake handshake,
      Acks acks,
      LedgerBook ledger,
      Offenders offenders,
      TimeRule time,
      Aggregator aggregator,
      Pressure pressure,
      GaugeLevels levels,
      Clock clock,
      Counters counters) {
    this.log = log;
    this.lanes = lanes;
    this.handshake = handshake;
    this.acks = acks;
    this.ledger = ledger;
    this.offenders = offenders;
    this.time = time;
    this.aggregator = aggregator;
    this.pressure = pressure;
    this.gauges = new GaugeChanges(levels);
    this.clock = clock;
    this.counters = counters;
  }

  /** Takes a packet whose common header was found good. */
  void take(byte[] bytes, int offset, int length, InetSocketAddress from) {
    Lane lane = laneOf(bytes, offset, length, from);
    if (lane == null || !isFirst(lane)) {
      return;
    }
    if (lane.isEnded()) {
      // When the server stopped before; its client has not heard of it yet.
      ledger.settle(lane, packet.transmission(), Outcome.STOPPING);
      acks.sendFinal(lane);
      return;
    }
    if (!lanes.takesPacket(lane, clock.monotonicNs())) {
      offenders.add(Offence.OVER_RATE, lane.session());
      ledger.settle(lane, packet.transmission(), Outcome.OVER_RATE);
      return;
    }
    switch (lane.ahead().place(packet.sequence(), packet.lowestOpen())) {
      case DUPLICATE -> {
        ledger.settle(lane, packet.transmission(), Outcome.DUPLICATE);
        acks.owe(lane);
      }
      case BEYOND -> ledger.settle(lane, packet.transmission(), Outcome.BEYOND_WINDOW);
      case NEW -> takeNew(lane);
    }
  }

  /** Whether this transmission is here for the first time. A copy is acknowledged, and no more. */
  private boolean isFirst(Lane lane) {
    return switch (lane.ledger().arrival(packet.transmission())) {
      case FIRST -> true;
      case COPY -> {
        counters.increment(ServerCounter.DATA_PACKETS_COPIED);
        acks.owe(lane);
        yield false;
      }
      case BELATED -> {
        counters.increment(ServerCounter.DATA_PACKETS_BELATED);
        yield false;
      }
    };
  }

  private void takeNew(Lane lane) {
    int notesFrom = aggregator.noted();
    Outcome outcome = outcome();
    if (outcome != Outcome.COUNTED) {
      aggregator.forgetNotes(notesFrom);
    }
    switch (outcome) {
      case COUNTED, LATE -> gather(lane, outcome, notesFrom);
      case MALFORMED -> {
        offenders.add(Offence.MALFORMED, lane.session());
        gather(lane, outcome, notesFrom);
      }
      default -> ledger.settle(lane, packet.transmission(), outcome);
    }
  }

  /** The server stops: the packet's lane is told so, and nothing counts. */
  void refuse(byte[] bytes, int offset, int length, InetSocketAddress from) {
    counters.increment(ServerCounter.PACKETS_WHILE_STOPPING);
    Lane lane = laneOf(bytes, offset, length, from);
    if (lane != null) {
      if (isFirst(lane)) {
        ledger.settle(lane, packet.transmission(), Outcome.STOPPING);
      }
      if (log.hasEndedLanes()) {
        acks.sendFinal(lane);
      }
    }
  }

  /** The lane of a packet, now in the reader; null where it was dropped or challenged. */
  private @Nullable Lane laneOf(byte[] bytes, int offset, int length, InetSocketAddress from) {
    PacketFault fault = packet.wrap(bytes, offset, length);
    if (fault != null) {
      counters.increment(ServerCounter.of(fault));
      return null;
    }
    Lane lane = lanes.find(packet.lane(), clock.monotonicNs());
    if (lane == null || lane.session() != packet.session() || !lane.isAt(from)) {
      counters.increment(ServerCounter.UNPROVED_DATA);
      handshake.challenge(packet.session(), from);
      return null;
    }
    return lane;
  }

  /** What is to become of the packet. */
  private Outcome outcome() {
    if (!aggregator.validate(packet)) {
      return Outcome.MALFORMED;
    }
    if (!pressure.takesData()) {
      return pressure.refusal();
    }
    return switch (time.judge(packet.ageMs())) {
      case GOOD -> settled();
      case LATE -> Outcome.LATE;
      case FUTURE -> Outcome.FUTURE;
    };
  }

  private Outcome settled() {
    return gauges.settle(packet, clock.wallMs() - packet.ageMs())
        ? Outcome.COUNTED
        : Outcome.GAUGE_UNKNOWN;
  }

  private void gather(Lane lane, Outcome outcome, int notesFrom) {
    if (outcome == Outcome.MALFORMED) {
      packet.dropRecords();
    }
    boolean isFirst = lane.markAhead(packet.sequence(), packet.lowestOpen());
    long referenceMs = clock.wallMs() - packet.ageMs();
    int recordsAt = log.add(lane, isFirst, outcome == Outcome.COUNTED, packet, referenceMs);
    ledger.await(lane, packet.transmission());
    gathered.add(
        new Gathered(
            lane,
            outcome,
            packet.sequence(),
            referenceMs,
            recordsAt,
            packet.recordsLength(),
            notesFrom,
            aggregator.noted()));
    if (log.isFull()) {
      commit();
    }
  }

  /** Writes what was gathered; then it has happened, or it has not. */
  void commit() {
    if (gathered.isEmpty()) {
      return;
    }
    try {
      if (log.write()) {
        gauges.written();
        accept();
      } else {
        gathered.forEach(g -> ledger.settleAwaited(g.lane(), Outcome.JOURNAL_FAILED));
      }
    } finally {
      // Also where a fault of ours ends the batch: what is not accepted is not marked either.
      gauges.undo();
      gathered.forEach(g -> g.lane().abandon());
      gathered.clear();
      aggregator.forgetNotes(0);
      log.clear();
    }
  }

  /** Marks all before it counts any: a fault in one packet must not undo the others. */
  private void accept() {
    for (Gathered g : gathered) {
      g.lane().commit();
      ledger.settleAwaited(g.lane(), g.outcome());
      acks.owe(g.lane());
    }
    RuntimeException fault = null;
    for (Gathered g : gathered) {
      try {
        count(g);
      } catch (RuntimeException e) {
        fault = e;
      }
    }
    if (fault != null) {
      throw fault;
    }
  }

  private void count(Gathered g) {
    Lane lane = g.lane();
    packet.wrapRecords(
        log.array(), g.recordsAt(), g.recordsLength(), lane.session(), lane.number(), g.sequence());
    if (g.outcome() == Outcome.COUNTED) {
      aggregator.count(
          packet, time.periodOf(g.referenceMs()), g.referenceMs(), g.notesFrom(), g.notesTo());
    } else if (g.outcome() == Outcome.LATE) {
      countLate();
    }
  }

  private void countLate() {
    packet.rewind();
    while (packet.next()) {
      counters.increment(ServerCounter.LATE_RECORDS);
      if (packet.kind() == Kind.COUNTER) {
        counters.add(ServerCounter.LATE_COUNTS, packet.readCounterSum());
      }
    }
  }
}
