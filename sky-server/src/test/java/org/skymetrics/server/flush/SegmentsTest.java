package org.skymetrics.server.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ManualLoop;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;

class SegmentsTest {
  private static final Series SERIES = new Series(Key.of("a"), Kind.COUNTER);
  private static final SeriesQuery ALL =
      new SeriesQuery(List.of(SERIES), Long.MIN_VALUE, Long.MAX_VALUE);

  private static long sum(Iterable<Batch> batches) {
    List<Batch> all = new ArrayList<>();
    batches.forEach(all::add);
    Cell cell = ReferencePeriodStore.unite(all).get(SERIES);
    return cell == null ? 0 : ((CounterCell) cell).sum();
  }

  /** A read that was asked for, and what had been counted by then. */
  private record Asked(long countedBefore, CompletableFuture<List<Batch>> answer) {}

  /**
   * Counting, sealing, delivering, rolling up and reading in any interleaving: an answer of the
   * server, united by name with mailboxes and history read after it, is what was counted when it
   * was given, and never less than when it was asked for.
   */
  @Property(tries = 200)
  void shouldNeitherMissNorDoubleACountInAnyInterleaving(@ForAll Random random) {
    int threads = 3;
    TestRing ring = new TestRing(threads, random.nextLong(), b -> b);
    List<DataPackets> lanes = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      lanes.add(new DataPackets(i, ring.open(i, TestRing.address(i), i, 1, 0).lane()));
    }
    long counted = 0;
    List<Asked> asked = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      int i = random.nextInt(threads);
      switch (random.nextInt(13)) {
        case 0, 1, 2 -> {
          ring.receive(i, TestRing.address(i), lanes.get(i).counter("a|" + step % 7, 1));
          counted++;
        }
        case 3 -> {
          var unused = ring.engine.seal();
        }
        case 4 -> asked.add(new Asked(counted, read(ring.engine.segments(), random.nextBoolean())));
        case 5 -> ring.engine.deliver();
        case 6 -> ring.store.rollUp();
        case 7 -> ring.engine.delivery().compare();
        case 8, 9 -> ring.loops.get(i).runOne();
        case 10 -> ring.sealLoop.runOne();
        default -> ring.segmentLoop.runOne();
      }
      long now = counted;
      asked.removeIf(
          read -> {
            if (read.answer().isDone()) {
              check(read, ring, now);
            }
            return read.answer().isDone();
          });
    }
    ring.runAll();
    for (Asked read : asked) {
      check(read, ring, counted);
    }
    ring.flush();
    ring.store.rollUp();
    assertThat(sum(ring.store.history())).isEqualTo(counted);
    assertThat(ring.store.history().stream().map(b -> b.name() + "/" + b.place()))
        .doesNotHaveDuplicates();
    assertThat(ring.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  private static CompletableFuture<List<Batch>> read(Segments segments, boolean whole) {
    return whole ? segments.readWhole(ALL) : segments.read(ALL);
  }

  private static void check(Asked read, TestRing ring, long counted) {
    List<Batch> all = new ArrayList<>(read.answer().join());
    all.addAll(ring.stored());
    assertThat(sum(all)).isBetween(read.countedBefore(), counted);
  }

  @Test
  void shouldNameEachSegmentOnceAndCutItByShardAndPeriod() {
    TestRing ring = TestRing.of(2);
    DataPackets lane = new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());
    Map<String, Integer> perPlace = new HashMap<>();
    for (int flush = 0; flush < 3; flush++) {
      for (int k = 0; k < 40; k++) {
        Key key = Key.of("key" + k);
        ring.receive(
            0, TestRing.address(1), lane.packet(60_000L * (k % 2), w -> w.addCounter(key, 1)));
      }
      ring.flush();
    }
    for (Batch batch : ring.store.allWaiting()) {
      assertThat(batch.name().incarnation()).isEqualTo(ring.engine.incarnation());
      assertThat(batch.periodMs()).isEqualTo(60_000);
      perPlace.merge(batch.place().toString(), 1, Integer::sum);
    }
    assertThat(perPlace.values()).allMatch(n -> n == 3);
    assertThat(ring.store.allWaiting().stream().map(b -> b.name().segment()).distinct())
        .containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  /** All that is asked of the loops, but no batch is made of a segment that was swapped. */
  private static void runAllButSealing(TestRing ring) {
    boolean ran = true;
    while (ran) {
      ran = ring.segmentLoop.runOne();
      for (ManualLoop loop : ring.loops) {
        ran |= loop.runOne();
      }
    }
  }

  @Test
  void shouldReadWhileBatchesAreMade() {
    TestRing ring = TestRing.of(2);
    DataPackets lane = new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());
    ring.receive(0, TestRing.address(1), lane.counter("a", 5));
    var first = ring.engine.seal();
    runAllButSealing(ring);
    ring.receive(0, TestRing.address(1), lane.counter("a", 7));
    CompletableFuture<List<Batch>> during = ring.engine.segments().read(ALL);
    var second = ring.engine.seal();
    runAllButSealing(ring);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(sum(during.join())).isEqualTo(12);
    assertThat(during.join()).extracting(batch -> batch.name().segment()).containsOnly(1L, 2L);
    CompletableFuture<List<Batch>> across = ring.engine.segments().read(ALL);
    ring.segmentLoop.runOne();
    ring.sealLoop.runOne();
    ring.runAll();
    assertThat(sum(across.join())).isEqualTo(12);
    assertThat(first.join()).isEqualTo(1);
    assertThat(second.join()).isEqualTo(1);
    CompletableFuture<List<Batch>> after = ring.engine.segments().read(ALL);
    ring.runAll();
    assertThat(sum(after.join())).isEqualTo(12);
    assertThat(after.join()).hasSize(2);
  }

  @Test
  void shouldReadTheOpenSegmentUnderTheNameItWillHave() {
    TestRing ring = TestRing.of(1);
    DataPackets lane = new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());
    ring.receive(0, TestRing.address(1), lane.counter("a", 5), lane.counter("b", 7));
    CompletableFuture<List<Batch>> read = ring.engine.segments().read(ALL);
    ring.runAll();
    assertThat(read.join()).hasSize(1);
    Batch open = read.join().get(0);
    assertThat(open.size()).isEqualTo(1);
    ring.flush();
    assertThat(ring.store.allWaiting()).extracting(Batch::name).containsOnly(open.name());
    assertThat(sum(read.join())).isEqualTo(5);
  }

  @Test
  void shouldGiveWhatIsSealedWholeToWhoFindsSeriesInIt() {
    TestRing ring = TestRing.of(1);
    DataPackets lane = new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());
    ring.receive(0, TestRing.address(1), lane.counter("a", 5), lane.counter("a|b", 7));
    CompletableFuture<Integer> sealed = ring.engine.segments().seal();
    ring.runAll();
    assertThat(sealed.join()).isPositive();
    ring.receive(0, TestRing.address(1), lane.counter("a", 3), lane.counter("a|b", 1));
    CompletableFuture<List<Batch>> cut = ring.engine.segments().read(ALL);
    CompletableFuture<List<Batch>> whole = ring.engine.segments().readWhole(ALL);
    ring.runAll();
    assertThat(names(whole.join())).isEqualTo(names(cut.join())).hasSize(2);
    assertThat(sum(whole.join())).isEqualTo(sum(cut.join())).isEqualTo(16);
    Batch first = whole.join().get(1);
    assertThat(ring.engine.unconfirmed().all()).contains(first);
  }

  private static Set<BatchName> names(List<Batch> batches) {
    return batches.stream().map(Batch::name).collect(Collectors.toSet());
  }

  @Test
  void shouldGoOnSealingWhenAThreadFails() {
    TestRing ring = TestRing.of(1);
    DataPackets lane = new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());
    ring.engine
        .segments()
        .add(
            task -> {
              throw new RejectedExecutionException("shut down");
            },
            ring.receiver(0).aggregator(),
            segment -> {});
    ring.receive(0, TestRing.address(1), lane.counter("a", 5));
    ring.flush();
    assertThat(sum(ring.store.allWaiting())).isEqualTo(5);
    assertThat(ring.counter(ServerCounter.INTERNAL_ERRORS)).isEqualTo(1);
    CompletableFuture<List<Batch>> read = ring.engine.segments().read(ALL);
    ring.runAll();
    assertThat(read).isCompletedExceptionally();
  }
}
