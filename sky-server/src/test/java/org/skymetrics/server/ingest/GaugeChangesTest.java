package org.skymetrics.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.store.batch.Series;

/** Gauges that are changed, at their owner: from what, in which order, and after what failed. */
class GaugeChangesTest {
  /** Where a packet says how many sequences below its own are open. */
  private static final int OPEN_OFFSET = 36;

  private static final InetSocketAddress HERE = TestRing.address(1);
  private static final UnaryOperator<ServerConfig.Builder> WITH_JOURNAL =
      b -> b.journal(Path.of("memory"));

  private final CrashingFiles files = new CrashingFiles(new Random(1));
  private TestRing ring =
      new TestRing(1, 1, WITH_JOURNAL, new ManualClock(TestRing.START_MS), null, files);
  private DataPackets lane = lane(1);

  private long transmissions;

  private DataPackets lane(long session) {
    transmissions = 0;
    return new DataPackets(session, ring.open(0, HERE, session, 1, 0).lane());
  }

  private byte[] set(double... values) {
    return packet("g", values, false);
  }

  private byte[] change(double... by) {
    return packet("g", by, true);
  }

  private byte[] packet(String key, double[] values, boolean change) {
    return lane.packet(
        0,
        writer -> {
          for (double value : values) {
            GaugeCell cell = new GaugeCell();
            if (change) {
              cell.change(value, 0);
            } else {
              cell.set(value, 0);
            }
            assertThat(writer.add(Key.of(key), cell)).isTrue();
          }
        });
  }

  /** Whether they are counted; each is sent as a copy, for the server works in its buffer. */
  private boolean isTaken(byte[]... packets) {
    ring.clock.advance(Duration.ofMillis(10));
    long before = ring.counter(ServerCounter.DATA_PACKETS_COUNTED);
    byte[][] copies = new byte[packets.length][];
    for (int i = 0; i < packets.length; i++) {
      copies[i] = packets[i].clone();
      int open = copies[i][OPEN_OFFSET] << 8 | copies[i][OPEN_OFFSET + 1];
      DataWriter.stamp(copies[i], ++transmissions, open, 0);
    }
    ring.receive(0, HERE, copies);
    return ring.counter(ServerCounter.DATA_PACKETS_COUNTED) == before + packets.length;
  }

  /** Lets the server ask itself and the store. */
  private void lookUp() {
    ring.engine.deliver();
    ring.runAll();
    ring.engine.deliver();
  }

  private GaugeCell stored(String key) {
    ring.flush();
    Cell cell = ReferencePeriodStore.unite(ring.stored()).get(new Series(Key.of(key), Kind.GAUGE));
    assertThat(cell).isNotNull();
    return (GaugeCell) cell;
  }

  @Test
  void shouldWaitUntilItKnowsWhatIsChangedAndBeginAtNothingWhereNobodyKnows() {
    byte[] first = change(5);
    assertThat(isTaken(first)).isFalse();
    assertThat(isTaken(first)).isFalse();
    assertThat(ring.counter(ServerCounter.GAUGE_CHANGES_WAITING)).isEqualTo(2);
    lookUp();
    assertThat(isTaken(first)).isTrue();
    assertThat(isTaken(first)).as("a duplicate").isFalse();
    assertThat(isTaken(change(2, -1), change(-10))).isTrue();
    GaugeCell cell = stored("g");
    assertThat(cell.last()).isEqualTo(-4);
    assertThat(cell.moments().max()).isEqualTo(7);
    assertThat(cell.count()).isEqualTo(4);
    assertThat(ring.counter(ServerCounter.GAUGES_NOT_FOUND_OUT)).isZero();
  }

  @Test
  void shouldBeginAtWhatThisServerHasGatheredAndNotPut() {
    assertThat(isTaken(set(100))).isTrue();
    byte[] change = change(-1);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    assertThat(isTaken(change)).isTrue();
    assertThat(isTaken(set(7), change(1))).isTrue();
    assertThat(stored("g").last()).isEqualTo(8);
  }

