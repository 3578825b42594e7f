package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.batch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import redis.clients.jedis.Protocol.Command;

/** A master that goes away in one way or another, and the replica that sentinels make of it. */
class RedisSentinelIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);

  private final StoreCounters counters = new StoreCounters();
  private RedisUnderTest master;
  private RedisUnderTest replica;
  private RedisUnderTest sentinel;

  @BeforeEach
  void start() throws IOException {
    master = RedisUnderTest.launch();
    replica =
        RedisUnderTest.launch(
            "replicaof 127.0.0.1 " + master.port(), "repl-diskless-load disabled");
    replica.await(redis -> redis.info("master_link_status").equals("up"));
    sentinel = RedisUnderTest.sentinel("sky", master);
    sentinel.await(redis -> redis.text(Command.SENTINEL, "REPLICAS", "sky").contains("[B"));
  }

  @AfterEach
  void stop() throws IOException {
    sentinel.close();
    replica.close();
    master.close();
  }

  private RedisOptions options() {
    return RedisOptions.parse("sentinel://" + sentinel.address() + "/sky")
        .withCallTimeout(Duration.ofSeconds(5));
  }

  private RedisPeriodStore connect() {
    return RedisPeriodStore.connect(options(), LAYOUT, counters);
  }

  /** As a server does: until it is told that all is well. */
  private static List<PutOutcome> putUntilTaken(RedisPeriodStore store, List<Batch> batches) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      try {
        return store.put(batches);
      } catch (StoreException e) {
        assertThat(System.nanoTime()).as(e.toString()).isLessThan(end);
      }
    }
  }

  private void requireThatItWentOver(RedisPeriodStore store, Runnable away) {
    store.put(List.of(batch(1, "a", 1)));
    assertThat(master.text(Command.WAIT, 1, 0)).isEqualTo("1");
    away.run();
    assertThat(putUntilTaken(store, List.of(batch(1, "a", 1), batch(2, "a", 2))))
        .containsExactly(PutOutcome.KNOWN, PutOutcome.TAKEN);
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 3L));
    assertThat(replica.text(Command.HGET, Keys.count(PLACE), "a")).isEqualTo("3");
    assertThat(counters.get(StoreCounter.MASTER_CHANGED)).isEqualTo(1);
  }

  @Test
  void shouldFollowToTheReplicaOfAMasterThatDied() {
    try (RedisPeriodStore store = connect()) {
      requireThatItWentOver(store, () -> unchecked(master::kill));
      assertThat(counters.get(StoreCounter.CALL_UNAVAILABLE)).isPositive();
    }
  }

  @Test
  void shouldFollowToTheReplicaOfAMasterThatHangs() {
    try (RedisPeriodStore store =
        RedisPeriodStore.connect(
            options().withCallTimeout(Duration.ofSeconds(1)), LAYOUT, counters)) {
      requireThatItWentOver(store, () -> unchecked(master::suspend));
      assertThat(counters.get(StoreCounter.TIMEOUT)).isPositive();
    }
  }

  @Test
  void shouldFollowWhereAnOperatorChangesThePlaces() {
    try (RedisPeriodStore store = connect()) {
      requireThatItWentOver(
          store,
          () -> {
            sentinel.await(redis -> redis.text(Command.SENTINEL, "FAILOVER", "sky").equals("OK"));
            replica.await(redis -> redis.info("role").equals("master"));
            // As the sentinel would do after a while; connections stand, and are refused writes.
            master.command(Command.REPLICAOF, "127.0.0.1", replica.port());
          });
    }
  }

  @Test
  void shouldAskTheNextSentinelAfterOneIsBehind() throws IOException {
    try (RedisUnderTest behind = RedisUnderTest.sentinel("sky", replica);
        RedisPeriodStore store =
            RedisPeriodStore.connect(
                RedisOptions.parse(
                    "sentinel://" + behind.address() + "," + sentinel.address() + "/sky"),
                LAYOUT,
                counters)) {
      assertThat(putUntilTaken(store, List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
      assertThat(master.text(Command.HGET, Keys.count(PLACE), "a")).isEqualTo("1");
    }
  }

  @Test
  void shouldGoOnWithoutSentinelsAsLongAsConnectionsStand() throws IOException {
    String gone = "127.0.0.1:" + RedisUnderTest.freePort();
    RedisOptions two = RedisOptions.parse("sentinel://" + gone + "," + sentinel.address() + "/sky");
    try (RedisPeriodStore store = RedisPeriodStore.connect(two, LAYOUT, counters)) {
      sentinel.kill();
      assertThat(store.put(List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
      master.command(Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
      assertThatThrownBy(() -> store.put(List.of(batch(2, "a", 1))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(gone)
          .hasMessageContaining(sentinel.address())
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.UNAVAILABLE);
      sentinel.start();
      assertThat(putUntilTaken(store, List.of(batch(2, "a", 1)))).containsExactly(PutOutcome.TAKEN);
    }
  }

  @Test
  void shouldSayWhatIsWrong() throws IOException {
    requireSentence(
        "sentinel://" + sentinel.address() + "/moon", Fault.OTHER, "knows no master of that name");
    requireSentence("sentinel://" + master.address() + "/sky", Fault.OTHER, "is none");
    requireSentence(sentinel.address(), Fault.OTHER, "sentinel://HOST:PORT/MASTER");
  }

  private void requireSentence(String address, Fault fault, String sentence) {
    assertThatThrownBy(() -> RedisPeriodStore.connect(RedisOptions.parse(address), LAYOUT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(sentence)
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(fault);
  }

  /** Something that talks to a process. */
  private interface Act {
    void run() throws IOException;
  }

  private static void unchecked(Act act) {
    try {
      act.run();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
