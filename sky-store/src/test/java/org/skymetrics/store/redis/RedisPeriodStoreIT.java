package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.batch;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;
import static org.skymetrics.store.Samples.gauge;
import static org.skymetrics.store.Samples.level;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import redis.clients.jedis.Protocol.Command;

class RedisPeriodStoreIT extends RedisContract {
  private static RedisUnderTest redis;

  @BeforeAll
  static void startRedis() throws IOException {
    redis = RedisUnderTest.launch();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.close();
  }

  @Override
  RedisOptions options() {
    return redis.options();
  }

  @Override
  List<RedisUnderTest> masters() {
    return List.of(redis);
  }

  @Test
  void shouldKeepToTheKeysOfTheStorageLayout() {
    Batch batch =
        batch(PLACE, 1, Map.of(counter("a|b"), count(5), gauge("g"), level(1, START_MS, 2, 3)));
    store.put(List.of(batch));
    long period = START_MS / 1000;
    assertThat(redis.text(Command.HGET, "sky:{1}:count:" + period, "a|b")).isEqualTo("5");
    assertThat(redis.text(Command.HGET, "sky:layout", "shards")).isEqualTo("4");
    assertThat(redis.text(Command.HGET, "sky:layout", "period")).isEqualTo("60000");
    // The ten minutes of shard 1 of 4 begin at 2:30, 12:30 and so on.
    long seen = (period - 150) / 600 * 600 + 150;
    assertThat(redis.text(Command.ZSCORE, "sky:{1}:seen", "1a|b")).isEqualTo("" + seen);
    assertThat(redis.text(Command.ZSCORE, "sky:{1}:seen", "2g")).isEqualTo("" + seen);
    assertThat(redis.text(Command.ZSCORE, "sky:{1}:waiting", "" + period)).isEqualTo("" + period);
    assertThat(redis.text(Command.HLEN, "sky:{1}:mail:" + period)).isEqualTo("1");
    assertThat(redis.text(Command.HSTRLEN, "sky:{1}:gauge", "g")).isEqualTo("" + (32 + 33));
    store.done(PLACE, List.of(batch.name()));
    assertThat(redis.text(Command.EXISTS, "sky:{1}:mail:" + period)).isEqualTo("0");
    assertThat(redis.text(Command.SISMEMBER, "sky:{1}:done:" + period, batch.name().toString()))
        .isEqualTo("1");
    assertThat(Long.parseLong(redis.text(Command.TTL, "sky:{1}:done:" + period)))
        .isBetween(172_700L, 172_800L);
    assertThat(Long.parseLong(redis.text(Command.TTL, "sky:{1}:count:" + period)))
        .isBetween(3_500L, 3_600L);
  }

  @Test
  void shouldWriteNothingWhereAKeyIsOfAnotherType() {
    List<byte[]> keys =
        List.of(
            Keys.mailbox(PLACE),
            Keys.done(PLACE),
            Keys.count(PLACE),
            Keys.gauge(1),
            Keys.seen(1),
            Keys.waiting(1));
    for (byte[] key : keys) {
      redis.command(Command.SET, key, "x");
      assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1))))
          .isInstanceOf(StoreException.class)
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.FOREIGN_CONTENT);
      redis.command(Command.DEL, key);
      assertThat(redis.text(Command.DBSIZE)).isEqualTo("1");
    }
  }

  @Test
  void shouldNotTouchAForeignLayoutKey() {
    store.close();
    redis.command(Command.DEL, "sky:layout");
    redis.command(Command.HSET, "sky:layout", "period", "soon");
    assertThatThrownBy(() -> open(LAYOUT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("sky:layout")
        .hasMessageContaining("soon");
    redis.command(Command.DEL, "sky:layout");
    redis.command(Command.SET, "sky:layout", "x");
    assertThatThrownBy(() -> open(LAYOUT))
        .isInstanceOf(StoreException.class)
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(Fault.FOREIGN_CONTENT);
  }

  @Test
  void shouldWriteTheLayoutAgainBeforeItPutsIntoAWipedRedis() {
    redis.command(Command.FLUSHALL);
    store.put(List.of(batch(1, "a", 1)));
    assertThat(redis.text(Command.HGET, "sky:layout", "shards")).isEqualTo("4");
    redis.command(Command.HSET, "sky:layout", "shards", "9");
    assertThatThrownBy(() -> store.put(List.of(batch(2, "a", 1))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("--shards 9")
        .hasMessageContaining("--shards 4");
  }

  @Test
  void shouldSendScriptsWholeWhereRedisDoesNotKnowThem() {
    redis.command(Command.SCRIPT, "FLUSH");
    List<Batch> batches = List.of(batch(1, "a", 1), batch(2, "a", 2), batch(3, "a", 3));
    assertThat(store.put(batches)).containsOnly(PutOutcome.TAKEN);
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 6L));
    assertThat(counters.get(StoreCounter.SCRIPT_SENT)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void shouldTakeAllOrNothingWhereMemoryIsFull() {
    store.put(List.of(batch(1, "a", 1)));
    redis.command(Command.CONFIG, "SET", "maxmemory", "1");
    try {
      assertThatThrownBy(() -> store.put(List.of(batch(2, "a", 1))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("maxmemory")
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.REFUSES_WRITES);
      assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 1L));
      assertThat(store.mailbox(PLACE)).hasSize(1);
      store.done(PLACE, List.of(batch(1, "a", 1).name()));
      assertThat(store.waiting()).isEmpty();
    } finally {
      redis.command(Command.CONFIG, "SET", "maxmemory", "0");
    }
    assertThat(store.put(List.of(batch(2, "a", 1), batch(1, "a", 1))))
        .containsExactly(PutOutcome.TAKEN, PutOutcome.KNOWN);
  }

  @Test
  void shouldReplaceADamagedGaugeAndLeaveOutWhatItCanNotRead() {
    redis.command(Command.HSET, Keys.gauge(1), "g", "short");
    redis.command(Command.HSET, Keys.gauge(1), "|", "x".repeat(65));
    redis.command(Command.ZADD, Keys.seen(1), "1", "9what");
    redis.command(Command.HSET, Keys.count(PLACE), "c", "much");
    redis.command(Command.ZADD, Keys.waiting(1), "1", "soon");
    assertThat(store.gauges(1)).isEmpty();
    assertThat(store.seen(1)).isEmpty();
    assertThat(store.waiting()).isEmpty();
    assertThat(store.counters(PLACE)).isEmpty();
    assertThat(counters.get(StoreCounter.DAMAGED_ENTRY)).isEqualTo(5);
    store.put(
        List.of(
            batch(PLACE, 1, Map.of(gauge("g"), level(1, START_MS, 2, 3), counter("c"), count(1)))));
    assertThat(store.gauges(1).keySet()).containsExactly(Key.of("g"));
    assertThat(counters.get(StoreCounter.REFUSED_INCREMENT)).isEqualTo(1);
  }
}
