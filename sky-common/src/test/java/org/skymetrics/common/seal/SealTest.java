package org.skymetrics.common.seal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.common.wire.Wire;

class SealTest {
  private static final Secrets OLD = Secrets.parse(List.of("0f".repeat(32)));
  private static final Secrets NEW = Secrets.parse(List.of("f0".repeat(32)));
  private static final Secrets NEW_AND_OLD =
      Secrets.parse(List.of("f0".repeat(32), "0f".repeat(32)));
  private static final Secrets OLD_AND_NEW =
      Secrets.parse(List.of("0f".repeat(32), "f0".repeat(32)));
  private static final long SESSION = 0x0102030405060708L;
  private static final long LANE = 77;
  private static final long NONCE = 99;

  private final Random random = new Random(1);
  private final ClientSeal client = ClientSeal.of(() -> OLD, random);
  private final ServerSeal server = ServerSeal.of(() -> OLD, random);
  private long transmissions;

  private byte[] data(int keys) {
    DataWriter writer = new DataWriter();
    for (int i = 0; i < keys; i++) {
      writer.addCounter(Key.of("status|" + i), i);
    }
    byte[] packet = writer.take();
    DataWriter.number(packet, SESSION, LANE, 1);
    DataWriter.stamp(packet, ++transmissions, 0, 5);
    return packet;
  }

  private List<byte[]> ofClient() {
    return List.of(
        new Hello(SESSION, 5).toBytes(),
        new Open(SESSION, new byte[16], 6, 7).toBytes(),
        new RingRequest(SESSION, new byte[16], 8).toBytes(),
        data(1),
        data(40));
  }

  private static List<Packet> ofServer() {
    Ring ring = Ring.of(List.of(new Member("n", "h", 1, 2)));
    return List.of(
        new Cookie(SESSION, 5, new byte[16]),
        new Opened(SESSION, 6, LANE, 8, 60_000, 9, 256, Opened.Verdict.GOES_ON),
        new Ack(SESSION, true, LANE, 8, 9, 10, 1, new byte[] {2}),
        RingPart.partsOf(ring, SESSION).get(0));
  }

  private static byte[] close(ServerSeal seal, Packet packet) {
    ByteWriter out = new ByteWriter(64);
    packet.write(out);
    return seal.close(out).toBytes();
  }

  private static byte[] opened(Opener seal, byte[] sealed) {
    assertThat(seal.open(sealed, 0, sealed.length)).isNull();
    return Arrays.copyOfRange(seal.array(), seal.offset(), seal.offset() + seal.length());
  }

  private static PacketFault fault(Opener seal, byte[] packet) {
    return seal.open(packet, 0, packet.length);
  }

  @Test
  void shouldOpenOnTheOtherSideWhatWasClosed() {
    for (byte[] packet : ofClient()) {
      assertThat(opened(server, client.close(packet, NONCE))).isEqualTo(packet);
    }
    for (Packet packet : ofServer()) {
      assertThat(opened(client, close(server, packet))).isEqualTo(packet.toBytes());
    }
  }

  @Test
  void shouldOpenAPacketThatLiesAnywhereInAnArray() {
    byte[] packet = data(3);
    byte[] sealed = client.close(packet, NONCE);
    byte[] shifted = new byte[sealed.length + 20];
    System.arraycopy(sealed, 0, shifted, 9, sealed.length);
    assertThat(server.open(shifted, 9, sealed.length)).isNull();
    assertThat(Arrays.copyOf(server.array(), server.length())).isEqualTo(packet);
  }

  @Test
  void shouldTellNothingButWhatIsInTheClear() {
    byte[] sealed = client.close(data(40), NONCE);
    assertThat(new String(sealed, ISO_8859_1)).doesNotContain("status");
    byte[] cookie = "0123456789abcdef".getBytes(ISO_8859_1);
    assertThat(new String(close(server, new Cookie(SESSION, 5, cookie)), ISO_8859_1))
        .doesNotContain("0123");
  }

  @Test
  void shouldNotOpenWhatWasChangedAnywhere() {
    List<byte[]> sealed = new ArrayList<>();
    ofClient().forEach(packet -> sealed.add(client.close(packet, NONCE)));
    for (byte[] packet : sealed) {
      for (int i = 0; i < packet.length; i++) {
        byte[] changed = packet.clone();
        changed[i] ^= (byte) (1 << random.nextInt(8));
        assertThat(fault(server, changed)).as("byte %d of %d", i, packet.length).isNotNull();
      }
      assertThat(fault(server, Arrays.copyOf(packet, packet.length - 1))).isNotNull();
      assertThat(fault(server, Arrays.copyOf(packet, Math.min(1440, packet.length + 1))))
          .isNotNull();
      assertThat(fault(server, packet)).as("the packet itself").isNull();
    }
  }

