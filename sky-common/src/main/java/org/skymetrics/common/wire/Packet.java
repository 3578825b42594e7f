package org.skymetrics.common.wire;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A packet other than DATA, which has a reader and a writer of its own. Layouts are in
 * docs/protocol.md.
 */
public sealed interface Packet permits Hello, Cookie, Open, Opened, Ack, RingRequest, RingPart {
  PacketType type();

  /** The session of the client process that the packet is from or for. */
  long session();

  /** Writes the whole packet, padding included. */
  void write(ByteWriter out);

  /** The packet as bytes. */
  default byte[] toBytes() {
    ByteWriter out = new ByteWriter(64);
    write(out);
    return out.toBytes();
  }

  /**
   * Why the common header of these bytes is refused, or null. Every received packet is asked this
   * first.
   */
  static @Nullable PacketFault fault(byte[] bytes, int offset, int length) {
    PacketFault fault = headerFault(bytes, offset, length);
    if (fault != null) {
      return fault;
    }
    if (isSealed(bytes, offset)) {
      return PacketFault.SEALED;
    }
    return length < type(bytes, offset).minBytes() ? PacketFault.TOO_SHORT : null;
  }

  /** The same, of a packet that may be sealed: of what is not encrypted. */
  static @Nullable PacketFault headerFault(byte[] bytes, int offset, int length) {
    if (length < 1 || (bytes[offset] & 0xff) != Wire.MAGIC) {
      return PacketFault.NOT_SKY;
    }
    if (length < Wire.HEADER_BYTES) {
      return PacketFault.TOO_SHORT;
    }
    if (length > Wire.MAX_PACKET_BYTES) {
      return PacketFault.TOO_LONG;
    }
    if (bytes[offset + 1] != Wire.VERSION) {
      return PacketFault.OTHER_VERSION;
    }
    return PacketType.byId(bytes[offset + 2] & 0xff) == null ? PacketFault.UNKNOWN_TYPE : null;
  }

  /** Whether a packet that {@link #headerFault} found good is sealed. */
  static boolean isSealed(byte[] bytes, int offset) {
    return (bytes[offset + 3] & Wire.FLAG_SEALED) != 0;
  }

  /** The type of a packet that {@link #headerFault} or {@link #fault} found good. */
  static PacketType type(byte[] bytes, int offset) {
    PacketType type = PacketType.byId(bytes[offset + 2] & 0xff);
    if (type == null) {
      throw new IllegalArgumentException("not a checked packet");
    }
    return type;
  }

  /** Reads a packet that {@link #fault} found good; null where it is malformed, or DATA. */
  static @Nullable Packet read(byte[] bytes, int offset, int length) {
    ByteReader in = new ByteReader().reset(bytes, offset, length);
    in.skip(3);
    int flags = in.u8();
    long session = in.u64();
    Packet packet =
        switch (type(bytes, offset)) {
          case HELLO -> new Hello(session, in.u64());
          case COOKIE -> new Cookie(session, in.u64(), in.raw(Wire.COOKIE_BYTES));
          case OPEN -> new Open(session, in.raw(Wire.COOKIE_BYTES), in.u64(), in.u64());
          case OPENED -> Opened.read(session, in);
          case ACK -> Ack.read(session, (flags & Wire.FLAG_FINAL) != 0, in);
          case RING_REQUEST -> new RingRequest(session, in.raw(Wire.COOKIE_BYTES), in.u16());
          case RING -> RingPart.read(session, in);
          case DATA -> null;
        };
    return in.failed() ? null : packet;
  }

  /** Writes the common header. */
  static ByteWriter header(ByteWriter out, PacketType type, int flags, long session) {
    return out.u8(Wire.MAGIC).u8(Wire.VERSION).u8(type.id()).u8(flags).u64(session);
  }
}
