package org.skymetrics.store.redis;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisSentinelPeriodStoreIT extends RedisContract {
  private static RedisUnderTest master;
  private static RedisUnderTest sentinel;

  @BeforeAll
  static void start() throws IOException {
    master = RedisUnderTest.launch();
    sentinel = RedisUnderTest.sentinel("sky", master);
  }

  @AfterAll
  static void stop() throws IOException {
    sentinel.close();
    master.close();
  }

  @Override
  RedisOptions options() {
    return RedisOptions.parse("sentinel://" + sentinel.address() + "/sky");
  }

  @Override
  List<RedisUnderTest> masters() {
    return List.of(master);
  }
}
