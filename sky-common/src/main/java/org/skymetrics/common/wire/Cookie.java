package org.skymetrics.common.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A server's challenge: whoever returns the cookie has received it, so the address is its own. 36
 * bytes: header, u64 nonce of the HELLO (0 when it answers DATA), 16 bytes cookie.
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by content below; never changed after it was read
public record Cookie(long session, long nonce, byte[] cookie) implements Packet {
  @Override
  public PacketType type() {
    return PacketType.COOKIE;
  }

  @Override
  public void write(ByteWriter out) {
    Packet.header(out, type(), 0, session).u64(nonce).raw(cookie);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cookie c
        && session == c.session
        && nonce == c.nonce
        && Arrays.equals(cookie, c.cookie);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(session ^ nonce) * 31 + Arrays.hashCode(cookie);
  }
}
