package org.skymetrics.common.seal;

import java.util.function.BiConsumer;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.seal.SealedForm.KeyName;
import org.skymetrics.common.seal.SealedForm.Sender;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.common.wire.Wire;

/**
 * Opens sealed packets, and nothing else. Each can be opened by itself: its key is made from a
 * secret and from what it says in the clear. Those senders that send much are kept, each with its
 * key and with the numbers that have come from it, as long as they are among the last ones heard;
 * only who has a secret gets among them.
 */
final class SealedOpener implements Opener {
  private static final int MAX_KNOWN = 4096;

  /** A sender that was heard. */
  private static final class Known {
    final Secret secret;
    final SecretKeySpec key;
    final Gcm gcm = new Gcm();
    final ReplayWindow window = new ReplayWindow();

    Known(Secret secret, SecretKeySpec key) {
      this.secret = secret;
      this.key = key;
    }
  }

  private final Keys keys;
  private final Sender kept;
  private final Gcm gcm = new Gcm();
  private final ByteReader head = new ByteReader();
  private final byte[] opened = new byte[Wire.MAX_PACKET_BYTES];
  private final Recent<KeyName, Known> known = new Recent<>(MAX_KNOWN);
  private int length;
  private Secret secret;

  /**
   * An opener.
   *
   * @param kept whose keys are kept, and whose packets are refused when they come again
   */
  SealedOpener(Keys keys, Sender kept) {
    this.keys = keys;
    this.kept = kept;
    this.secret = keys.secrets().first();
  }

  /** The secrets have changed: what was sealed with others is no longer taken. */
  void secretsChanged() {
    known.removeIf(sender -> !keys.accepts(sender.secret));
  }

  /** Tells of each session whose key is kept, and its secret. */
  void forEachKept(BiConsumer<Long, Secret> action) {
    known.forEach((name, sender) -> action.accept(name.session(), sender.secret));
  }

  /** The secret that the last packet was sealed with. */
  Secret secret() {
    return secret;
  }

  @Override
  public @Nullable PacketFault open(byte[] bytes, int offset, int packetLength) {
    PacketFault fault = Packet.headerFault(bytes, offset, packetLength);
    if (fault != null) {
      return fault;
    }
    if (!Packet.isSealed(bytes, offset)) {
      return PacketFault.UNSEALED;
    }
    if (packetLength < SealedForm.CLEAR_BYTES + SealedForm.TAG_BYTES) {
      return PacketFault.TOO_SHORT;
    }
    PacketType type = Packet.type(bytes, offset);
    head.reset(bytes, offset, packetLength).skip(SealedForm.SESSION_OFFSET);
    long session = head.u64();
    long transmission = head.u64();
    KeyName name = SealedForm.keyName(SealedForm.sender(type), session, head.u64(), head.u64());
    fault =
        name.sender() == kept
            ? openKept(name, type, transmission, bytes, offset, packetLength)
            : openAlone(null, name, type, transmission, bytes, offset, packetLength);
    return fault == null ? Packet.fault(opened, 0, length) : fault;
  }

  private @Nullable PacketFault openKept(
      KeyName name, PacketType type, long transmission, byte[] bytes, int offset, int size) {
    Known sender = known.get(name);
    if (sender == null) {
      PacketFault fault = openAlone(null, name, type, transmission, bytes, offset, size);
      if (fault == null) {
        Known heard = new Known(secret, keys.key(secret, name));
        heard.window.take(transmission);
        known.put(name, heard);
      }
      return fault;
    }
    if (!decrypt(sender.gcm, sender.key, type, transmission, bytes, offset, size)) {
      // It may have changed over to another secret.
      PacketFault fault = openAlone(sender.secret, name, type, transmission, bytes, offset, size);
      if (fault != null) {
        return fault;
      }
      Known changed = new Known(secret, keys.key(secret, name));
      known.put(name, changed);
      return changed.window.take(transmission) ? null : PacketFault.REPLAYED;
    }
    secret = sender.secret;
    return sender.window.take(transmission) ? null : PacketFault.REPLAYED;
  }

  /** Tries one secret after the other, but for the one that was tried. */
  private @Nullable PacketFault openAlone(
      @Nullable Secret tried,
      KeyName name,
      PacketType type,
      long transmission,
      byte[] bytes,
      int offset,
      int size) {
    for (Secret each : keys.secrets().all()) {
      if (!each.equals(tried)
          && decrypt(gcm, keys.key(each, name), type, transmission, bytes, offset, size)) {
        secret = each;
        return null;
      }
    }
    return PacketFault.BAD_TAG;
  }

  private boolean decrypt(
      Gcm with,
      SecretKeySpec key,
      PacketType type,
      long transmission,
      byte[] bytes,
      int offset,
      int size) {
    int common = SealedForm.commonBytes(type);
    if (!with.open(key, type, transmission, bytes, offset, size, opened, common)) {
      return false;
    }
    System.arraycopy(bytes, offset, opened, 0, common);
    opened[SealedForm.FLAGS_OFFSET] &= (byte) ~Wire.FLAG_SEALED;
    length = size - SealedForm.CLEAR_BYTES - SealedForm.TAG_BYTES + common;
    return true;
  }

  @Override
  public byte[] array() {
    return opened;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int length() {
    return length;
  }
}
