package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.journal.PacketLog;
import org.skymetrics.server.lane.Lane;
import org.skymetrics.server.lane.Lanes;

/**
 * The way of a data packet, in this order and in no other: look at it whole, find its lane, look up
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
  private final TimeRule time;
  private final Aggregator aggregator;
  private final Pressure pressure;
  private final Clock clock;
  private final Counters counters;

  /** What is done with a packet that is new to its lane. */
  private enum Fate {
    COUNT,
    LATE,
    MALFORMED
  }

  /** A packet on its way into the journal, and where its records are meanwhile. */
  private record Gathered(
      Lane lane, Fate fate, long sequence, long referenceMs, int recordsAt, int recordsLength) {}

  DataIntake(
      PacketLog log,
      Lanes lanes,
      Handshake handshake,
      Acks acks,
      TimeRule time,
      Aggregator aggregator,
      Pressure pressure,
      Clock clock,
      Counters counters) {
    this.log = log;
    this.lanes = lanes;
    this.handshake = handshake;
    this.acks = acks;
    this.time = time;
    this.aggregator = aggregator;
    this.pressure = pressure;
    this.clock = clock;
    this.counters = counters;
  }

  /** Takes a packet whose common header was found good. */
  void take(byte[] bytes, int offset, int length, InetSocketAddress from) {
    Lane lane = laneOf(bytes, offset, length, from);
    if (lane == null) {
      return;
    }
    if (lane.isEnded()) {
      counters.increment(ServerCounter.PACKETS_ON_ENDED_LANES);
      acks.sendFinal(lane);
      return;
    }
    switch (lane.ahead().place(packet.sequence(), packet.lowestOpen())) {
      case DUPLICATE -> {
        counters.increment(ServerCounter.DUPLICATES);
        acks.owe(lane);
      }
      case BEYOND -> counters.increment(ServerCounter.BEYOND_WINDOW);
      case NEW -> {
        Fate fate = fate();
        if (fate != null) {
          gather(lane, fate);
        }
      }
    }
  }

  /** The server stops: the packet's lane is told so, and nothing counts. */
  void refuse(byte[] bytes, int offset, int length, InetSocketAddress from) {
    counters.increment(ServerCounter.PACKETS_WHILE_STOPPING);
    Lane lane = laneOf(bytes, offset, length, from);
    if (lane != null && log.hasEndedLanes()) {
      acks.sendFinal(lane);
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

  /** What to do with the packet; null where it is dropped, and the client sends it again. */
  private @Nullable Fate fate() {
    if (!packet.validate()) {
      return Fate.MALFORMED;
    }
    if (!pressure.takesData()) {
      counters.increment(pressure.refusal());
      return null;
    }
    return switch (time.judge(packet.ageMs())) {
      case GOOD -> Fate.COUNT;
      case LATE -> Fate.LATE;
      case FUTURE -> {
        counters.increment(ServerCounter.FUTURE_PACKETS);
        yield null;
      }
    };
  }

  private void gather(Lane lane, Fate fate) {
    if (fate == Fate.MALFORMED) {
      packet.dropRecords();
    }
    boolean isFirst = lane.markAhead(packet.sequence(), packet.lowestOpen());
    long referenceMs = clock.wallMs() - packet.ageMs();
    int recordsAt = log.add(lane, isFirst, fate == Fate.COUNT, packet, referenceMs);
    gathered.add(
        new Gathered(
            lane, fate, packet.sequence(), referenceMs, recordsAt, packet.recordsLength()));
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
        accept();
      } else {
        counters.add(ServerCounter.JOURNAL_FAILED_PACKETS, gathered.size());
      }
    } finally {
      // Also where a fault of ours ends the batch: what is not accepted is not marked either.
      gathered.forEach(g -> g.lane().abandon());
      gathered.clear();
      log.clear();
    }
  }

  /** Marks all before it counts any: a fault in one packet must not undo the others. */
  private void accept() {
    for (Gathered g : gathered) {
      g.lane().commit();
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
    packet.wrapRecords(
        log.array(), g.recordsAt(), g.recordsLength(), g.lane().number(), g.sequence());
    switch (g.fate()) {
      case COUNT -> count(g.referenceMs());
      case LATE -> countLate();
      case MALFORMED -> counters.increment(ServerCounter.PACKETS_MALFORMED);
    }
  }

  private void count(long referenceMs) {
    counters.increment(ServerCounter.DATA_PACKETS_COUNTED);
    aggregator.count(packet, time.periodOf(referenceMs), referenceMs);
  }

  private void countLate() {
    counters.increment(ServerCounter.LATE_PACKETS);
    packet.rewind();
    while (packet.next()) {
      counters.increment(ServerCounter.LATE_RECORDS);
      if (packet.kind() == Kind.COUNTER) {
        counters.add(ServerCounter.LATE_COUNTS, packet.readCounterSum());
      }
    }
  }
}
