package org.skymetrics.common.wire;

import org.skymetrics.common.bytes.ByteWriter;

/** A client asks for a cookie. 36 bytes: header, u64 nonce, 16 zeros. */
public record Hello(long session, long nonce) implements Packet {
  @Override
  public PacketType type() {
    return PacketType.HELLO;
  }

  @Override
  public void write(ByteWriter out) {
    Packet.header(out, type(), 0, session).u64(nonce).zeros(Wire.COOKIE_BYTES);
  }
}
