package org.skymetrics.server.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

class DeliveryTest {
  private final TestRing ring = TestRing.of(1);
  private final DataPackets lane =
      new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());

  private void count(String key) {
    ring.receive(0, TestRing.address(1), lane.counter(key, 1));
  }

  private void seal() {
    var unused = ring.engine.seal();
    ring.runAll();
  }

  private static long sum(TestRing ring, String key) {
    return ((CounterCell)
            ReferencePeriodStore.unite(ring.stored())
                .getOrDefault(new Series(Key.of(key), Kind.COUNTER), new CounterCell()))
        .sum();
  }

  @Test
  void shouldKeepABatchUntilHistoryNamesIt() {
    count("a");
    ring.flush();
    ring.flush();
    assertThat(ring.engine.unconfirmed().size()).isEqualTo(1);
    assertThat(ring.engine.unconfirmed().bytes()).isPositive();
    ring.store.rollUp();
    ring.flush();
    assertThat(ring.engine.unconfirmed().size()).isZero();
    assertThat(ring.engine.unconfirmed().bytes()).isZero();
    assertThat(ring.counter(ServerCounter.BATCHES_CONFIRMED)).isEqualTo(1);
    assertThat(ring.store.history()).hasSize(1);
  }

  @Test
  void shouldPutAgainWhatTheStoreLost() {
    count("a");
    ring.flush();
    ring.store.wipe();
    ring.flush();
    assertThat(ring.counter(ServerCounter.BATCHES_PUT_AGAIN)).isEqualTo(1);
    assertThat(sum(ring, "a")).isEqualTo(1);
  }

  @Test
  void shouldHoldWhatIsSealedWhileTheStoreIsAwayAndTryLessAndLessOften() {
    ring.store.setAway(true);
    for (int i = 0; i < 5; i++) {
      count("a");
      seal();
    }
    for (int i = 0; i < 600; i++) {
      ring.engine.deliver();
      ring.clock.advance(Duration.ofMillis(100));
    }
    assertThat(ring.engine.delivery().health().isReachable()).isFalse();
    assertThat(ring.engine.delivery().health().problem()).isEqualTo("nobody answers");
    assertThat(ring.engine.unconfirmed().left()).isEqualTo(5);
    assertThat(ring.counter(ServerCounter.STORE_UNAVAILABLE)).isBetween(8L, 14L);
    ring.store.setAway(false);
    ring.clock.advance(Duration.ofSeconds(10));
    ring.engine.deliver();
    assertThat(ring.engine.delivery().health().isReachable()).isTrue();
    assertThat(sum(ring, "a")).isEqualTo(5);
  }

  @Test
  void shouldPutAgainWhenItIsNotKnownWhetherAPutTookEffect() {
    count("a");
    ring.store.failAfterNextPut();
    ring.flush();
    assertThat(ring.engine.unconfirmed().left()).isEqualTo(1);
    ring.clock.advance(Duration.ofSeconds(1));
    ring.engine.deliver();
    assertThat(ring.engine.unconfirmed().left()).isZero();
    assertThat(ring.counter(ServerCounter.BATCHES_KNOWN)).isEqualTo(1);
    assertThat(sum(ring, "a")).isEqualTo(1);
  }

  @Test
  void shouldNotLetOneBatchHoldUpTheOthers() {
    ring.store.refuse(new BatchName(ring.engine.incarnation(), 2));
    for (int segment = 1; segment <= 5; segment++) {
      count("a");
      seal();
    }
    for (int i = 0; i < 100; i++) {
      ring.engine.deliver();
      ring.clock.advance(Duration.ofSeconds(10));
    }
    assertThat(ring.engine.unconfirmed().left()).isEqualTo(1);
    assertThat(sum(ring, "a")).isEqualTo(4);
  }

  @Test
  void shouldPutNothingIntoAStoreOfAnotherLayout() {
    TestRing other = new TestRing(1, 1, b -> b);
    ReferencePeriodStore store =
        new ReferencePeriodStore(new Layout(Period.TEN_SECONDS, 4), other.clock);
    Delivery delivery =
        new Delivery(
            store,
            other.config.layout(),
            other.engine.unconfirmed(),
            other.clock,
            other.engine.counters());
    delivery.pass();
    assertThat(other.counter(ServerCounter.STORE_FOREIGN_CONTENT)).isEqualTo(1);
    assertThat(delivery.health().problem()).contains("--shards 4").contains("--shards 16");
  }

  @Test
  void shouldSettleWhenTheStoreHasEverything() {
    count("a");
    ring.flush();
    ring.store.wipe();
    count("b");
    ring.store.setAway(true);
    seal();
    CompletableFuture<Void> settled = ring.engine.delivery().settle();
    ring.engine.deliver();
    assertThat(settled).isNotDone();
    ring.store.setAway(false);
    ring.engine.deliver();
    assertThat(settled).isCompleted();
    assertThat(sum(ring, "a")).isEqualTo(1);
    assertThat(sum(ring, "b")).isEqualTo(1);
  }

  @Test
  void shouldConfirmWhenHistoryHasEverything() {
    count("a");
    ring.flush();
    CompletableFuture<Void> confirmed = ring.engine.delivery().confirm();
    ring.engine.deliver();
    assertThat(confirmed).isNotDone();
    ring.store.rollUp();
    ring.store.setAway(true);
    ring.engine.deliver();
    assertThat(confirmed).isNotDone();
    ring.store.setAway(false);
    ring.clock.advance(Duration.ofSeconds(10));
    ring.engine.deliver();
    assertThat(confirmed).isCompleted();
    assertThat(ring.engine.unconfirmed().size()).isZero();
  }

  @Test
  void shouldForgetKeysThatHistoryHas() {
    count("a");
    ring.flush();
    assertThat(ring.engine.keys().size()).isEqualTo(1);
    ring.store.rollUp();
    ring.flush();
    seal();
    assertThat(ring.engine.keys().size()).isZero();
  }

  /** Whatever the store goes through, in the end history has each batch once. */
  @Property(tries = 100)
  void shouldEndExactWhateverHappensToTheStore(@ForAll Random random) {
    TestRing any = new TestRing(1, random.nextLong(), b -> b);
    DataPackets packets = new DataPackets(1, any.open(0, TestRing.address(1), 1, 1, 0).lane());
    int counted = 0;
    for (int step = 0; step < 200; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          any.receive(0, TestRing.address(1), packets.counter("a", 1));
          counted++;
        }
        case 3, 4 -> any.flush();
        case 5 -> any.store.setAway(random.nextBoolean());
        case 6 -> any.store.wipe();
        case 7 -> any.store.failAfterNextPut();
        case 8 -> any.store.rollUp();
        default -> any.clock.advance(Duration.ofSeconds(random.nextInt(20)));
      }
      any.engine.deliver();
    }
    any.store.setAway(false);
    for (int i = 0; i < 6; i++) {
      any.clock.advance(Duration.ofSeconds(20));
      any.flush();
      any.engine.deliver();
      any.store.rollUp();
    }
    any.flush();
    assertThat(any.engine.unconfirmed().size()).isZero();
    assertThat(sum(any, "a")).isEqualTo(counted);
    assertThat(any.store.allWaiting()).extracting(Batch::name).isEmpty();
  }
}