  @Test
  void shouldNotTakeWhatIsNotSealed() {
    for (byte[] packet : ofClient()) {
      assertThat(fault(server, packet)).isEqualTo(PacketFault.UNSEALED);
    }
    for (Packet packet : ofServer()) {
      assertThat(fault(client, packet.toBytes())).isEqualTo(PacketFault.UNSEALED);
    }
    assertThat(fault(ServerSeal.none(), client.close(data(1), NONCE)))
        .isEqualTo(PacketFault.SEALED);
  }

  @Test
  void shouldNotTakeWhatWasSealedWithAnotherSecret() {
    ClientSeal other = ClientSeal.of(() -> NEW, random);
    for (byte[] packet : ofClient()) {
      assertThat(fault(server, other.close(packet, NONCE))).isEqualTo(PacketFault.BAD_TAG);
    }
    for (Packet packet : ofServer()) {
      assertThat(fault(other, close(server, packet))).isEqualTo(PacketFault.BAD_TAG);
    }
  }

  @Test
  void shouldNotTakeBackOnOneSideWhatItSentItself() {
    byte[] hello = client.close(new Hello(SESSION, 5).toBytes(), 0);
    hello[2] = 2;
    assertThat(fault(client, hello)).isEqualTo(PacketFault.BAD_TAG);
  }

  @Test
  void shouldRefuseDataThatComesAgain() {
    byte[] one = client.close(data(1), NONCE);
    byte[] two = client.close(data(1), NONCE);
    assertThat(fault(server, two)).isNull();
    assertThat(fault(server, one)).as("overtaken").isNull();
    assertThat(fault(server, one)).isEqualTo(PacketFault.REPLAYED);
    assertThat(fault(server, two)).isEqualTo(PacketFault.REPLAYED);
    byte[] again = data(1);
    assertThat(fault(server, client.close(again, NONCE))).as("sent again").isNull();
  }

  @Test
  void shouldRefuseAnswersThatComeAgain() {
    for (Packet packet : ofServer()) {
      byte[] sealed = close(server, packet);
      assertThat(fault(client, sealed)).isNull();
      assertThat(fault(client, sealed)).isEqualTo(PacketFault.REPLAYED);
    }
  }

  @Test
  void shouldAcceptTheOldSecretWhileItIsChangedAndAnswerUnderTheOneThatWasUsed() {
    ServerSeal changing = ServerSeal.of(() -> NEW_AND_OLD, random);
    for (Secrets each : List.of(OLD, NEW, NEW_AND_OLD, OLD_AND_NEW)) {
      ClientSeal asks = ClientSeal.of(() -> each, random);
      assertThat(fault(changing, asks.close(new Hello(SESSION, 5).toBytes(), 0))).isNull();
      for (Packet packet : ofServer()) {
        assertThat(fault(asks, close(changing, packet))).isNull();
      }
    }
  }

  @Test
  void shouldAnswerTwoSessionsUnderASecretEach() {
    ServerSeal changing = ServerSeal.of(() -> NEW_AND_OLD, random);
    ClientSeal newer = ClientSeal.of(() -> NEW, random);
    assertThat(fault(changing, client.close(new Hello(1, 5).toBytes(), 0))).isNull();
    assertThat(fault(changing, newer.close(new Hello(2, 5).toBytes(), 0))).isNull();
    assertThat(fault(client, close(changing, new Cookie(1, 5, new byte[16])))).isNull();
    assertThat(fault(newer, close(changing, new Cookie(2, 5, new byte[16])))).isNull();
    assertThat(fault(newer, close(changing, new Cookie(1, 5, new byte[16]))))
        .isEqualTo(PacketFault.BAD_TAG);
  }

  @Test
  void shouldFollowSecretsThatChangeWhileItRuns() {
    AtomicReference<Secrets> ofServer = new AtomicReference<>(OLD);
    AtomicReference<Secrets> ofClient = new AtomicReference<>(OLD);
    ServerSeal changing = ServerSeal.of(ofServer::get, random);
    ClientSeal changed = ClientSeal.of(ofClient::get, random);
    for (List<Secrets> step :
        List.of(
            List.of(OLD, OLD),
            List.of(OLD_AND_NEW, OLD),
            List.of(NEW_AND_OLD, OLD),
            List.of(NEW_AND_OLD, NEW),
            List.of(NEW, NEW))) {
      ofServer.set(step.get(0));
      byte[] before = close(changing, ofServer().get(2));
      assertThat(fault(changed, before)).as("without a question, %s", step).isNull();
      ofClient.set(step.get(1));
      byte[] sealed = changed.close(data(1), NONCE);
      assertThat(fault(changing, sealed)).isNull();
      assertThat(fault(changing, sealed)).isEqualTo(PacketFault.REPLAYED);
      assertThat(fault(changed, close(changing, ofServer().get(2)))).isNull();
    }
    assertThat(fault(changing, client.close(data(1), NONCE)))
        .as("under the old one, when it is gone")
        .isEqualTo(PacketFault.BAD_TAG);
  }

