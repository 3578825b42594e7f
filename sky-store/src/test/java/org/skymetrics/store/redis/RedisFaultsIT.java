package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import redis.clients.jedis.Protocol.Command;

/** A Redis that is there, but not as it was, or not as it should be. */
class RedisFaultsIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);

  private final StoreCounters counters = new StoreCounters();

  private static BatchName name(long segment) {
    return batch(segment, "a", 1).name();
  }

  @Test
  void shouldTakeAgainWhatAnOlderRedisHasForgotten() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch("save 3600 1");
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
      store.put(List.of(batch(1, "a", 1), batch(2, "a", 2)));
      redis.command(Command.SAVE);
      Path saved = redis.directory().resolve("dump.rdb");
      Path old = redis.directory().resolve("old.rdb");
      Files.copy(saved, old);
      store.done(PLACE, List.of(name(1)));
      store.put(List.of(batch(3, "a", 4)));
      redis.kill();
      Files.move(old, saved, StandardCopyOption.REPLACE_EXISTING);
      redis.start();
      assertThat(store.states(PLACE, List.of(name(1), name(2), name(3))))
          .isEqualTo(
              Map.of(
                  name(1), BatchState.WAITING,
                  name(2), BatchState.WAITING,
                  name(3), BatchState.ABSENT));
      assertThat(store.put(List.of(batch(3, "a", 4), batch(2, "a", 2))))
          .containsExactly(PutOutcome.TAKEN, PutOutcome.KNOWN);
      assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 7L));
      assertThat(store.mailbox(PLACE)).hasSize(3);
    }
  }

  @Test
  void shouldKeepWhatIsOnDiskThroughARestart() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch("appendonly yes", "appendfsync always");
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
      store.put(List.of(batch(1, "a", 1)));
      redis.kill();
      redis.start();
      assertThat(store.put(List.of(batch(1, "a", 1), batch(2, "a", 2))))
          .containsExactly(PutOutcome.KNOWN, PutOutcome.TAKEN);
      assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 3L));
    }
  }

  /** What was sent while Redis hung it does later, and after that the batch is known to it. */
  @Test
  void shouldCountOnceWhatAHungRedisDoesLate() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store =
            RedisPeriodStore.connect(
                redis.options().withCallTimeout(Duration.ofSeconds(1)), LAYOUT, counters)) {
      store.put(List.of(batch(1, "a", 1)));
      redis.suspend();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> store.put(List.of(batch(2, "a", 2))))
            .isInstanceOf(StoreException.class)
            .extracting(e -> ((StoreException) e).fault())
            .isEqualTo(Fault.TIMEOUT);
      }
      redis.resume();
      redis.await(asked -> asked.text(Command.PING).equals("PONG"));
      store.put(List.of(batch(2, "a", 2)));
      assertThat(store.put(List.of(batch(2, "a", 2)))).containsExactly(PutOutcome.KNOWN);
      assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 3L));
      assertThat(counters.get(StoreCounter.TIMEOUT)).isEqualTo(2);
    }
  }

  @Test
  void shouldWriteNothingWhereRedisCanNotSave(@TempDir Path directory) throws IOException {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
      redis.command(Command.CONFIG, "SET", "dir", gone);
      redis.command(Command.CONFIG, "SET", "save", "3600 1");
      Files.delete(gone);
      redis.command(Command.BGSAVE);
      redis.await(asked -> asked.info("rdb_last_bgsave_status").equals("err"));
      requireRefusal(store, "can't save to its disk");
      assertThat(store.states(PLACE, List.of(name(1))).values()).containsExactly(BatchState.ABSENT);
      redis.command(Command.CONFIG, "SET", "dir", directory);
      redis.command(Command.BGSAVE);
      redis.await(asked -> asked.info("rdb_last_bgsave_status").equals("ok"));
      assertThat(store.put(List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
    }
  }

  @Test
  void shouldWriteNothingWithoutTheReplicasThatAreAskedFor() throws IOException {
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
      redis.command(Command.CONFIG, "SET", "min-replicas-to-write", "1");
      requireRefusal(store, "has too few replicas to write");
      redis.command(Command.CONFIG, "SET", "min-replicas-to-write", "0");
      assertThat(store.put(List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
    }
  }

  @Test
  void shouldGoOnOnceAReplicaIsMadeMaster() throws IOException {
    try (RedisUnderTest master = RedisUnderTest.launch();
        RedisUnderTest redis = RedisUnderTest.launch("replicaof 127.0.0.1 " + master.port())) {
      redis.await(asked -> asked.info("master_link_status").equals("up"));
      RedisPeriodStore.connect(master.options(), LAYOUT).close();
      assertThat(master.text(Command.WAIT, 1, 0)).isEqualTo("1");
      try (RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), LAYOUT, counters)) {
        requireRefusal(store, "is a read-only replica");
        assertThat(store.counters(PLACE)).isEmpty();
        redis.command(Command.REPLICAOF, "NO", "ONE");
        assertThat(store.put(List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
      }
    }
  }

  private void requireRefusal(RedisPeriodStore store, String sentence) {
    assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(sentence)
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(Fault.REFUSES_WRITES);
    assertThat(counters.get(StoreCounter.CALL_WRITE_REFUSED)).isEqualTo(1);
  }
}
