package org.skymetrics.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Opened.Verdict;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.server.fixture.TestRing.Sent;
import org.skymetrics.store.batch.Series;

class ReceiverTest {
  private static final InetSocketAddress HERE = TestRing.address(1);
  private static final InetSocketAddress THERE = TestRing.address(2);
  private static final long SESSION = 77;

  private final TestRing ring = TestRing.of(2);

  private DataPackets lane(int thread) {
    return new DataPackets(SESSION, ring.open(thread, HERE, SESSION, 1, 0).lane());
  }

  /** What was counted for a key, once all is flushed. */
  private long total(String key) {
    ring.flush();
    Cell cell =
        ReferencePeriodStore.unite(ring.stored()).get(new Series(Key.of(key), Kind.COUNTER));
    return cell == null ? 0 : ((CounterCell) cell).sum();
  }

  @Test
  void shouldAnswerAnUnprovedAddressWithACookieNoLargerThanTheQuestion() {
    byte[] hello = new Hello(SESSION, 5).toBytes();
    List<Sent> answers = ring.receive(0, HERE, hello);
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).bytes().length).isLessThanOrEqualTo(hello.length);
    assertThat(answers.get(0).packet()).isInstanceOf(Cookie.class);
    assertThat(((Cookie) answers.get(0).packet()).nonce()).isEqualTo(5);
    assertThat(ring.receive(0, HERE, new Open(SESSION, new byte[16], 1, 0).toBytes())).isEmpty();
    assertThat(ring.receive(0, HERE, new RingRequest(SESSION, new byte[16], 0).toBytes()))
        .isEmpty();
    assertThat(ring.counter(ServerCounter.COOKIES_REFUSED)).isEqualTo(2);
  }

  @Test
  void shouldOpenOneLaneHoweverOftenItIsAsked() {
    byte[] cookie = ring.cookie(0, HERE, SESSION);
    byte[] open = new Open(SESSION, cookie, 4, 0).toBytes();
    Opened first = (Opened) ring.receive(0, HERE, open).get(0).packet();
    Opened again = (Opened) ring.receive(0, HERE, open).get(0).packet();
    assertThat(again).isEqualTo(first);
    assertThat(first.lane()).isNotZero();
    assertThat(first.window()).isEqualTo(256);
    assertThat(first.periodMs()).isEqualTo(60_000);
    assertThat(first.serverTimeMs()).isEqualTo(TestRing.START_MS);
    assertThat(first.ringVersion()).isEqualTo(ring.engine.ring().version());
  }

  @Test
  void shouldCountAPacketOnceAndAcknowledgeItEachTime() {
    DataPackets lane = lane(0);
    byte[] packet = lane.counter("http_status|200", 3);
    Ack first = TestRing.ack(ring.receive(0, HERE, packet));
    Ack second = TestRing.ack(ring.receive(0, HERE, lane.again(packet), lane.again(packet)));
    Ack third = TestRing.ack(ring.receive(0, HERE, packet));
    assertThat(first.base()).isEqualTo(2);
    assertThat(second).isEqualTo(first);
    assertThat(third).isEqualTo(first);
    assertThat(ring.counter(ServerCounter.DUPLICATES)).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.DATA_PACKETS_COPIED)).isEqualTo(1);
    assertThat(total("http_status|200")).isEqualTo(3);
    assertThat(total("http_status")).isEqualTo(3);
  }

  @Test
  void shouldAcknowledgeABatchOfPacketsAtOnce() {
    DataPackets lane = lane(0);
    byte[] one = lane.counter("a", 1);
    byte[] two = lane.counter("a", 1);
    byte[] three = lane.counter("a", 1);
    DataWriter.stamp(three, 3, 2, 0);
    Ack ack = TestRing.ack(ring.receive(0, HERE, one, three));
    assertThat(ack.base()).isEqualTo(2);
    assertThat(ack.covers(2)).isFalse();
    assertThat(ack.covers(3)).isTrue();
    assertThat(TestRing.ack(ring.receive(0, HERE, two)).base()).isEqualTo(4);
    assertThat(total("a")).isEqualTo(3);
  }

  @Test
  void shouldNotCountFromAnAddressThatIsNotTheLanes() {
    DataPackets lane = lane(0);
    byte[] packet = lane.counter("a", 1);
    List<Sent> answers = ring.receive(0, THERE, packet);
    assertThat(answers).hasSize(1);
    Cookie cookie = (Cookie) answers.get(0).packet();
    assertThat(cookie.nonce()).isZero();
    assertThat(answers.get(0).bytes().length).isLessThan(packet.length);
    assertThat(total("a")).isZero();

    long number = ring.open(0, HERE, SESSION, 1, 0).lane();
    byte[] resume = new Open(SESSION, cookie.cookie(), 9, number).toBytes();
    Opened opened = (Opened) ring.receive(0, THERE, resume).get(0).packet();
    assertThat(opened.lane()).isEqualTo(number);
    assertThat(opened.verdict()).isEqualTo(Verdict.GOES_ON);
    assertThat(TestRing.ack(ring.receive(0, THERE, packet)).base()).isEqualTo(2);
    assertThat(total("a")).isEqualTo(1);
  }

  @Test
  void shouldChallengeDataOnALaneOfAnotherProcessAndSayUnknown() {
    TestRing before = new TestRing(1, 2, b -> b);
    long old = before.open(0, HERE, SESSION, 1, 0).lane();
    List<Sent> answers = ring.receive(0, HERE, new DataPackets(SESSION, old).counter("a", 1));
    assertThat(answers.get(0).packet()).isInstanceOf(Cookie.class);
    assertThat(ring.open(0, HERE, SESSION, 1, old).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(total("a")).isZero();
  }

  @Test
  void shouldNotCountALaneForAnotherSession() {
    long number = ring.open(0, HERE, SESSION, 1, 0).lane();
    List<Sent> answers =
        ring.receive(0, HERE, new DataPackets(SESSION + 1, number).counter("a", 1));
    assertThat(answers.get(0).packet()).isInstanceOf(Cookie.class);
    assertThat(total("a")).isZero();
  }

  @Test
  void shouldPassPacketsToTheThreadOfTheirLane() {
    DataPackets lane = lane(1);
    byte[] packet = lane.counter("a", 1);
    assertThat(ring.receive(0, HERE, packet)).isEmpty();
    ring.runAll();
    assertThat(TestRing.ack(ring.receive(1, HERE)).base()).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.PACKETS_PASSED)).isEqualTo(1);
    ring.passes = false;
    ring.receive(0, HERE, lane.counter("a", 1));
    assertThat(ring.counter(ServerCounter.PACKETS_DROPPED_PASSING)).isEqualTo(1);
    assertThat(total("a")).isEqualTo(1);
  }

  @Test
  void shouldResumeALaneOfAnotherThread() {
    long number = ring.open(1, HERE, SESSION, 1, 0).lane();
    byte[] cookie = ring.cookie(0, THERE, SESSION);
    assertThat(ring.receive(0, THERE, new Open(SESSION, cookie, 2, number).toBytes())).isEmpty();
    ring.runAll();
    Opened opened = (Opened) ring.sent.get(ring.sent.size() - 1).packet();
    assertThat(opened.lane()).isEqualTo(number);
    assertThat(opened.verdict()).isEqualTo(Verdict.GOES_ON);
  }

  @Test
  void shouldDropDamagedPacketsAndTakeThemWhenWhole() {
    DataPackets lane = lane(0);
    byte[] packet = lane.counter("abc", 1);
    byte[] damaged = packet.clone();
    damaged[damaged.length - 1] ^= 4;
    assertThat(ring.receive(0, HERE, damaged)).isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_BAD_CHECKSUM)).isEqualTo(1);
    assertThat(TestRing.ack(ring.receive(0, HERE, packet)).base()).isEqualTo(2);
    assertThat(total("abc")).isEqualTo(1);
  }

  @Test
  void shouldAcknowledgeMalformedRecordsWithoutCountingAny() {
    long number = ring.open(0, HERE, SESSION, 1, 0).lane();
    DataPackets lane = new DataPackets(SESSION, number);
    byte[] packet =
        lane.packet(
            0,
            w -> {
              w.addCounter(Key.of("good"), 1);
              w.addCounter(Key.of("bad"), 1);
            });
    packet[packet.length - 1] |= (byte) 0x80;
    DataWriter.number(packet, SESSION, number, 1);
    DataWriter.stamp(packet, 1, 0, 0);
    assertThat(TestRing.ack(ring.receive(0, HERE, packet)).base()).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.DATA_PACKETS_MALFORMED)).isEqualTo(1);
    assertThat(total("good")).isZero();
  }

  @Test
  void shouldCountInThePeriodOfTheFold() {
    DataPackets lane = lane(0);
    Duration day = Duration.ofHours(24);
    ring.receive(
        0,
        HERE,
        lane.packet(0, w -> w.addCounter(Key.of("a"), 1)),
        lane.packet(60_000, w -> w.addCounter(Key.of("a"), 2)),
        lane.packet(-60_000, w -> w.addCounter(Key.of("a"), 4)),
        lane.packet(day.toMillis(), w -> w.addCounter(Key.of("a"), 8)));
    ring.flush();
    long period = TestRing.START_MS - TestRing.START_MS % 60_000;
    assertThat(ring.store.waiting())
        .extracting(place -> (place.startMs() - period) / 60_000)
        .containsExactly(-1440L, -1L, 0L, 1L);
  }

  @Test
  void shouldAcknowledgeLatePacketsAndCountTheirLoss() {
    DataPackets lane = lane(0);
    long late = Duration.ofHours(24).toMillis() + 1;
    byte[] packet = lane.packet(late, w -> w.addCounter(Key.of("a"), 40));
    assertThat(TestRing.ack(ring.receive(0, HERE, packet)).base()).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.LATE_PACKETS)).isEqualTo(1);
    assertThat(ring.counter(ServerCounter.LATE_RECORDS)).isEqualTo(1);
    assertThat(ring.counter(ServerCounter.LATE_COUNTS)).isEqualTo(40);
    assertThat(total("a")).isZero();
  }

  @Test
  void shouldKeepToTheLateHorizonItIsGiven() {
    TestRing patient = new TestRing(1, 1, b -> b.lateHorizon(Duration.ofDays(7)));
    DataPackets lane = new DataPackets(SESSION, patient.open(0, HERE, SESSION, 1, 0).lane());
    long horizon = Duration.ofDays(7).toMillis();
    patient.receive(
        0,
        HERE,
        lane.packet(horizon, w -> w.addCounter(Key.of("a"), 3)),
        lane.packet(
            horizon + 1,
            w -> {
              w.addCounter(Key.of("a"), 4);
              w.addCounter(Key.of("b"), 5);
            }));
    patient.flush();
    assertThat(patient.store.waiting())
        .extracting(place -> place.startMs() - Period.ONE_MINUTE.startOf(TestRing.START_MS))
        .containsExactly(-horizon);
    assertThat(patient.counter(ServerCounter.LATE_PACKETS)).isEqualTo(1);
    assertThat(patient.counter(ServerCounter.LATE_RECORDS)).isEqualTo(2);
    assertThat(patient.counter(ServerCounter.LATE_COUNTS)).isEqualTo(9);
  }

  @Test
  void shouldDropWhatASessionSendsBeyondItsShareAndTakeItLater() {
    TestRing strict = new TestRing(1, 1, b -> b.sessionPackets(5));
    DataPackets noisy = new DataPackets(SESSION, strict.open(0, HERE, SESSION, 1, 0).lane());
    DataPackets other = new DataPackets(78, strict.open(0, THERE, 78, 1, 0).lane());
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      packets.add(noisy.counter("noisy", 1));
    }
    Ack ack = TestRing.ack(strict.receive(0, HERE, packets.toArray(byte[][]::new)));
    assertThat(ack.base()).isEqualTo(6);
    assertThat(ack.patience()).isEqualTo(1);
    assertThat(TestRing.ack(strict.receive(0, THERE, other.counter("other", 1))).patience())
        .isZero();
    assertThat(strict.counter(ServerCounter.DATA_PACKETS_OVER_RATE)).isEqualTo(3);
    assertThat(strict.engine.offenders().list().get(0).who()).isEqualTo(Offenders.nameOf(SESSION));
    strict.clock.advance(Duration.ofSeconds(1));
    for (byte[] packet : packets.subList(5, 8)) {
      strict.receive(0, HERE, noisy.again(packet));
    }
    strict.flush();
    assertThat(
            ReferencePeriodStore.unite(strict.stored())
                .get(new Series(Key.of("noisy"), Kind.COUNTER)))
        .isInstanceOfSatisfying(CounterCell.class, c -> assertThat(c.sum()).isEqualTo(8));
  }

  @Test
  void shouldTakeAPacketOfTheFutureWhenItsTimeHasCome() {
    DataPackets lane = lane(0);
    byte[] packet = lane.packet(-66_000, w -> w.addCounter(Key.of("a"), 1));
    assertThat(ring.receive(0, HERE, packet)).isEmpty();
    assertThat(ring.counter(ServerCounter.FUTURE_PACKETS)).isEqualTo(1);
    DataWriter.stamp(packet, 2, 0, -60_000);
    assertThat(TestRing.ack(ring.receive(0, HERE, packet)).base()).isEqualTo(2);
    assertThat(total("a")).isEqualTo(1);
  }

  @Test
  void shouldNeitherCountNorAcknowledgeWhileTooMuchWaitsForHistory() {
    TestRing full = new TestRing(1, 1, b -> b.unconfirmedLimitBytes(1));
    DataPackets lane = new DataPackets(SESSION, full.open(0, HERE, SESSION, 1, 0).lane());
    byte[] one = lane.counter("a", 1);
    full.receive(0, HERE, one);
    full.flush();
    byte[] two = lane.counter("a", 1);
    assertThat(full.receive(0, HERE, two)).isEmpty();
    assertThat(full.counter(ServerCounter.FULL_PACKETS)).isEqualTo(1);
    Ack again = TestRing.ack(full.receive(0, HERE, one));
    assertThat(again.base()).isEqualTo(2);
    assertThat(again.patience()).isEqualTo(Ack.MAX_PATIENCE);
    full.store.rollUp();
    full.flush();
    assertThat(TestRing.ack(full.receive(0, HERE, lane.again(two))).base()).isEqualTo(3);
  }

  @Test
  void shouldGiveTheRingInParts() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      members.add(new Member("member-" + i, "host-" + i + ".example", 8125, 8126));
    }
    ring.engine.setRing(Ring.of(members));
    byte[] cookie = ring.cookie(0, HERE, SESSION);
    List<Member> told = new ArrayList<>();
    int parts = 1;
    for (int i = 0; i < parts; i++) {
      byte[] request = new RingRequest(SESSION, cookie, i).toBytes();
      Sent answer = ring.receive(0, HERE, request).get(0);
      assertThat(answer.bytes().length).isLessThanOrEqualTo(request.length);
      RingPart part = (RingPart) answer.packet();
      parts = part.parts();
      told.addAll(part.members());
    }
    assertThat(parts).isGreaterThan(1);
    assertThat(Ring.of(told)).isEqualTo(ring.engine.ring());
    assertThat(ring.receive(0, HERE, new RingRequest(SESSION, cookie, parts).toBytes())).isEmpty();
  }

  @Test
  void shouldTellLanesThatItStops() {
    DataPackets lane = lane(0);
    ring.receive(0, HERE, lane.counter("a", 1));
    ring.sent.clear();
    ring.receiver(0).stop();
    Ack last = TestRing.ack(ring.sent);
    assertThat(last.isFinal()).isTrue();
    assertThat(last.base()).isEqualTo(2);
    Ack again = TestRing.ack(ring.receive(0, HERE, lane.counter("a", 1)));
    assertThat(again).isEqualTo(last);
    assertThat(ring.receive(0, HERE, new Hello(1, 1).toBytes())).isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_WHILE_STOPPING)).isEqualTo(2);
    assertThat(total("a")).isEqualTo(1);
  }

  @Test
  void shouldKnowWhatOfItsLedgerIsNotToldYet() {
    DataPackets lane = lane(0);
    ring.receive(0, HERE, lane.counter("a", 1));
    assertThat(ring.receiver(0).view().untold().of(Outcome.COUNTED)).isEqualTo(1);
    ring.receiver(0).tick();
    assertThat(ring.receiver(0).view().untold().isEmpty()).isTrue();
    assertThat(ring.receiver(0).view().ledger().of(Outcome.COUNTED)).isEqualTo(1);
  }

  @Test
  void shouldForgetLanesThatWereIdleForADay() {
    DataPackets lane = lane(0);
    ring.receive(0, HERE, lane.counter("a", 1));
    ring.clock.advance(Duration.ofHours(24));
    ring.receiver(0).tick();
    assertThat(ring.receiver(0).view().lanes()).isZero();
    assertThat(ring.counter(ServerCounter.LANES_EXPIRED)).isEqualTo(1);
    assertThat(ring.receive(0, HERE, lane.counter("a", 1)).get(0).packet())
        .isInstanceOf(Cookie.class);
  }

  @Test
  void shouldStandAnyBytesAtAll() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long number = ring.open(0, HERE, SESSION, 1, 0).lane();
    byte[] cookie = ring.cookie(0, HERE, SESSION);
    List<byte[]> good = new ArrayList<>();
    good.add(new Hello(SESSION, 1).toBytes());
    good.add(new Open(SESSION, cookie, 1, number).toBytes());
    good.add(new RingRequest(SESSION, cookie, 0).toBytes());
    DataPackets lane = new DataPackets(SESSION, number);
    for (int i = 0; i < 20; i++) {
      good.add(lane.counter("key|" + i, i));
    }
    for (int i = 0; i < 200_000; i++) {
      byte[] packet = mutated(good.get(random.nextInt(good.size())), random);
      InetSocketAddress from = random.nextInt(4) == 0 ? THERE : HERE;
      int before = ring.sent.size();
      try {
        ring.receive(random.nextInt(2), from, packet);
        ring.runAll();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", packet " + i, e);
      }
      for (Sent answer : ring.sent.subList(before, ring.sent.size())) {
        boolean proved = answer.to().equals(HERE);
        assertThat(proved || answer.bytes().length <= packet.length).as("seed %d", seed).isTrue();
        assertThat(proved || answer.packet() instanceof Cookie).as("seed %d", seed).isTrue();
      }
      if (ring.sent.size() > 10_000) {
        ring.sent.clear();
      }
    }
    ring.flush();
    assertThat(ring.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  private static byte[] mutated(byte[] good, Random random) {
    if (random.nextInt(10) == 0) {
      byte[] noise = new byte[random.nextInt(1500)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] packet =
        Arrays.copyOf(good, random.nextInt(5) == 0 ? random.nextInt(1500) : good.length);
    for (int n = random.nextInt(4); n > 0 && packet.length > 0; n--) {
      packet[random.nextInt(packet.length)] = (byte) random.nextInt();
    }
    // Half of the damaged data packets get a good checksum, so that their records are looked at.
    if (packet.length > 53 && packet.length <= 1440 && packet[2] == 5 && random.nextBoolean()) {
      long sequence = 1 + random.nextInt(100);
      long lane = ByteBuffer.wrap(packet).getLong(20);
      DataWriter.number(packet, SESSION, lane, sequence);
      DataWriter.stamp(packet, random.nextInt(9), random.nextInt(3), random.nextInt());
    }
    return packet;
  }
}