  /** A key, and what may not be used twice with it. */
  private record Used(String key, int type, long transmission) {}

  @Test
  void shouldNeverUseANonceTwiceWithAKey() {
    Set<Used> used = new HashSet<>();
    for (int restart = 0; restart < 3; restart++) {
      ClientSeal someClient = ClientSeal.of(() -> OLD, random);
      ServerSeal someServer = ServerSeal.of(() -> OLD, random);
      long session = random.nextLong();
      for (long nonce = 1; nonce <= 3; nonce++) {
        for (int i = 1; i <= 50; i++) {
          byte[] packet = data(1);
          DataWriter.number(packet, session, LANE, i);
          DataWriter.stamp(packet, i, 0, 0);
          note(used, someClient.close(packet, nonce));
          note(used, someClient.close(new Hello(session, 5).toBytes(), nonce));
          note(used, someClient.close(new Open(session, new byte[16], 6, 7).toBytes(), nonce));
          for (Packet answer : ofServer()) {
            note(used, close(someServer, answer));
          }
        }
      }
    }
    assertThat(used).hasSize(3 * 3 * 50 * 7);
  }

  private static void note(Set<Used> used, byte[] sealed) {
    ByteBuffer head = ByteBuffer.wrap(sealed);
    PacketFault unused = Packet.headerFault(sealed, 0, sealed.length);
    assertThat(unused).isNull();
    SealedForm.Sender sender = SealedForm.sender(Packet.type(sealed, 0));
    String key =
        SealedForm.keyName(sender, head.getLong(4), head.getLong(20), head.getLong(28)).toString();
    assertThat(used.add(new Used(key, sealed[2], head.getLong(12)))).as(key).isTrue();
  }

  @Test
  void shouldFitAPacketAndNeverAnswerWithMoreThanWasAsked() {
    DataWriter writer = new DataWriter();
    int i = 0;
    while (writer.addCounter(Key.of("k|" + i), 1L << i % 60)) {
      i++;
    }
    byte[] full = writer.take();
    DataWriter.number(full, SESSION, LANE, 1);
    DataWriter.stamp(full, 1, 0, 0);
    assertThat(client.close(full, NONCE).length)
        .isBetween(Wire.MAX_PACKET_BYTES - 20, Wire.MAX_PACKET_BYTES);
    int cookie = close(server, ofServer().get(0)).length;
    assertThat(cookie).isLessThanOrEqualTo(client.close(new Hello(SESSION, 5).toBytes(), 0).length);
    writer.addCounter(Key.of("a"), 0);
    byte[] least = writer.take();
    DataWriter.number(least, SESSION, LANE, 1);
    assertThat(cookie).isLessThanOrEqualTo(client.close(least, NONCE).length);
    assertThat(close(server, ofServer().get(1)).length)
        .isLessThanOrEqualTo(
            client.close(new Open(SESSION, new byte[16], 1, 1).toBytes(), 0).length);
    int request = client.close(new RingRequest(SESSION, new byte[16], 0).toBytes(), 0).length;
    assertThat(request).isLessThanOrEqualTo(Wire.MAX_PACKET_BYTES);
    List<Member> members = new ArrayList<>();
    for (int m = 0; m < 200; m++) {
      members.add(new Member("member-" + m, "10.0.0.1", 1, 2));
    }
    for (RingPart part : RingPart.partsOf(Ring.of(members), SESSION)) {
      assertThat(close(server, part).length).isLessThanOrEqualTo(request);
    }
  }

  @Property(tries = 2_000)
  void shouldNotThrowOnAnyBytes(@ForAll Random noise) {
    byte[] bytes = new byte[noise.nextInt(1500)];
    noise.nextBytes(bytes);
    if (bytes.length > 3 && noise.nextInt(4) > 0) {
      bytes[0] = (byte) Wire.MAGIC;
      bytes[1] = 1;
      bytes[2] = (byte) noise.nextInt(10);
      bytes[3] |= 1;
    }
    assertThat(fault(server, bytes)).isNotNull();
    assertThat(fault(client, bytes)).isNotNull();
  }
}
