package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.batch;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;
import static org.skymetrics.store.Samples.gauge;
import static org.skymetrics.store.Samples.histogram;
import static org.skymetrics.store.Samples.level;
import static org.skymetrics.store.Samples.times;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore.BatchState;
import redis.clients.jedis.Protocol.Command;

/** A connection cut at any byte, and a retry: exactly once. */
class CutConnectionIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);
  private static RedisUnderTest redis;

  private final StoreCounters counters = new StoreCounters();
  private CuttingProxy proxy;
  private RedisPeriodStore store;
  private long segment;

  @BeforeAll
  static void startRedis() throws IOException {
    redis = RedisUnderTest.launch();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.close();
  }

  @BeforeEach
  void connect() throws IOException {
    redis.command(Command.FLUSHALL);
    proxy = new CuttingProxy(redis.port());
    store =
        RedisPeriodStore.connect(RedisOptions.parse("127.0.0.1:" + proxy.port()), LAYOUT, counters);
  }

  @AfterEach
  void disconnect() throws IOException {
    store.close();
    proxy.close();
  }

  private List<Batch> nextBatches() {
    Batch first =
        batch(
            PLACE,
            ++segment,
            Map.of(
                counter("a|b"), count(3),
                counter("a"), count(3),
                gauge("g"), level(segment, START_MS + segment, 1, segment),
                histogram("h"), times(1, 2)));
    return List.of(first, batch(PLACE, ++segment, Map.of(counter("a"), count(4))));
  }

  /** As a server does: until it is told that all is well. */
  private void putUntilTaken(List<Batch> batches) {
    for (int tries = 0; ; tries++) {
      try {
        store.put(batches);
        return;
      } catch (StoreException e) {
        assertThat(tries).isLessThan(3);
      }
    }
  }

  private void requireExactlyOnce(List<Batch> batches, long rounds) {
    assertThat(store.counters(PLACE))
        .isEqualTo(Map.of(Key.of("a"), 7 * rounds, Key.of("a|b"), 3 * rounds));
    assertThat(store.gauges(1).get(Key.of("g")).last()).isEqualTo(batches.get(0).name().segment());
    assertThat(store.states(PLACE, batches.stream().map(Batch::name).toList()).values())
        .containsOnly(BatchState.WAITING);
  }

  @Test
  void shouldPutOnceWhereverTheReplyIsCut() {
    putUntilTaken(nextBatches());
    proxy.cutAfter(Long.MAX_VALUE, Long.MAX_VALUE);
    putUntilTaken(nextBatches());
    long whole = proxy.replyBytes();
    assertThat(whole).isBetween(40L, 400L);
    long rounds = 2;
    for (long n = 0; n < whole; n++) {
      List<Batch> batches = nextBatches();
      proxy.cutAfter(Long.MAX_VALUE, n);
      putUntilTaken(batches);
      requireExactlyOnce(batches, ++rounds);
    }
    assertThat(store.mailbox(PLACE)).hasSize((int) (2 * rounds));
    assertThat(counters.get(StoreCounter.CONNECTION_LOST)).isEqualTo(whole);
    assertThat(counters.get(StoreCounter.RETRY)).isEqualTo(whole);
  }

  @Test
  void shouldPutOnceWhereverTheRequestIsCut() {
    putUntilTaken(nextBatches());
    proxy.cutAfter(Long.MAX_VALUE, Long.MAX_VALUE);
    putUntilTaken(nextBatches());
    long whole = proxy.requestBytes();
    assertThat(whole).isGreaterThan(500);
    long rounds = 2;
    for (long n = 0; n < whole; n += 13) {
      List<Batch> batches = nextBatches();
      proxy.cutAfter(n, Long.MAX_VALUE);
      putUntilTaken(batches);
      requireExactlyOnce(batches, ++rounds);
    }
    assertThat(store.mailbox(PLACE)).hasSize((int) (2 * rounds));
    assertThat(counters.get(StoreCounter.RETRY)).isPositive();
  }

  @Test
  void shouldBeDoneWhereverTheReplyIsCut() {
    List<Batch> batches = nextBatches();
    putUntilTaken(batches);
    for (long n = 0; n < 4; n++) {
      proxy.cutAfter(Long.MAX_VALUE, n);
      store.done(PLACE, List.of(batches.get(0).name()));
      assertThat(store.mailbox(PLACE)).hasSize(1);
      assertThat(store.waiting()).containsExactly(PLACE);
    }
    store.done(PLACE, List.of(batches.get(1).name()));
    assertThat(store.waiting()).isEmpty();
  }
}
