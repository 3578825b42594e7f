package org.skymetrics.common.seal;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.seal.SealedForm.KeyName;
import org.skymetrics.common.seal.SealedForm.Sender;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.common.wire.Wire;

/**
 * A receiving thread's side. All that it sends is numbered from 1 under a salt that it drew at its
 * start. A session is answered under the secret that it was heard under last: while a secret is
 * changed, clients have one or the other.
 */
final class SealedServer implements ServerSeal {
  private static final int MAX_OTHERS = 65_536;

  private final Keys keys;
  private final SealedOpener opener;
  private final KeyName name;
  private final Map<Secret, Sealer> sealers = new HashMap<>();
  private final ByteReader head = new ByteReader();
  private final ByteWriter out = new ByteWriter(Wire.MAX_PACKET_BYTES);

  /** Sessions that were heard under another secret than the first. */
  private final Recent<Long, Secret> others = new Recent<>(MAX_OTHERS);

  private long transmissions;

  SealedServer(Supplier<Secrets> secrets, RandomGenerator random) {
    keys = new Keys(secrets);
    opener = new SealedOpener(keys, Sender.LANE);
    name = SealedForm.keyName(Sender.SERVER, 0, random.nextLong(), random.nextLong());
  }

  @Override
  public @Nullable PacketFault open(byte[] bytes, int offset, int length) {
    refresh();
    PacketFault fault = opener.open(bytes, offset, length);
    if (fault == null) {
      remember(session(opener.array()), opener.secret());
    }
    return fault;
  }

  private void refresh() {
    if (keys.refresh()) {
      opener.secretsChanged();
      sealers.keySet().removeIf(secret -> !keys.accepts(secret));
      others.removeIf(secret -> !keys.accepts(secret));
      opener.forEachKept(this::remember);
    }
  }

  private void remember(long session, Secret heardUnder) {
    if (!heardUnder.equals(keys.secrets().first())) {
      others.put(session, heardUnder);
    } else if (!others.isEmpty()) {
      others.remove(session);
    }
  }

  private long session(byte[] packet) {
    head.reset(packet, 0, Wire.HEADER_BYTES).skip(SealedForm.SESSION_OFFSET);
    return head.u64();
  }

  @Override
  public ByteWriter close(ByteWriter packet) {
    refresh();
    Secret first = keys.secrets().first();
    Secret heardUnder = others.isEmpty() ? null : others.get(session(packet.array()));
    Secret under = heardUnder == null ? first : heardUnder;
    sealers
        .computeIfAbsent(under, secret -> new Sealer(keys, secret, name))
        .seal(
            Packet.type(packet.array(), 0), ++transmissions, packet.array(), packet.length(), out);
    return out;
  }

  @Override
  public byte[] array() {
    return opener.array();
  }

  @Override
  public int offset() {
    return opener.offset();
  }

  @Override
  public int length() {
    return opener.length();
  }
}
