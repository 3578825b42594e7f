package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.member.MemberLease.State;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.member.MemberLeasesContract;
import redis.clients.jedis.Protocol.Command;

class RedisMemberLeasesIT extends MemberLeasesContract {
  private static RedisUnderTest redis;

  private final StoreCounters counters = new StoreCounters();

  @BeforeAll
  static void startRedis() throws IOException {
    redis = RedisUnderTest.launch();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.close();
  }

  @AfterEach
  void empty() {
    redis.command(Command.FLUSHALL);
  }

  @Override
  protected MemberLeases open() {
    return RedisMemberLeases.lazily(redis.options(), counters);
  }

  @Override
  protected void pass(Duration time) {
    long end = nowMs() + time.toMillis();
    while (nowMs() < end) {
      Thread.onSpinWait();
    }
  }

  private static long nowMs() {
    List<?> time = (List<?>) redis.command(Command.TIME);
    return Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  @Test
  void shouldKeepToTheKeysOfTheStorageLayout() {
    leases.announce(B, "cafe", State.SERVING, LENGTH);
    assertThat(redis.text(Command.HGET, "sky:members", "b"))
        .matches("serving [0-9]{13} 400 cafe 9 0 host with:odd ::1 name");
    leases.withdraw("b", "cafe");
    assertThat(redis.text(Command.HGET, "sky:members", "b"))
        .matches("left [0-9]{13} 400 cafe 9 0 host with:odd ::1 name");
  }

  @Test
  void shouldForgetWhoWasNotHeardOfForADay() {
    long now = nowMs();
    put("old", "left " + (now - MemberLeases.KEPT.toMillis() - 1) + " 400 cafe 9 0 h");
    put("young", "left " + (now - MemberLeases.KEPT.toMillis() + 60_000) + " 400 cafe 9 0 h");
    assertThat(leases.members()).extracting(l -> l.member().name()).containsExactly("young");
    assertThat(redis.text(Command.HLEN, "sky:members")).isEqualTo("1");
  }

  @Test
  void shouldLeaveOutWhatIsNoLease() {
    List<String> damaged =
        List.of(
            "", "x", "serving", "serving 1 2 3 4 5", "no 1 400 cafe 9 0 h", "serving - - - - -");
    for (int i = 0; i < damaged.size(); i++) {
      put("damaged" + i, damaged.get(i));
    }
    leases.announce(A, "1", State.SERVING, LENGTH);
    assertThat(only().member()).isEqualTo(A);
    assertThat(counters.get(StoreCounter.DAMAGED_ENTRY)).isEqualTo(damaged.size());
    put(A.name(), "nonsense");
    assertThat(leases.announce(A, "1", State.SERVING, LENGTH)).isNull();
    assertThat(only().member()).isEqualTo(A);
  }

  @Test
  void shouldNotKeepANameForATimeThatIsYetToCome() {
    put(A.name(), "serving " + (nowMs() + 3_600_000) + " 400 cafe 9 0 h");
    assertThat(leases.announce(A, "1", State.SERVING, LENGTH)).isNull();
  }

  @Test
  void shouldSayThatRedisIsAway() throws IOException {
    try (RedisUnderTest other = RedisUnderTest.launch();
        MemberLeases away = RedisMemberLeases.lazily(other.options(), counters)) {
      away.announce(A, "1", State.SERVING, LENGTH);
      other.stop();
      assertThatThrownBy(away::members).isInstanceOf(StoreException.class);
      other.start();
      assertThat(away.members()).isEmpty();
    }
  }

  private static void put(String name, String lease) {
    redis.command(Command.HSET, "sky:members", name, lease);
  }
}
