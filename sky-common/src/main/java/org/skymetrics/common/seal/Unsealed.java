package org.skymetrics.common.seal;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;

/** Leaves packets as they are, where there is no secret. */
final class Unsealed implements ServerSeal, ClientSeal {
  private byte[] array = {};
  private int offset;
  private int length;

  @Override
  public @Nullable PacketFault open(byte[] bytes, int at, int size) {
    array = bytes;
    offset = at;
    length = size;
    return Packet.fault(bytes, at, size);
  }

  @Override
  public byte[] array() {
    return array;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public ByteWriter close(ByteWriter packet) {
    return packet;
  }

  @Override
  public byte[] close(byte[] packet, long laneNonce) {
    return packet;
  }
}
