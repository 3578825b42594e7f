package org.skymetrics.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Opened.Verdict;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.server.fixture.TestRing.Sent;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

class JournalTest {
  private static final InetSocketAddress HERE = TestRing.address(1);
  private static final long SESSION = 77;
  private static final UnaryOperator<ServerConfig.Builder> WITH_JOURNAL =
      b -> b.journal(Path.of("memory"));

  private final CrashingFiles files = new CrashingFiles(new Random(1));
  private TestRing ring = ring(WITH_JOURNAL);

  private TestRing ring(UnaryOperator<ServerConfig.Builder> more) {
    return new TestRing(1, 1, more, new ManualClock(TestRing.START_MS), null, files);
  }

  private void kill() {
    kill(WITH_JOURNAL);
  }

  private void kill(UnaryOperator<ServerConfig.Builder> more) {
    files.restart(false);
    ring = ring.restarted(1, 2, more, files);
  }

  private static Map<Series, Long> sums(TestRing ring) {
    Map<Series, Long> sums = new TreeMap<>();
    for (Map.Entry<Series, Cell> e : ReferencePeriodStore.unite(ring.stored()).entrySet()) {
      sums.put(e.getKey(), ((CounterCell) e.getValue()).sum());
    }
    return sums;
  }

  private long total() {
    ring.flush();
    return sums(ring).values().stream().mapToLong(n -> n).sum();
  }

  /** All that was counted goes into history, and the journal hears of it. */
  private void confirmAll() {
    ring.flush();
    ring.store.rollUp();
    ring.engine.delivery().compare();
    ring.engine.deliver();
  }

