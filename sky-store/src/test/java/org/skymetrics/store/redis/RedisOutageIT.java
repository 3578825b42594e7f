package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.batch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.Samples;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import redis.clients.jedis.Protocol.Command;

class RedisOutageIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);

  private final StoreCounters counters = new StoreCounters();

  @Test
  void shouldSayThatRedisIsNotThere() throws IOException {
    RedisOptions nobody = RedisOptions.parse("127.0.0.1:" + RedisUnderTest.freePort());
    assertThatThrownBy(() -> RedisPeriodStore.connect(nobody, LAYOUT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("can't be reached")
        .hasMessageContaining(nobody.address().toString())
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(Fault.UNAVAILABLE);
    assertThatThrownBy(
            () -> RedisPeriodStore.connect(RedisOptions.parse("no-such-host.invalid:1"), LAYOUT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void shouldStartWithoutRedisAndRecoverByItselfWheneverItComesBack() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store =
            RedisPeriodStore.lazily(redis.options(), LAYOUT, PeriodStore.LATE_HORIZON, counters)) {
      redis.stop();
      assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1))))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(store::waiting).isInstanceOf(StoreException.class);
      for (int i = 0; i < 2; i++) {
        redis.start();
        assertThat(store.put(List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
        assertThat(redis.text(Command.EXISTS, "sky:layout")).isEqualTo("1");
        redis.stop();
        assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1))))
            .isInstanceOf(StoreException.class)
            .extracting(e -> ((StoreException) e).fault())
            .isEqualTo(Fault.UNAVAILABLE);
      }
      redis.start();
      assertThat(store.waiting()).isEmpty();
    }
  }

  @Test
  void shouldGoOnAtOnceWhereOnlyItsConnectionsWereCut() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
      store.put(List.of(batch(1, "a", 1)));
      redis.command(Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
      assertThat(store.put(List.of(batch(1, "a", 1), batch(2, "a", 2))))
          .containsExactly(PutOutcome.KNOWN, PutOutcome.TAKEN);
      assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 3L));
      assertThat(counters.get(StoreCounter.RETRY)).isEqualTo(1);
      assertThat(counters.get(StoreCounter.CONNECTION_LOST)).isEqualTo(1);
      assertThat(counters.get(StoreCounter.CALL_FAILED)).isZero();
    }
  }

  /**
   * Redis that takes connections and bytes but never answers: reads and writes both stand still.
   */
  @Test
  void shouldGiveUpACallThatIsNeitherReadNorAnswered() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      RedisOptions options =
          RedisOptions.parse("127.0.0.1:" + deaf.getLocalPort())
              .withCallTimeout(Duration.ofMillis(300));
      assertThatThrownBy(() -> RedisPeriodStore.connect(options, LAYOUT, counters))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in time")
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.TIMEOUT);
      try (RedisLink link = new RedisLink(options, counters)) {
        byte[] more = new byte[64 << 20];
        assertThatThrownBy(
                () -> link.run(new ScriptCall(Script.STATES, List.of(), () -> List.of(more))))
            .isInstanceOf(StoreException.class)
            .extracting(e -> ((StoreException) e).fault())
            .isEqualTo(Fault.TIMEOUT);
      }
      assertThat(counters.get(StoreCounter.TIMEOUT)).isEqualTo(2);
      assertThat(counters.get(StoreCounter.RETRY)).isZero();
    }
  }

  @Test
  void shouldSayThatPasswordOrRightsAreWrong() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch("requirepass secret")) {
      RedisOptions right = redis.options().withPassword("secret");
      try (RedisPeriodStore store = RedisPeriodStore.connect(right, LAYOUT)) {
        store.put(List.of(batch(1, "a", 1)));
      }
      for (RedisOptions wrong :
          List.of(
              redis.options(),
              redis.options().withPassword("guess"),
              redis.options().withUser("nobody", "secret"))) {
        assertThatThrownBy(() -> RedisPeriodStore.connect(wrong, LAYOUT))
            .isInstanceOf(StoreException.class)
            .hasMessageNotContaining("secret")
            .extracting(e -> ((StoreException) e).fault())
            .isEqualTo(Fault.NOT_ALLOWED);
      }
      assertThat(right.toString()).doesNotContain("secret");
    }
  }

  @Test
  void shouldSayThatAReplicaTakesNoWrites() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
      redis.command(Command.REPLICAOF, "127.0.0.1", RedisUnderTest.freePort());
      assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1))))
          .isInstanceOf(StoreException.class)
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.REFUSES_WRITES);
    }
  }

  @Test
  void shouldShareAPoolOfOneAmongThreads() throws Exception {
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store =
            RedisPeriodStore.connect(redis.options().withPoolSize(1), LAYOUT, counters)) {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<List<PutOutcome>>> puts =
            java.util.stream.LongStream.range(0, 40)
                .mapToObj(i -> threads.submit(() -> store.put(List.of(batch(i, "a", 1)))))
                .toList();
        for (Future<List<PutOutcome>> put : puts) {
          assertThat(put.get()).containsExactly(PutOutcome.TAKEN);
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(store.counters(Samples.PLACE)).isEqualTo(Map.of(Key.of("a"), 40L));
    }
  }
}
