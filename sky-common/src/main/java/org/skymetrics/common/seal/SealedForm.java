package org.skymetrics.common.seal;

import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.common.wire.Wire;

/**
 * The sealed form of a packet, and which key it has.
 *
 * <pre>
 *  0 common header, flag sealed | 12 u64 transmission | 20 16 bytes salt | 36 encrypted | 16 bytes tag
 *
 *  DATA    the salt is u64 lane, u64 nonce of the OPEN that opened it; encrypted is what follows the lane
 *  others  the salt is random, the sender's own; encrypted is what follows the common header
 * </pre>
 */
final class SealedForm {
  static final int TRANSMISSION_OFFSET = 12;
  static final int SALT_OFFSET = 20;
  static final int SALT_BYTES = 16;
  static final int CLEAR_BYTES = SALT_OFFSET + SALT_BYTES;
  static final int TAG_BYTES = 16;
  static final int FLAGS_OFFSET = 3;
  static final int SESSION_OFFSET = 4;
  static final int KEY_BYTES = 32;

  /** Common header, transmission and lane: what a DATA packet does not encrypt. */
  private static final int DATA_CLEAR_BYTES = 28;

  /** Who seals, and so what a key is made from. */
  enum Sender {
    CLIENT("sky 1 client"),
    LANE("sky 1 lane"),
    SERVER("sky 1 server");

    private final String label;

    Sender(String label) {
      this.label = label;
    }
  }

  /** Names a key: all that is made into it besides the secret. */
  record KeyName(Sender sender, long session, long salt1, long salt2) {
    byte[] info() {
      ByteWriter info = new ByteWriter(48).ascii(sender.label);
      return info.u64(session).u64(salt1).u64(salt2).toBytes();
    }
  }

  private SealedForm() {}

  static Sender sender(PacketType type) {
    return switch (type) {
      case DATA -> Sender.LANE;
      case HELLO, OPEN, RING_REQUEST -> Sender.CLIENT;
      case COOKIE, OPENED, ACK, RING -> Sender.SERVER;
    };
  }

  /** A server has one key for all sessions: it keeps nothing of those that it answers. */
  static KeyName keyName(Sender sender, long session, long salt1, long salt2) {
    return new KeyName(sender, sender == Sender.SERVER ? 0 : session, salt1, salt2);
  }

  /** How many bytes at the beginning of a packet are the same in both forms, but for the flag. */
  static int commonBytes(PacketType type) {
    return type == PacketType.DATA ? DATA_CLEAR_BYTES : Wire.HEADER_BYTES;
  }
}
