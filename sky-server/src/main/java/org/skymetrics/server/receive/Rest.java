package org.skymetrics.server.receive;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.skymetrics.common.time.Clock;

/**
 * The rests of a thread that receives packets. To be woken costs more than a packet does, so while
 * packets come often the thread sleeps for a moment when it has emptied its socket, and then finds
 * many at once. It sleeps no longer than its receive buffer can be trusted to hold what comes
 * meanwhile, and not at all where that is small.
 *
 * <p>For one thread alone.
 */
public final class Rest {
  /** Packets further apart than this wake the thread each. */
  private static final long OFTEN_NS = 1_000_000;

  private static final long LONGEST_NS = 2_000_000;

  /** To fall asleep and wake takes some 50 us more than was asked for. */
  private static final long SHORTEST_NS = 200_000;

  /** What a sender on the same machine puts into a receive buffer, full packets as they count. */
  private static final long BYTES_PER_US = 2_000;

  private final Clock clock;
  private final LongConsumer sleep;
  private long lengthNs;
  private long awakeNs;
  private int packets;

  /** Rests of no length, until the receive buffer is known. */
  public Rest(Clock clock) {
    this(clock, LockSupport::parkNanos);
  }

  Rest(Clock clock, LongConsumer sleep) {
    this.clock = clock;
    this.sleep = sleep;
    this.awakeNs = clock.monotonicNs();
  }

  /**
   * Says how large the receive buffer is, without what the system grants for its own: a rest is as
   * long as it takes to fill half of both.
   */
  public void setBuffer(int bytes) {
    long halfNs = bytes / BYTES_PER_US * 1000;
    lengthNs = halfNs < SHORTEST_NS ? 0 : Math.min(LONGEST_NS, halfNs);
  }

  /** A packet was read. */
  public void tookPacket() {
    packets++;
  }

  /** Nothing more is read for now: rests where the socket is empty, and was not for long before. */
  public void afterReading() {
    long now = clock.monotonicNs();
    if (packets < DatagramReading.PACKETS_PER_CALL && lengthNs > 0 && now - awakeNs < OFTEN_NS) {
      sleep.accept(lengthNs);
      now = clock.monotonicNs();
    }
    packets = 0;
    awakeNs = now;
  }
}
