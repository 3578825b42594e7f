package org.skymetrics.store.redis;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisClusterPeriodStoreIT extends RedisContract {
  private static RedisClusterUnderTest cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = RedisClusterUnderTest.launch();
  }

  @AfterAll
  static void stopCluster() throws IOException {
    cluster.close();
  }

  @Override
  RedisOptions options() {
    return cluster.options();
  }

  @Override
  List<RedisUnderTest> masters() {
    return cluster.nodes();
  }

  @Override
  RedisUnderTest holderOf(byte[] key) {
    return cluster.holderOf(key);
  }
}
