package org.skymetrics.store.redis;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Over TLS with certificates on both sides, as a user with no more than the documented rights. */
class RedisSecuredPeriodStoreIT extends RedisContract {
  private static final TestCertificates CERTIFICATES = TestCertificates.shared();
  private static RedisUnderTest redis;

  @BeforeAll
  static void start() throws IOException {
    redis = SecuredRedis.launch(CERTIFICATES, RedisUnderTest.freePort());
  }

  @AfterAll
  static void stop() throws IOException {
    redis.close();
  }

  @Override
  RedisOptions options() {
    return SecuredRedis.asSky(redis.options(), CERTIFICATES);
  }

  @Override
  List<RedisUnderTest> masters() {
    return List.of(redis);
  }
}
