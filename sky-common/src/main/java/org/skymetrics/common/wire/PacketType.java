package org.skymetrics.common.wire;

import org.jspecify.annotations.Nullable;

/** The packets of protocol 1, each with its number and the least bytes it has. */
public enum PacketType {
  HELLO(1, 36),
  COOKIE(2, 36),
  OPEN(3, 64),
  OPENED(4, 52),
  DATA(5, DataReader.RECORDS_OFFSET + DataReader.MIN_RECORD_BYTES),
  ACK(6, 46),
  RING_REQUEST(7, RingRequest.BYTES),
  RING(8, 25);

  private static final PacketType[] BY_ID = new PacketType[16];

  static {
    for (PacketType type : values()) {
      BY_ID[type.id] = type;
    }
  }

  private final int id;
  private final int minBytes;

  PacketType(int id, int minBytes) {
    this.id = id;
    this.minBytes = minBytes;
  }

  public int id() {
    return id;
  }

  int minBytes() {
    return minBytes;
  }

  static @Nullable PacketType byId(int id) {
    return id < BY_ID.length ? BY_ID[id] : null;
  }
}
