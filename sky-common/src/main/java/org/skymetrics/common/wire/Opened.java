package org.skymetrics.common.wire;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A server's answer to OPEN. 52 bytes; the layout is in docs/protocol.md.
 *
 * @param lane the lane's number, never 0
 * @param serverTimeMs the server's clock, ms since 1970 UTC
 * @param periodMs length of the base period
 * @param window packets in flight at most
 * @param verdict what became of the lane that the OPEN named
 */
public record Opened(
    long session,
    long laneNonce,
    long lane,
    long serverTimeMs,
    int periodMs,
    long ringVersion,
    int window,
    Verdict verdict)
    implements Packet {

  /** What became of the lane that an OPEN named. */
  public enum Verdict {
    /** None was named, or it goes on. */
    GOES_ON(0),
    /** It is gone, and nothing of it that is not acknowledged was counted here. */
    RENUMBER(1),
    /** It is gone, and what was sent on it may have been counted. */
    UNKNOWN(2);

    private static final Verdict[] BY_ID = {GOES_ON, RENUMBER, UNKNOWN};

    private final int id;

    Verdict(int id) {
      this.id = id;
    }

    /** As it is written. */
    public int id() {
      return id;
    }

    /** The verdict that is written so; null where there is none. */
    public static @Nullable Verdict byId(int id) {
      return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }
  }

  @Override
  public PacketType type() {
    return PacketType.OPENED;
  }

  @Override
  public void write(ByteWriter out) {
    Packet.header(out, type(), 0, session).u64(laneNonce).u64(lane).u64(serverTimeMs);
    out.u32(periodMs).u64(ringVersion).u16(window).u8(verdict.id).u8(0);
  }

  static @Nullable Opened read(long session, ByteReader in) {
    long laneNonce = in.u64();
    long lane = in.u64();
    long serverTimeMs = in.u64();
    int periodMs = in.u32();
    long ringVersion = in.u64();
    int window = in.u16();
    int verdict = in.u8();
    if (lane == 0 || periodMs <= 0 || window == 0 || verdict >= Verdict.BY_ID.length) {
      return null;
    }
    return new Opened(
        session,
        laneNonce,
        lane,
        serverTimeMs,
        periodMs,
        ringVersion,
        window,
        Verdict.BY_ID[verdict]);
  }
}