  @Test
  void shouldBeginAtWhatOtherServersHavePut() {
    assertThat(isTaken(set(100))).isTrue();
    assertThat(stored("g").last()).isEqualTo(100);
    TestRing other =
        new TestRing(1, 3, b -> b, ring.clock, ring.store, new CrashingFiles(new Random(2)));
    ring = other;
    lane = lane(2);
    byte[] change = change(1);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    assertThat(isTaken(change)).isTrue();
    assertThat(stored("g").last()).isEqualTo(101);
  }

  @Test
  void shouldTakeAValueThatComesMeanwhile() {
    byte[] change = change(1);
    assertThat(isTaken(change)).isFalse();
    GaugeCell fifty = new GaugeCell();
    fifty.set(50, 0);
    // The first stays open meanwhile.
    assertThat(isTaken(lane.packet(2, 1, 0, w -> w.add(Key.of("g"), fifty)))).isTrue();
    assertThat(isTaken(change)).isTrue();
    lookUp();
    set(0);
    assertThat(isTaken(change(1))).isTrue();
    assertThat(stored("g").last()).isEqualTo(52);
  }

  @Test
  void shouldNotBeHeldUpByAStoreThatIsAway() {
    ring.store.setAway(true);
    byte[] change = change(3);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    assertThat(isTaken(change)).isFalse();
    ring.clock.advance(Duration.ofSeconds(6));
    lookUp();
    assertThat(isTaken(change)).isTrue();
    assertThat(ring.counter(ServerCounter.GAUGES_NOT_FOUND_OUT)).isEqualTo(1);
    ring.store.setAway(false);
    ring.clock.advance(Duration.ofMinutes(1));
    assertThat(stored("g").last()).isEqualTo(3);
  }

  @Test
  void shouldChangeNothingWhereTheJournalFails() {
    assertThat(isTaken(set(10))).isTrue();
    byte[] change = change(1);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    files.failAfter(0, Integer.MAX_VALUE);
    assertThat(isTaken(change)).isFalse();
    files.works();
    ring.receiver(0).tick();
    assertThat(isTaken(change)).as("the value is found out again").isFalse();
    lookUp();
    assertThat(isTaken(change)).isTrue();
    assertThat(stored("g").last()).isEqualTo(11);
  }

  @Test
  void shouldGiveTheSameValuesFromTheJournal() {
    assertThat(isTaken(set(10))).isTrue();
    byte[] change = change(1);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    assertThat(isTaken(change, change(5))).isTrue();
    files.restart(false);
    ring = ring.restarted(1, 2, WITH_JOURNAL, files);
    lane = lane(9);
    byte[] more = change(4);
    assertThat(isTaken(more)).isFalse();
    lookUp();
    assertThat(isTaken(more)).isTrue();
    assertThat(stored("g").last()).isEqualTo(20);
  }

  @Test
  void shouldAskAgainWhenTheRingHasChanged() {
    byte[] change = change(5);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    assertThat(isTaken(change)).isTrue();
    Ring same = ring.engine.ring();
    ring.engine.setRing(same);
    assertThat(isTaken(change(1))).isTrue();
    ring.engine.setRing(
        Ring.of(
            List.of(
                new Member("test", "127.0.0.1", 8125, 8126),
                new Member("other", "127.0.0.1", 8225, 8226))));
    byte[] again = change(1);
    assertThat(isTaken(again)).isFalse();
    lookUp();
    assertThat(isTaken(again)).isTrue();
    assertThat(stored("g").last()).isEqualTo(7);
  }

  @Test
  void shouldCountInParentsWhatAChangeMade() {
    byte[] change = packet("a|b", new double[] {2}, true);
    assertThat(isTaken(change)).isFalse();
    lookUp();
    assertThat(isTaken(change)).isTrue();
    assertThat(stored("a").last()).isEqualTo(2);
    assertThat(stored("a|b").last()).isEqualTo(2);
  }
}
