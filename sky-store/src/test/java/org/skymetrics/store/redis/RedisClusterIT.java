package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.batch;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A cluster whose slots move and whose nodes die. */
class RedisClusterIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);

  private final StoreCounters counters = new StoreCounters();
  private static RedisClusterUnderTest cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = RedisClusterUnderTest.launch();
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  @BeforeEach
  void empty() {
    cluster.nodes().forEach(node -> node.command(Command.FLUSHALL));
  }

  private static List<Batch> batchOfEachShard(long segment) {
    return IntStream.range(0, LAYOUT.shards())
        .mapToObj(
            shard ->
                batch(
                    new ShardPeriod(shard, START_MS),
                    segment,
                    Map.of(counter("a"), count(segment))))
        .toList();
  }

  @Test
  void shouldSpreadShardsOverAllNodesAndFindThemFromAnyOfThem() {
    for (RedisUnderTest node : cluster.nodes()) {
      RedisOptions one = RedisOptions.parse("cluster://" + node.address());
      try (RedisPeriodStore store = RedisPeriodStore.connect(one, LAYOUT, counters)) {
        store.put(batchOfEachShard(1));
        assertThat(store.waiting()).hasSize(LAYOUT.shards());
      }
    }
    for (RedisUnderTest node : cluster.nodes()) {
      assertThat(Integer.parseInt(node.text(Command.DBSIZE))).isBetween(8, 60);
    }
    assertThat(counters.get(StoreCounter.REDIRECTED)).isZero();
  }

  @Test
  void shouldFollowASlotThatMoves() {
    byte[] key = Keys.lease("rollup/1");
    int slot = JedisClusterCRC16.getSlot(key);
    RedisUnderTest from = cluster.holderOf(key);
    RedisUnderTest to =
        cluster.nodes().stream().filter(node -> node != from).findFirst().orElseThrow();
    try (RedisPeriodStore store = RedisPeriodStore.connect(cluster.options(), LAYOUT, counters)) {
      to.command(Command.CLUSTER, "SETSLOT", slot, "IMPORTING", RedisClusterUnderTest.id(from));
      from.command(Command.CLUSTER, "SETSLOT", slot, "MIGRATING", RedisClusterUnderTest.id(to));
      assertThat(store.lease("rollup/1", "me", Duration.ofHours(1))).isTrue();
      long asked = counters.get(StoreCounter.REDIRECTED);
      assertThat(asked).isPositive();
      for (RedisUnderTest node : List.of(to, from)) {
        node.command(Command.CLUSTER, "SETSLOT", slot, "NODE", RedisClusterUnderTest.id(to));
      }
      assertThat(store.lease("rollup/1", "other", Duration.ofHours(1))).isFalse();
      assertThat(counters.get(StoreCounter.REDIRECTED)).isEqualTo(asked + 1);
      assertThat(store.lease("rollup/1", "other", Duration.ofHours(1))).isFalse();
      assertThat(counters.get(StoreCounter.REDIRECTED)).isEqualTo(asked + 1);
      assertThat(counters.get(StoreCounter.CALL_FAILED)).isZero();
    }
  }

  @Test
  void shouldPutOnceAShardHasMoved() {
    byte[] key = Keys.mailbox(PLACE);
    int slot = JedisClusterCRC16.getSlot(key);
    RedisUnderTest from = cluster.holderOf(key);
    RedisUnderTest to =
        cluster.nodes().stream().filter(node -> node != from).findFirst().orElseThrow();
    try (RedisPeriodStore store = RedisPeriodStore.connect(cluster.options(), LAYOUT, counters)) {
      to.command(Command.CLUSTER, "SETSLOT", slot, "IMPORTING", RedisClusterUnderTest.id(from));
      from.command(Command.CLUSTER, "SETSLOT", slot, "MIGRATING", RedisClusterUnderTest.id(to));
      assertThatThrownBy(() -> store.put(batchOfEachShard(1)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("moving")
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.UNAVAILABLE);
      for (RedisUnderTest node : List.of(to, from)) {
        node.command(Command.CLUSTER, "SETSLOT", slot, "NODE", RedisClusterUnderTest.id(to));
      }
      List<PutOutcome> outcomes = store.put(batchOfEachShard(1));
      assertThat(outcomes.get(PLACE.shard())).isEqualTo(PutOutcome.TAKEN);
      assertThat(store.waiting()).hasSize(LAYOUT.shards());
      assertThat(to.text(Command.EXISTS, key)).isEqualTo("1");
    }
  }

  @Test
  void shouldGoOnWithTheReplicaOfANodeThatDied() throws IOException {
    try (RedisClusterUnderTest mortal = RedisClusterUnderTest.launch()) {
      RedisUnderTest dies = mortal.holderOf(Keys.LAYOUT);
      RedisOptions options = mortal.options();
      requireThatItGoesOn(options, dies, mortal.replicate(dies));
    }
  }

  private void requireThatItGoesOn(
      RedisOptions options, RedisUnderTest dies, RedisUnderTest replica) throws IOException {
    try (RedisPeriodStore store = RedisPeriodStore.connect(options, LAYOUT, counters)) {
      store.put(batchOfEachShard(1));
      assertThat(dies.text(Command.WAIT, 1, 0)).isEqualTo("1");
      dies.kill();
      long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      boolean isPut = false;
      while (!isPut) {
        try {
          store.put(batchOfEachShard(2));
          isPut = true;
        } catch (StoreException e) {
          assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE);
          assertThat(System.nanoTime()).as(e.toString()).isLessThan(end);
        }
      }
      for (long segment = 1; segment <= 2; segment++) {
        for (Batch batch : batchOfEachShard(segment)) {
          assertThat(store.states(batch.place(), List.of(batch.name())).values())
              .containsExactly(BatchState.WAITING);
        }
      }
      assertThat(replica.info("role")).isEqualTo("master");
      assertThat(counters.get(StoreCounter.CALL_UNAVAILABLE)).isPositive();
    }
  }

  @Test
  void shouldNotWaitTwiceForANodeThatHangs() throws IOException {
    RedisUnderTest hangs = cluster.holderOf(Keys.LAYOUT);
    RedisOptions impatient = cluster.options().withCallTimeout(Duration.ofMillis(700));
    try (RedisPeriodStore store = RedisPeriodStore.connect(impatient, LAYOUT, counters)) {
      hangs.suspend();
      assertThatThrownBy(() -> store.put(batchOfEachShard(1)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(hangs.address())
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.TIMEOUT);
      assertThat(counters.get(StoreCounter.CONNECTION_LOST)).isEqualTo(1);
      assertThat(counters.get(StoreCounter.TIMEOUT)).isEqualTo(1);
      hangs.resume();
      cluster.awaitAgreement();
    }
  }

  @Test
  void shouldSayWhatIsWrong() throws IOException {
    try (RedisUnderTest alone = RedisUnderTest.launch()) {
      requireSentence("cluster://" + alone.address(), Fault.OTHER, "leave out cluster://");
    }
    RedisUnderTest other =
        cluster.nodes().stream()
            .filter(node -> node != cluster.holderOf(Keys.LAYOUT))
            .findFirst()
            .orElseThrow();
    requireSentence(other.address(), Fault.OTHER, "give cluster://");
    try (RedisUnderTest lonely = RedisUnderTest.launch("cluster-enabled yes")) {
      requireSentence("cluster://" + lonely.address(), Fault.UNAVAILABLE, "has no slots yet");
    }
  }

  private void requireSentence(String address, Fault fault, String sentence) {
    assertThatThrownBy(() -> RedisPeriodStore.connect(RedisOptions.parse(address), LAYOUT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(sentence)
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(fault);
  }
}
