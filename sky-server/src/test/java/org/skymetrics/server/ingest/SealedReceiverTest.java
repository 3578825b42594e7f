package org.skymetrics.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.common.wire.RingRequest;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.server.fixture.TestRing.Sent;
import org.skymetrics.store.batch.Series;

/** What somebody on the network can do to a server that has a secret: next to nothing. */
class SealedReceiverTest {
  private static final InetSocketAddress HERE = TestRing.address(1);
  private static final InetSocketAddress THERE = TestRing.address(2);
  private static final long SESSION = 77;
  private static final long NONCE = 4;
  private static final Secrets SECRETS = Secrets.parse(List.of("0f".repeat(32)));
  private static final Secrets OTHERS = Secrets.parse(List.of("f0".repeat(32)));
  private static final Secrets BOTH = Secrets.parse(List.of("f0".repeat(32), "0f".repeat(32)));

  private final Random random = new Random(3);
  private final AtomicReference<Secrets> secrets = new AtomicReference<>(SECRETS);
  private final CrashingFiles files = new CrashingFiles(random);
  private final ClientSeal client = ClientSeal.of(() -> SECRETS, random);
  private TestRing ring =
      new TestRing(
          2,
          1,
          b -> b.secrets(secrets::get).journal(Path.of("memory")),
          new ManualClock(TestRing.START_MS),
          null,
          files);

  /** Gives a packet to a thread, sealed, and opens what it answers. */
  private List<Packet> ask(int thread, InetSocketAddress from, byte[] plain) {
    return opened(client, ring.receive(thread, from, client.close(plain, NONCE)));
  }

  private static List<Packet> opened(ClientSeal seal, List<Sent> answers) {
    List<Packet> packets = new ArrayList<>();
    for (Sent answer : answers) {
      assertThat(seal.open(answer.bytes(), 0, answer.bytes().length)).isNull();
      packets.add(Packet.read(seal.array(), seal.offset(), seal.length()));
    }
    return packets;
  }

  private byte[] cookie(int thread, InetSocketAddress from) {
    return ((Cookie) ask(thread, from, new Hello(SESSION, 5).toBytes()).get(0)).cookie();
  }

  private Opened open(int thread, InetSocketAddress from, long named) {
    byte[] open = new Open(SESSION, cookie(thread, from), NONCE, named).toBytes();
    List<Packet> answers = ask(thread, from, open);
    return answers.isEmpty() ? null : (Opened) answers.get(0);
  }

  private DataPackets lane(int thread) {
    return new DataPackets(SESSION, open(thread, HERE, 0).lane());
  }

  private long total() {
    ring.flush();
    Cell cell =
        ReferencePeriodStore.unite(ring.stored()).get(new Series(Key.of("a"), Kind.COUNTER));
    return cell == null ? 0 : ((CounterCell) cell).sum();
  }

  @Test
  void shouldCountWhatIsSealedAndAnswerSealed() {
    DataPackets lane = lane(0);
    Ack ack = (Ack) ask(0, HERE, lane.counter("a", 3)).get(0);
    assertThat(ack.base()).isEqualTo(2);
    RingPart part =
        (RingPart) ask(0, HERE, new RingRequest(SESSION, cookie(0, HERE), 0).toBytes()).get(0);
    assertThat(part.members()).hasSize(1);
    assertThat(total()).isEqualTo(3);
    assertThat(ring.sent)
        .allSatisfy(sent -> assertThat(sent.bytes()[3] & 1).as("sealed").isEqualTo(1));
  }

