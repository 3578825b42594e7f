package org.skymetrics.common.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A client opens a lane, or goes on with one. 64 bytes: header, 16 bytes cookie, u64 lane nonce,
 * u64 lane that it holds (0: none), zeros.
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by content below; never changed after it was read
public record Open(long session, byte[] cookie, long laneNonce, long lane) implements Packet {
  private static final int PADDING = 20;

  @Override
  public PacketType type() {
    return PacketType.OPEN;
  }

  @Override
  public void write(ByteWriter out) {
    Packet.header(out, type(), 0, session).raw(cookie).u64(laneNonce).u64(lane).zeros(PADDING);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Open o
        && session == o.session
        && laneNonce == o.laneNonce
        && lane == o.lane
        && Arrays.equals(cookie, o.cookie);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(session ^ laneNonce ^ lane) * 31 + Arrays.hashCode(cookie);
  }
}
