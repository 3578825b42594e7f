package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Wire;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.Lane;

/** The acknowledgements that a receiver owes: one a lane, however many packets came in on it. */
final class Acks {
  private final List<Lane> owed = new ArrayList<>();
  private final ByteWriter out = new ByteWriter(Wire.MAX_PACKET_BYTES);
  private final Clock clock;
  private final Supplier<Ring> ring;
  private final Pressure pressure;
  private final Replies replies;
  private final Counters counters;

  Acks(Clock clock, Supplier<Ring> ring, Pressure pressure, Replies replies, Counters counters) {
    this.clock = clock;
    this.ring = ring;
    this.pressure = pressure;
    this.replies = replies;
    this.counters = counters;
  }

  void owe(Lane lane) {
    if (lane.owesAck()) {
      owed.add(lane);
    }
  }

  /** Sends all that are owed. */
  void pay() {
    for (Lane lane : owed) {
      lane.paidAck();
      send(lane, false);
    }
    counters.add(ServerCounter.ACKS_SENT, owed.size());
    owed.clear();
  }

  /** Tells a lane that it is closed: what this leaves open was not counted and will not be. */
  void sendFinal(Lane lane) {
    send(lane, true);
    counters.increment(ServerCounter.FINAL_ACKS_SENT);
  }

  private void send(Lane lane, boolean isFinal) {
    InetSocketAddress address = lane.address();
    if (address == null) {
      // Restored, and its client has not come back yet: nobody to tell.
      return;
    }
    out.clear();
    new Ack(
            lane.session(),
            isFinal,
            lane.number(),
            lane.window().base(),
            clock.wallMs(),
            ring.get().version(),
            Math.max(pressure.patience(), lane.patience(clock.monotonicNs())),
            lane.window().bitmap())
        .write(out);
    replies.send(out, address);
  }
}
