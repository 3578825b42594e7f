package org.skymetrics.common.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;

class PacketTest {
  @Property(tries = 200)
  void shouldReadWhatItWrote(
      @ForAll long session, @ForAll long a, @ForAll long b, @ForAll Random random) {
    byte[] cookie = new byte[Wire.COOKIE_BYTES];
    random.nextBytes(cookie);
    byte[] bitmap = new byte[random.nextInt(33)];
    random.nextBytes(bitmap);
    long lane = a == 0 ? 1 : a;
    List<Packet> packets =
        List.of(
            new Hello(session, a),
            new Cookie(session, a, cookie),
            new Open(session, cookie, a, b),
            new Opened(session, b, lane, a, 60_000, b, 256, Opened.Verdict.UNKNOWN),
            new Ack(session, random.nextBoolean(), lane, b, a, b, random.nextInt(7), bitmap),
            new RingRequest(session, cookie, random.nextInt(65_536)),
            new RingPart(session, a, 1, 3, List.of(new Member("n", "h", 1, 2))));
    for (Packet packet : packets) {
      byte[] bytes = packet.toBytes();
      assertThat(Packet.fault(bytes, 0, bytes.length)).isNull();
      assertThat(Packet.type(bytes, 0)).isEqualTo(packet.type());
      assertThat(Packet.read(bytes, 0, bytes.length)).isEqualTo(packet);
    }
  }

  @Property
  void shouldNotThrowOnAnyBytes(@ForAll byte[] noise, @ForAll Random random) {
    byte[] bytes = new byte[random.nextInt(Wire.MAX_PACKET_BYTES)];
    random.nextBytes(bytes);
    System.arraycopy(noise, 0, bytes, 0, Math.min(noise.length, bytes.length));
    if (random.nextBoolean() && bytes.length > 4) {
      bytes[0] = (byte) Wire.MAGIC;
      bytes[1] = Wire.VERSION;
      bytes[2] = (byte) random.nextInt(10);
      bytes[3] = 0;
    }
    if (Packet.fault(bytes, 0, bytes.length) == null) {
      Packet.read(bytes, 0, bytes.length);
    }
  }

  @Test
  void shouldNameTheFault() {
    byte[] hello = new Hello(1, 2).toBytes();
    assertThat(Packet.fault(hello, 0, 0)).isEqualTo(PacketFault.NOT_SKY);
    assertThat(Packet.fault("a:1|c".getBytes(UTF_8), 0, 5)).isEqualTo(PacketFault.NOT_SKY);
    assertThat(Packet.fault(hello, 0, 11)).isEqualTo(PacketFault.TOO_SHORT);
    assertThat(Packet.fault(hello, 0, 35)).isEqualTo(PacketFault.TOO_SHORT);
    assertThat(Packet.fault(new byte[] {(byte) Wire.MAGIC, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 12))
        .isEqualTo(PacketFault.OTHER_VERSION);
    hello[3] = Wire.FLAG_SEALED;
    assertThat(Packet.fault(hello, 0, hello.length)).isEqualTo(PacketFault.SEALED);
    hello[3] = 0;
    hello[2] = 99;
    assertThat(Packet.fault(hello, 0, hello.length)).isEqualTo(PacketFault.UNKNOWN_TYPE);
    assertThat(Packet.fault(new byte[1441], 0, 1441)).isEqualTo(PacketFault.NOT_SKY);
  }

  @Test
  void shouldNeverAnswerWithMoreThanWasAsked() {
    assertThat(new Cookie(1, 0, new byte[16]).toBytes().length)
        .isLessThanOrEqualTo(new Hello(1, 2).toBytes().length)
        .isLessThan(PacketType.DATA.minBytes());
    assertThat(new Opened(1, 2, 3, 4, 1_000, 6, 7, Opened.Verdict.GOES_ON).toBytes().length)
        .isLessThanOrEqualTo(new Open(1, new byte[16], 2, 3).toBytes().length);
  }

  @Test
  void shouldCutALongRingIntoPartsThatFit() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      members.add(new Member("server-" + i, "10.0.0." + i, 8125, 8126));
    }
    Ring ring = Ring.of(members);
    List<RingPart> parts = RingPart.partsOf(ring, 1);
    List<Member> read = new ArrayList<>();
    for (RingPart part : parts) {
      byte[] bytes = part.toBytes();
      assertThat(bytes.length)
          .isLessThanOrEqualTo(new RingRequest(1, new byte[16], 0).toBytes().length);
      assertThat(Packet.read(bytes, 0, bytes.length)).isEqualTo(part);
      read.addAll(part.members());
    }
    assertThat(Ring.of(read).version()).isEqualTo(ring.version());
    assertThat(RingPart.partsOf(Ring.empty(), 1)).hasSize(1);
  }

  @Test
  void shouldSayWhichSequencesAnAckCovers() {
    Ack ack = new Ack(1, false, 2, 10, 0, 0, 0, new byte[] {0b0000_0110, 1});
    assertThat(ack.covers(9)).isTrue();
    assertThat(ack.covers(10)).isFalse();
    assertThat(ack.covers(11)).isTrue();
    assertThat(ack.covers(12)).isTrue();
    assertThat(ack.covers(13)).isFalse();
    assertThat(ack.covers(18)).isTrue();
    assertThat(ack.covers(26)).isFalse();
    assertThat(ack.covers(1_000)).isFalse();
  }
}
