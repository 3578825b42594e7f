package org.skymetrics.common.seal;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.seal.SealedForm.KeyName;
import org.skymetrics.common.seal.SealedForm.Sender;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.common.wire.Wire;

/**
 * A client's side. What opens lanes and asks for the ring is numbered from 1 over all servers,
 * under a salt that the client drew at its start; DATA has its own numbers, and a key for each
 * lane.
 */
final class SealedClient implements ClientSeal {
  private static final int MAX_SEALERS = 256;

  private final Keys keys;
  private final SealedOpener opener;
  private final long salt1;
  private final long salt2;
  private final Recent<KeyName, Sealer> sealers = new Recent<>(MAX_SEALERS);
  private final ByteReader head = new ByteReader();
  private final ByteWriter out = new ByteWriter(Wire.MAX_PACKET_BYTES);
  private long transmissions;

  SealedClient(Supplier<Secrets> secrets, RandomGenerator random) {
    keys = new Keys(secrets);
    opener = new SealedOpener(keys, Sender.SERVER);
    salt1 = random.nextLong();
    salt2 = random.nextLong();
  }

  @Override
  public @Nullable PacketFault open(byte[] bytes, int offset, int length) {
    refresh();
    return opener.open(bytes, offset, length);
  }

  private void refresh() {
    if (keys.refresh()) {
      opener.secretsChanged();
      sealers.removeIf(sealer -> true);
    }
  }

  @Override
  public byte[] close(byte[] packet, long laneNonce) {
    refresh();
    PacketType type = Packet.type(packet, 0);
    head.reset(packet, 0, packet.length).skip(SealedForm.SESSION_OFFSET);
    long session = head.u64();
    boolean isData = type == PacketType.DATA;
    long transmission = isData ? head.u64() : ++transmissions;
    KeyName name =
        isData
            ? SealedForm.keyName(Sender.LANE, session, head.u64(), laneNonce)
            : SealedForm.keyName(Sender.CLIENT, session, salt1, salt2);
    sealers
        .get(name, n -> new Sealer(keys, keys.secrets().first(), n))
        .seal(type, transmission, packet, packet.length, out);
    return out.toBytes();
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