  @Test
  void shouldNotAnswerAHelloWithoutTheSecret() {
    byte[] hello = new Hello(SESSION, 5).toBytes();
    assertThat(ring.receive(0, HERE, hello)).isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_UNSEALED)).isEqualTo(1);
    ClientSeal stranger = ClientSeal.of(() -> OTHERS, random);
    assertThat(ring.receive(0, HERE, stranger.close(hello, 0))).isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_BAD_TAG)).isEqualTo(1);
    assertThat(ring.counter(ServerCounter.HELLOS)).isZero();
  }

  @Test
  void shouldTakeNothingThatIsNotSealed() {
    byte[] cookie = cookie(0, HERE);
    long lane = open(0, HERE, 0).lane();
    byte[] data = new DataPackets(SESSION, lane).counter("a", 1);
    assertThat(
            ring.receive(
                0,
                HERE,
                new Open(SESSION, cookie, 9, lane).toBytes(),
                new RingRequest(SESSION, cookie, 0).toBytes(),
                data))
        .isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_UNSEALED)).isEqualTo(3);
    assertThat(total()).isZero();
  }

  @Test
  void shouldNotCountWhatWasChangedOnItsWay() {
    byte[] good = client.close(lane(0).counter("a", 1), NONCE);
    for (int i = 12; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      assertThat(ring.receive(0, HERE, changed)).as("byte %d", i).isEmpty();
    }
    assertThat(ring.counter(ServerCounter.PACKETS_BAD_TAG)).isEqualTo(good.length - 12);
    assertThat(ring.receive(0, HERE, good)).hasSize(1);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAPacketThatIsPlayedAgain() {
    byte[] packet = client.close(lane(0).counter("a", 1), NONCE);
    assertThat(ring.receive(0, HERE, packet)).hasSize(1);
    assertThat(ring.receive(0, HERE, packet)).isEmpty();
    assertThat(ring.receive(0, THERE, packet)).isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_REPLAYED)).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.DUPLICATES)).isZero();
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldNotCountAPacketThatIsPlayedAgainAfterARestart() {
    byte[] packet = client.close(lane(0).counter("a", 1), NONCE);
    ring.receive(0, HERE, packet);
    files.restart(false);
    ring = ring.restarted(2, 2, b -> b.secrets(secrets::get).journal(Path.of("memory")), files);
    List<Sent> answers = ring.receive(0, HERE, packet);
    assertThat(answers).as("a challenge, no larger than the packet").hasSize(1);
    assertThat(answers.get(0).bytes().length).isLessThanOrEqualTo(packet.length);
    assertThat(opened(client, answers).get(0)).isInstanceOf(Cookie.class);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldGoOnWithALaneAfterARestart() {
    DataPackets lane = lane(0);
    long number = open(0, HERE, 0).lane();
    ask(0, HERE, lane.counter("a", 1));
    files.restart(false);
    ring = ring.restarted(2, 2, b -> b.secrets(secrets::get).journal(Path.of("memory")), files);
    byte[] next = lane.counter("a", 1);
    assertThat(ask(0, HERE, next).get(0)).isInstanceOf(Cookie.class);
    assertThat(open(0, HERE, number).verdict()).isEqualTo(Opened.Verdict.GOES_ON);
    byte[] again = lane.packet(2, 0, 0, w -> w.addCounter(Key.of("a"), 1));
    assertThat(((Ack) ask(0, HERE, again).get(0)).base()).isEqualTo(3);
    assertThat(total()).isEqualTo(2);
  }

  @Test
  void shouldGainNothingByPlayingTheHandshakeAgain() {
    byte[] hello = client.close(new Hello(SESSION, 5).toBytes(), 0);
    assertThat(ring.receive(0, HERE, hello)).hasSize(1);
    List<Sent> answers = ring.receive(0, THERE, hello);
    assertThat(answers).as("to whoever is at that address, and he can't read it").hasSize(1);
    assertThat(answers.get(0).to()).isEqualTo(THERE);
    assertThat(answers.get(0).bytes().length).isLessThanOrEqualTo(hello.length);

    byte[] open = client.close(new Open(SESSION, cookie(0, HERE), NONCE, 0).toBytes(), 0);
    ring.receive(0, HERE, open);
    assertThat(ring.receive(0, HERE, open)).hasSize(1);
    assertThat(ring.counter(ServerCounter.LANES_OPENED)).isEqualTo(1);
    assertThat(ring.receive(0, THERE, open)).as("a stolen cookie").isEmpty();
    assertThat(ring.counter(ServerCounter.COOKIES_REFUSED)).isEqualTo(1);
  }

  @Test
  void shouldOpenAPacketForALaneOfAnotherThread() {
    DataPackets lane = lane(1);
    assertThat(ring.receive(0, HERE, client.close(lane.counter("a", 1), NONCE))).isEmpty();
    ring.runAll();
    assertThat(((Ack) opened(client, ring.receive(1, HERE)).get(0)).base()).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.PACKETS_PASSED)).isEqualTo(1);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldPassNothingOnThatItCanNotOpen() {
    byte[] packet = client.close(lane(1).counter("a", 1), NONCE);
    packet[packet.length - 1] ^= 1;
    ring.receive(0, HERE, packet);
    assertThat(ring.counter(ServerCounter.PACKETS_PASSED)).isZero();
  }

  @Test
  void shouldTakeTheOldAndTheNewSecretDuringAChange() {
    DataPackets lane = lane(0);
    ask(0, HERE, lane.counter("a", 1));
    secrets.set(BOTH);
    assertThat(ask(0, HERE, lane.counter("a", 1))).hasSize(1);
    ClientSeal newer = ClientSeal.of(() -> OTHERS, random);
    byte[] changed = newer.close(lane.counter("a", 1), NONCE);
    assertThat(opened(newer, ring.receive(0, HERE, changed)).get(0)).isInstanceOf(Ack.class);
    ring.sent.clear();
    ring.receiver(0).stop();
    assertThat(opened(newer, ring.sent).get(0)).as("the last word").isInstanceOf(Ack.class);
    assertThat(total()).isEqualTo(3);
  }

  @Test
  void shouldNotTakeTheOldSecretAfterAChange() {
    DataPackets lane = lane(0);
    ask(0, HERE, lane.counter("a", 1));
    secrets.set(OTHERS);
    assertThat(ring.receive(0, HERE, client.close(lane.counter("a", 1), NONCE))).isEmpty();
    assertThat(ring.receive(0, HERE, client.close(new Hello(SESSION, 5).toBytes(), 0))).isEmpty();
    assertThat(ring.counter(ServerCounter.PACKETS_BAD_TAG)).isEqualTo(2);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldStandAnyBytesAtAllAndAnswerNone() {
    byte[] cookie = cookie(0, HERE);
    List<byte[]> good = new ArrayList<>();
    DataPackets lane = lane(0);
    good.add(client.close(new Hello(SESSION, 1).toBytes(), 0));
    good.add(client.close(new Open(SESSION, cookie, 1, 0).toBytes(), 0));
    good.add(client.close(lane.counter("a", 1), NONCE));
    good.add(new Hello(SESSION, 1).toBytes());
    good.add(lane.counter("a", 1));
    int before = ring.sent.size();
    for (int i = 0; i < 20_000; i++) {
      byte[] packet = good.get(random.nextInt(good.size())).clone();
      int length = random.nextInt(5) == 0 ? random.nextInt(1500) : packet.length;
      packet = Arrays.copyOf(packet, length);
      if (length > 4) {
        packet[4 + random.nextInt(length - 4)] ^= (byte) (1 + random.nextInt(255));
      }
      ring.receive(random.nextInt(2), HERE, packet);
      ring.runAll();
    }
    assertThat(ring.sent).hasSize(before);
    assertThat(ring.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
    assertThat(total()).isZero();
  }
}
