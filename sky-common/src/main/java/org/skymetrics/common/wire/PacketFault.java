package org.skymetrics.common.wire;

/** Why a packet is refused before it takes effect. */
public enum PacketFault {
  NOT_SKY("does not begin with the magic byte"),
  TOO_SHORT("shorter than the fixed part of its type"),
  TOO_LONG("longer than 1440 bytes"),
  OTHER_VERSION("of a protocol version that is not 1"),
  UNKNOWN_TYPE("of a type that protocol 1 does not have"),
  SEALED("sealed, and there is no secret to open it with"),
  UNSEALED("not sealed, and there is a secret"),
  BAD_TAG("sealed with another secret, or changed on its way"),
  REPLAYED("come before"),
  BAD_CHECKSUM("damaged on its way"),
  MALFORMED("its content does not follow its layout");

  private final String description;

  PacketFault(String description) {
    this.description = description;
  }

  /** Half a sentence about the packet. */
  public String description() {
    return description;
  }
}