  @Test
  void shouldNeitherCountNorAcknowledgeWhatCanNotBeWritten() {
    DataPackets lane = new DataPackets(SESSION, ring.open(0, HERE, SESSION, 1, 0).lane());
    byte[] one = lane.counter("a", 1);
    byte[] two = lane.counter("a", 1);
    files.failAfter(0, Integer.MAX_VALUE);
    assertThat(ring.receive(0, HERE, one, two)).isEmpty();
    assertThat(ring.counter(ServerCounter.JOURNAL_FAILED_PACKETS)).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.JOURNAL_WRITES_FAILED)).isEqualTo(1);
    assertThat(ring.counter(ServerCounter.DATA_PACKETS_COUNTED)).isZero();
    assertThat(ring.engine.journal().problem())
        .isEqualTo(
            "the journal in memory can't write packets of thread 0 (No space left on device:"
                + " append to segment-1-0); tried again until it works");

    files.works();
    ring.receiver(0).tick();
    assertThat(ring.engine.journal().problem()).isNull();
    assertThat(TestRing.ack(ring.receive(0, HERE, lane.again(one), lane.again(two))).base())
        .isEqualTo(3);
    kill();
    assertThat(total()).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.JOURNAL_FILES_DAMAGED)).isZero();
  }

  @Test
  void shouldReserveLaneNumbersAgainThoughNobodyAsksForALaneAnyMore() {
    byte[] cookie = ring.cookie(0, HERE, SESSION);
    files.failAfter(0, Integer.MAX_VALUE);
    assertThat(ring.receive(0, HERE, new Open(SESSION, cookie, 1, 0).toBytes())).isEmpty();
    assertThat(ring.engine.journal().problem()).contains("can't reserve lane numbers");
    ring.engine.forceJournal();
    assertThat(ring.engine.journal().problem()).isNotNull();
    files.works();
    ring.engine.forceJournal();
    assertThat(ring.engine.journal().problem()).isNull();
  }

  @Test
  void shouldNotPutWhatTheJournalDoesNotHave() {
    DataPackets lane = new DataPackets(SESSION, ring.open(0, HERE, SESSION, 1, 0).lane());
    ring.receive(0, HERE, lane.counter("a", 1));
    var unused = ring.engine.seal();
    ring.runAll();
    files.failAfter(0, Integer.MAX_VALUE);
    ring.engine.deliver();
    assertThat(ring.stored()).isEmpty();
    assertThat(ring.engine.unconfirmed().left()).isEqualTo(1);
    assertThat(ring.engine.journal().problem()).contains("can't write batches");
    assertThat(ring.counter(ServerCounter.JOURNAL_SEALS_FAILED)).isEqualTo(1);
    files.works();
    ring.engine.deliver();
    assertThat(ring.stored()).hasSize(1);
    assertThat(ring.engine.journal().problem()).isNull();
  }

  /** A last word that comes late must stay true. Found by the simulation, seed 287. */
  @Test
  void shouldNotGoOnWithALaneAfterTheLastWordOverIt() {
    long lane = ring.open(0, HERE, SESSION, 1, 0).lane();
    DataPackets packets = new DataPackets(SESSION, lane);
    ring.receive(0, HERE, packets.counter("a", 1));
    ring.receiver(0).stop();
    kill();

    byte[] cookie = ring.cookie(0, HERE, SESSION);
    Ack word = TestRing.ack(ring.receive(0, HERE, new Open(SESSION, cookie, 2, lane).toBytes()));
    assertThat(word.isFinal()).isTrue();
    assertThat(word.lane()).isEqualTo(lane);
    assertThat(word.base()).isEqualTo(2);
    assertThat(TestRing.ack(ring.receive(0, HERE, packets.counter("a", 1))).isFinal()).isTrue();
    assertThat(ring.counter(ServerCounter.DATA_PACKETS_WHILE_STOPPING)).isEqualTo(1);
    kill();
    assertThat(ring.open(0, HERE, SESSION, 3, 0).lane()).isNotEqualTo(lane);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldSayNoLastWordThatTheJournalDoesNotHave() {
    long lane = ring.open(0, HERE, SESSION, 1, 0).lane();
    ring.receive(0, HERE, new DataPackets(SESSION, lane).counter("a", 1));
    int before = ring.sent.size();
    files.failAfter(0, Integer.MAX_VALUE);
    ring.receiver(0).stop();
    assertThat(ring.sent).hasSize(before);
    kill();
    assertThat(ring.open(0, HERE, SESSION, 2, lane).lane()).isEqualTo(lane);
  }

  /** Found by the simulation, seed 217. */
  @Test
  void shouldNotTakeForAGapWhatHistoryHadBeforeAnOlderSegment() {
    DataPackets lane = new DataPackets(SESSION, ring.open(0, HERE, SESSION, 1, 0).lane());
    ring.store.refuse(new BatchName(ring.engine.incarnation(), 1));
    for (int segment = 1; segment <= 3; segment++) {
      ring.receive(0, HERE, lane.counter("a", 1));
      ring.flush();
    }
    for (int i = 0; i < 20; i++) {
      ring.clock.advance(Duration.ofSeconds(20));
      ring.engine.deliver();
    }
    ring.store.rollUp();
    ring.engine.delivery().compare();
    ring.clock.advance(Duration.ofSeconds(20));
    ring.engine.deliver();
    assertThat(ring.counter(ServerCounter.JOURNAL_SEGMENTS_DELETED)).isPositive();
    assertThat(ring.engine.unconfirmed().segmentNumbers()).containsExactly(1L);

    kill();
    ring.store.refuse(new BatchName(0, 0));
    assertThat(ring.counter(ServerCounter.JOURNAL_GAPS)).isZero();
    assertThat(total()).isEqualTo(3);
  }

  @Test
  void shouldTakeNoNewDataPastItsLimitAndGoOnWhenHistoryHasSome() {
    files.restart(false);
    ring = ring(b -> b.journal(Path.of("memory")).journalMaxBytes(300));
    DataPackets lane = new DataPackets(SESSION, ring.open(0, HERE, SESSION, 1, 0).lane());
    byte[] last = null;
    while (ring.engine.journal().hasRoom()) {
      last = lane.counter("a", 1);
      ring.receive(0, HERE, last);
    }
    byte[] more = lane.counter("a", 1);
    assertThat(ring.receive(0, HERE, more)).isEmpty();
    assertThat(ring.counter(ServerCounter.JOURNAL_FULL_PACKETS)).isEqualTo(1);
    assertThat(ring.counter(ServerCounter.FULL_PACKETS)).isZero();
    assertThat(TestRing.ack(ring.receive(0, HERE, last)).patience()).isEqualTo(Ack.MAX_PATIENCE);
    confirmAll();
    assertThat(ring.counter(ServerCounter.JOURNAL_SEGMENTS_DELETED)).isPositive();
    assertThat(ring.receive(0, HERE, more)).hasSize(1);
  }

  @Test
  void shouldGoOnWithLanesThatTookDataAndRenumberThoseThatDidNot() {
    Opened used = ring.open(0, HERE, SESSION, 1, 0);
    Opened idle = ring.open(0, HERE, 78, 1, 0);
    DataPackets lane = new DataPackets(SESSION, used.lane());
    byte[] packet = lane.counter("a", 1);
    ring.receive(0, HERE, packet);
    kill();
    assertThat(ring.counter(ServerCounter.LANES_RESTORED)).isEqualTo(1);
    // Its address has to be proved again first.
    assertThat(ring.receive(0, HERE, packet)).hasSize(1);
    assertThat(ring.counter(ServerCounter.UNPROVED_DATA)).isEqualTo(1);
    Opened again = ring.open(0, HERE, SESSION, 9, used.lane());
    assertThat(again.lane()).isEqualTo(used.lane());
    assertThat(again.verdict()).isEqualTo(Verdict.GOES_ON);
    assertThat(TestRing.ack(ring.receive(0, HERE, lane.again(packet))).base()).isEqualTo(2);
    assertThat(ring.counter(ServerCounter.DUPLICATES)).isEqualTo(1);
    Opened fresh = ring.open(0, HERE, 78, 9, idle.lane());
    assertThat(fresh.verdict()).isEqualTo(Verdict.RENUMBER);
    assertThat(fresh.lane()).isNotIn(idle.lane(), used.lane());
    assertThat(ring.open(0, HERE, 79, 1, fresh.lane() ^ (1L << 40)).verdict())
        .isEqualTo(Verdict.UNKNOWN);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void shouldSayUnknownAfterARestartOfALaneThatTookDataAndWasClosed() {
    Opened used = ring.open(0, HERE, SESSION, 1, 0);
    ring.receive(0, HERE, new DataPackets(SESSION, used.lane()).counter("a", 1));
    ring.clock.advance(Duration.ofHours(25));
    ring.receiver(0).tick();
    confirmAll();
    confirmAll();
    kill();
    assertThat(ring.open(0, HERE, SESSION, 2, used.lane()).verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void shouldNeverRepeatASegmentOrALaneNumber() {
    Set<Long> lanes = new HashSet<>();
    Set<BatchName> names = new HashSet<>();
    long incarnation = ring.engine.incarnation();
    for (int i = 1; i <= 5; i++) {
      Opened opened = ring.open(0, HERE, i, 1, 0);
      assertThat(lanes.add(opened.lane())).isTrue();
      ring.receive(0, HERE, new DataPackets(i, opened.lane()).counter("a", 1));
      ring.flush();
      ring.store.allWaiting().forEach(batch -> assertThat(names.add(batch.name())).isTrue());
      confirmAll();
      // All that has a segment's number goes, but for the identity.
      files.restart(false);
      for (String name : files.names()) {
        if (SegmentFile.parse(name) != null && i % 2 == 0) {
          deleteForGood(name);
        }
      }
      ring = ring.restarted(1, i, WITH_JOURNAL, files);
      assertThat(ring.engine.incarnation()).isEqualTo(incarnation);
    }
    assertThat(names).hasSize(5);
  }

  private void deleteForGood(String name) {
    try {
      files.delete(name);
      files.forceNames();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRefuseADirectoryWhoseIdentityIsDamagedOrGoneOrOfAnotherLayout() {
    ring.flush();
    byte[] good = files.bytes(Identity.FILE);
    byte[] bad = good.clone();
    bad[20] ^= 1;
    files.put(Identity.FILE, bad);
    assertThatThrownBy(this::kill)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("the file identity in the journal in memory is damaged");
    deleteForGood(Identity.FILE);
    assertThatThrownBy(this::kill)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("has segments but no file identity");
    files.put(Identity.FILE, good);
    assertThatThrownBy(
            () -> kill(b -> WITH_JOURNAL.apply(b).layout(new Layout(Period.TEN_SECONDS, 16))))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("a period of 60s and 16 shards");
  }

  @Test
  void shouldKeepADamagedFileAsideAndUseWhatIsReadable() {
    DataPackets lane = new DataPackets(SESSION, ring.open(0, HERE, SESSION, 1, 0).lane());
    ring.receive(0, HERE, lane.counter("a", 1));
    int goodBytes = files.bytes("segment-1-0").length;
    ring.receive(0, HERE, lane.counter("a", 1));
    ring.receive(0, HERE, lane.counter("a", 1));
    byte[] bytes = files.bytes("segment-1-0");
    bytes[goodBytes + 12] ^= 1;
    files.put("segment-1-0", bytes);
    kill();
    assertThat(ring.counter(ServerCounter.JOURNAL_FILES_DAMAGED)).isEqualTo(1);
    assertThat(total()).isEqualTo(1);
    confirmAll();
    assertThat(ring.engine.journal().damaged()).containsExactly("segment-1-0.damaged");
    assertThat(files.bytes("segment-1-0.damaged")).isEqualTo(bytes);
  }

  /**
   * Any one file changed, cut or made longer anywhere: the server starts, says so or not, and what
   * is sent again after that is never counted twice.
   */
  @Property(tries = 300)
  void shouldStartWithAnyBytesAndNeverCountTwice(@ForAll Random random) {
    CrashingFiles any = new CrashingFiles(random);
    TestRing first =
        new TestRing(1, 1, WITH_JOURNAL, new ManualClock(TestRing.START_MS), null, any);
    Opened opened = first.open(0, HERE, SESSION, 1, 0);
    DataPackets lane = new DataPackets(SESSION, opened.lane());
    List<byte[]> unheard = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String key = "k" + i;
      byte[] packet = lane.packet(i + 1, i, 0, w -> w.addCounter(Key.of(key), 1));
      first.receive(0, HERE, packet);
      unheard.add(packet);
      if (random.nextInt(4) == 0) {
        var unused = first.engine.seal();
        first.runAll();
      }
      if (random.nextInt(3) == 0) {
        first.engine.deliver();
      }
    }
    any.restart(false);
    mutate(any, random);
    TestRing second = first.restarted(1, 2, WITH_JOURNAL, any);
    Opened again = second.open(0, HERE, SESSION, 2, opened.lane());
    if (again.verdict() == Verdict.GOES_ON) {
      for (byte[] packet : unheard) {
        List<Sent> answers = second.receive(0, HERE, packet);
        assertThat(answers).hasSize(1);
      }
    }
    second.flush();
    assertThat(sums(second).values()).allMatch(sum -> sum == 1);
    long said =
        second.counter(ServerCounter.JOURNAL_FILES_DAMAGED)
            + second.counter(ServerCounter.JOURNAL_BYTES_TORN)
            + second.counter(ServerCounter.JOURNAL_GAPS)
            + second.counter(ServerCounter.VERDICTS_UNKNOWN);
    if (said == 0 && again.verdict() == Verdict.GOES_ON) {
      assertThat(sums(second)).hasSize(12);
    }
  }

  private static void mutate(CrashingFiles files, Random random) {
    List<String> names =
        files.names().stream().filter(name -> SegmentFile.parse(name) != null).toList();
    String name = names.get(random.nextInt(names.size()));
    byte[] bytes = files.bytes(name);
    if (bytes.length == 0) {
      return;
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> files.put(name, Arrays.copyOf(bytes, at));
      case 1 -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(50));
        files.put(name, longer);
      }
      case 2 -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        files.put(name, noise);
      }
      default -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        files.put(name, bytes);
      }
    }
  }

  @Test
  void shouldLockItsDirectory(@TempDir Path directory) throws Exception {
    try (DiskFiles disk = DiskFiles.open(directory)) {
      assertThatThrownBy(() -> DiskFiles.open(directory))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("is in use by another server");
      try (JournalFiles.Appender out = disk.create("x")) {
        out.append(new byte[200_000], 0, 200_000);
        out.cut(100_000);
        out.append(new byte[] {1, 2}, 0, 2);
        out.force();
      }
      assertThat(disk.length("x")).isEqualTo(100_002);
      disk.cut("x", 3);
      disk.rename("x", "y");
      disk.forceNames();
      assertThat(disk.read("y").readAllBytes()).hasSize(3);
      disk.delete("y");
      disk.delete("y");
      assertThat(disk.names()).containsExactly("lock");
    }
    DiskFiles.open(directory).close();
  }

  @Test
  void shouldReadThePolicy() {
    for (JournalSync sync : JournalSync.values()) {
      assertThat(JournalSync.parse(sync.label())).isEqualTo(sync);
    }
    assertThatThrownBy(() -> JournalSync.parse("often"))
        .hasMessage("a journal is synced none, 1s or each, not \"often\"");
  }
}
