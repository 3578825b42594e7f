package org.skymetrics.common.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;

/** A client asks for one part of the ring. 1200 bytes: header, 16 bytes cookie, u16 part, zeros. */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by content below; never changed after it was read
public record RingRequest(long session, byte[] cookie, int part) implements Packet {
  /** Length of the request, and the greatest length of an answer. */
  static final int BYTES = 1200;

  @Override
  public PacketType type() {
    return PacketType.RING_REQUEST;
  }

  @Override
  public void write(ByteWriter out) {
    int start = out.length();
    Packet.header(out, type(), 0, session).raw(cookie).u16(part);
    out.zeros(BYTES - (out.length() - start));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RingRequest r
        && session == r.session
        && part == r.part
        && Arrays.equals(cookie, r.cookie);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(session + part) * 31 + Arrays.hashCode(cookie);
  }
}
