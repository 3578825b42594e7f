package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.Lane;
import org.skymetrics.server.lane.Lanes;

/**
 * The way of a data packet, in this order and in no other: look at it whole, find its lane, look up
 * its place in the lane's window, decide what it is; then, as one step that can't fail half-way,
 * mark it, count it, owe its acknowledgement. Until that step nothing has changed, so whatever has
 * to be made safe before a packet counts belongs right before it.
 */
final class DataIntake {
  private final DataReader packet = new DataReader();
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

  DataIntake(
      Lanes lanes,
      Handshake handshake,
      Acks acks,
      TimeRule time,
      Aggregator aggregator,
      Pressure pressure,
      Clock clock,
      Counters counters) {
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
    switch (lane.window().place(packet.sequence(), packet.lowestOpen())) {
      case DUPLICATE -> {
        counters.increment(ServerCounter.DUPLICATES);
        acks.owe(lane);
      }
      case BEYOND -> counters.increment(ServerCounter.BEYOND_WINDOW);
      case NEW -> {
        Fate fate = fate();
        if (fate != null) {
          accept(lane, fate);
        }
      }
    }
  }

  /** The server stops: the packet's lane is told so, and nothing counts. */
  void refuse(byte[] bytes, int offset, int length, InetSocketAddress from) {
    counters.increment(ServerCounter.PACKETS_WHILE_STOPPING);
    Lane lane = laneOf(bytes, offset, length, from);
    if (lane != null) {
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
    if (lane == null || lane.session() != packet.session() || !lane.address().equals(from)) {
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
      counters.increment(ServerCounter.FULL_PACKETS);
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

  private void accept(Lane lane, Fate fate) {
    lane.window().mark(packet.sequence(), packet.lowestOpen());
    lane.takesData();
    acks.owe(lane);
    switch (fate) {
      case COUNT -> count();
      case LATE -> countLate();
      case MALFORMED -> counters.increment(ServerCounter.PACKETS_MALFORMED);
    }
  }

  private void count() {
    counters.increment(ServerCounter.DATA_PACKETS_COUNTED);
    long referenceMs = clock.wallMs() - packet.ageMs();
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
