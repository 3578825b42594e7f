package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.wire.Ack;

/**
 * One client process, as a receiving thread knows it: its lanes, what became of the packets on
 * those that are closed, and its share of the thread.
 *
 * <p>Its share is a bucket of packets that fills up each second. Where it is empty a packet is
 * dropped, and the session, and no other, is asked for patience: a step more for each second in
 * which that happened, a step less after ten in which it did not.
 */
public final class Session {
  private static final long SECOND_NS = 1_000_000_000;
  private static final int QUIET_SECONDS = 10;

  private final long id;
  private final long firstNs;
  private final Deque<Lane> lanes = new ArrayDeque<>();
  private final Tally closed = new Tally();
  private long heardNs;
  private @Nullable InetSocketAddress address;

  private double packetsLeft;
  private long filledNs;
  private int patience;
  private long patienceNs;

  Session(long id, Quotas quotas, long nowNs) {
    this.id = id;
    this.firstNs = nowNs;
    this.heardNs = nowNs;
    this.packetsLeft = quotas.packetsPerSecond();
    this.filledNs = nowNs;
    this.patienceNs = nowNs;
  }

  public long id() {
    return id;
  }

  void add(Lane lane) {
    lanes.add(lane);
  }

  void close(Lane lane) {
    lanes.remove(lane);
    closed.add(lane.ledger().tally());
  }

  /** The oldest of its lanes. */
  Lane oldestLane() {
    return lanes.element();
  }

  int lanes() {
    return lanes.size();
  }

  void heard(@Nullable InetSocketAddress from, long nowNs) {
    heardNs = nowNs;
    if (from != null) {
      address = from;
    }
  }

  long heardNs() {
    return heardNs;
  }

  /** Takes a packet out of the session's share; false where there is none left. */
  boolean takesPacket(Quotas quotas, long nowNs) {
    double perSecond = quotas.packetsPerSecond();
    packetsLeft =
        Math.min(perSecond, packetsLeft + perSecond * (nowNs - filledNs) / (double) SECOND_NS);
    filledNs = nowNs;
    relax(nowNs);
    if (packetsLeft >= 1) {
      packetsLeft--;
      return true;
    }
    if (patience == 0 || nowNs - patienceNs >= SECOND_NS) {
      patience = Math.min(Ack.MAX_PATIENCE, patience + 1);
      patienceNs = nowNs;
    }
    return false;
  }

  private void relax(long nowNs) {
    while (patience > 0 && nowNs - patienceNs >= QUIET_SECONDS * SECOND_NS) {
      patience--;
      patienceNs += QUIET_SECONDS * SECOND_NS;
    }
  }

  /** How often it is asked to double its flush interval, for its own sake. */
  int patience(long nowNs) {
    relax(nowNs);
    return patience;
  }

  /** What became of all its packets. */
  Tally tally() {
    Tally tally = closed.copy();
    lanes.forEach(lane -> tally.add(lane.ledger().tally()));
    return tally;
  }

  /** It as it is now. */
  SessionView view(long wallMs, long nowNs) {
    return new SessionView(
        id,
        address,
        wallMs - (nowNs - firstNs) / 1_000_000,
        wallMs - (nowNs - heardNs) / 1_000_000,
        lanes.size(),
        patience(nowNs),
        tally());
  }
}
