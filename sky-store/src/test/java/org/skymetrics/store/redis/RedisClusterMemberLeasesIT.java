package org.skymetrics.store.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.member.MemberLeasesContract;
import redis.clients.jedis.Protocol.Command;

class RedisClusterMemberLeasesIT extends MemberLeasesContract {
  private static RedisClusterUnderTest cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = RedisClusterUnderTest.launch();
  }

  @AfterAll
  static void stopCluster() throws IOException {
    cluster.close();
  }

  @AfterEach
  void empty() {
    cluster.nodes().forEach(redis -> redis.command(Command.FLUSHALL));
  }

  @Override
  protected MemberLeases open() {
    return RedisMemberLeases.lazily(cluster.options(), new StoreCounters());
  }

  @Override
  protected void pass(Duration time) {
    RedisUnderTest holder = cluster.holderOf(Keys.MEMBERS);
    long end = microseconds(holder) + time.toNanos() / 1000;
    while (microseconds(holder) < end) {
      Thread.onSpinWait();
    }
  }

  private static long microseconds(RedisUnderTest redis) {
    List<?> time = (List<?>) redis.command(Command.TIME);
    return Long.parseLong(new String((byte[]) time.get(0), StandardCharsets.US_ASCII)) * 1_000_000
        + Long.parseLong(new String((byte[]) time.get(1), StandardCharsets.US_ASCII));
  }
}
