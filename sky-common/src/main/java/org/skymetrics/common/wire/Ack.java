package org.skymetrics.common.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * What a server has received on a lane. 46 to 78 bytes; the layout is in docs/protocol.md.
 *
 * @param isFinal the lane is closed: nothing that this leaves open was or will be counted
 * @param base every sequence below it was received
 * @param serverTimeMs the server's clock, ms since 1970 UTC
 * @param patience the client's flush interval is doubled so many times, 0 to 6
 * @param bitmap bit i, lowest first, is set when {@code base + i} was received; at most 32 bytes
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by content below; never changed after it was read
public record Ack(
    long session,
    boolean isFinal,
    long lane,
    long base,
    long serverTimeMs,
    long ringVersion,
    int patience,
    byte[] bitmap)
    implements Packet {
  public static final int MAX_PATIENCE = 6;

  private static final int MAX_BITMAP = Wire.WINDOW / 8;

  /** Whether this says that {@code sequence} was received. */
  public boolean covers(long sequence) {
    long i = sequence - base;
    if (i < 0) {
      return true;
    }
    return i < bitmap.length * 8L && ((bitmap[(int) (i >> 3)] >> (i & 7)) & 1) != 0;
  }

  @Override
  public PacketType type() {
    return PacketType.ACK;
  }

  @Override
  public void write(ByteWriter out) {
    Packet.header(out, type(), isFinal ? Wire.FLAG_FINAL : 0, session).u64(lane).u64(base);
    out.u64(serverTimeMs).u64(ringVersion).u8(patience).u8(bitmap.length).raw(bitmap);
  }

  static @Nullable Ack read(long session, boolean isFinal, ByteReader in) {
    long lane = in.u64();
    long base = in.u64();
    long serverTimeMs = in.u64();
    long ringVersion = in.u64();
    int patience = in.u8();
    byte[] bitmap = in.raw(in.u8());
    if (bitmap.length > MAX_BITMAP || patience > MAX_PATIENCE) {
      return null;
    }
    return new Ack(session, isFinal, lane, base, serverTimeMs, ringVersion, patience, bitmap);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ack a
        && session == a.session
        && isFinal == a.isFinal
        && lane == a.lane
        && base == a.base
        && serverTimeMs == a.serverTimeMs
        && ringVersion == a.ringVersion
        && patience == a.patience
        && Arrays.equals(bitmap, a.bitmap);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(lane ^ base) * 31 + Arrays.hashCode(bitmap);
  }
}
