package org.skymetrics.common.seal;

import javax.crypto.spec.SecretKeySpec;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.seal.SealedForm.KeyName;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.common.wire.Wire;

/** Seals under one key. One thread's. */
final class Sealer {
  private final KeyName name;
  private final SecretKeySpec key;
  private final Gcm gcm = new Gcm();

  Sealer(Keys keys, Secret secret, KeyName name) {
    this.name = name;
    this.key = keys.key(secret, name);
  }

  /** Writes the sealed form of a packet. */
  void seal(PacketType type, long transmission, byte[] packet, int length, ByteWriter out) {
    int common = SealedForm.commonBytes(type);
    out.clear();
    out.raw(packet, 0, Wire.HEADER_BYTES).u64(transmission).u64(name.salt1()).u64(name.salt2());
    out.zeros(length - common + SealedForm.TAG_BYTES);
    out.array()[SealedForm.FLAGS_OFFSET] |= (byte) Wire.FLAG_SEALED;
    gcm.seal(key, type, transmission, packet, common, length - common, out.array());
  }
}
