package org.skymetrics.store.redis;

import java.time.Duration;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;

/** The client library's settings, from ours. */
final class ClientConfigs {
  private ClientConfigs() {}

  static JedisClientConfig forData(RedisOptions options) {
    return of(options, options.login(), options.callTimeout());
  }

  /** A sentinel has its answer at hand: it is not waited for any longer than for a connection. */
  static JedisClientConfig forSentinels(RedisOptions options) {
    return of(options, options.sentinelLogin(), options.connectTimeout());
  }

  // What replaces them takes Java's key stores only, and reads these files for each connection.
  @SuppressWarnings("deprecation")
  private static JedisClientConfig of(
      RedisOptions options, RedisOptions.Login login, Duration timeout) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .resp2()
            .autoNegotiateProtocol(false)
            .connectionTimeoutMillis((int) options.connectTimeout().toMillis())
            .socketTimeoutMillis((int) timeout.toMillis())
            .user(login.user())
            .password(login.password())
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    RedisTls tls = options.tls();
    if (tls != null) {
      // The library then compares the name in the certificate with the address.
      config.ssl(true).sslSocketFactory(tls.sockets());
    }
    return config.build();
  }
}
