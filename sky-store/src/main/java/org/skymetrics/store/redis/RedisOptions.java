package org.skymetrics.store.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and how it is called.
 *
 * @param login to the servers that hold data
 * @param sentinelLogin to the sentinels, where there are any
 * @param tls null where connections, to sentinels too, are plain
 * @param connectTimeout until a connection stands
 * @param callTimeout until a call is answered in full by a server, or given up
 * @param poolSize connections to a server at most
 */
public record RedisOptions(
    RedisAddress address,
    Login login,
    Login sentinelLogin,
    @Nullable RedisTls tls,
    Duration connectTimeout,
    Duration callTimeout,
    int poolSize) {
  /**
   * Who logs in.
   *
   * @param user null for the default user
   * @param password null where none is asked for
   */
  public record Login(@Nullable String user, @Nullable String password) {
    static final Login NONE = new Login(null, null);

    public Login {
      if (user != null && password == null) {
        throw new IllegalArgumentException("a Redis user needs a password");
      }
    }

    /** Without the password. */
    @Override
    public String toString() {
      return user == null ? "default user" : user;
    }
  }

  public RedisOptions {
    requireTimeout(connectTimeout);
    requireTimeout(callTimeout);
    if (poolSize < 1) {
      throw new IllegalArgumentException("a pool has 1 connection or more, not " + poolSize);
    }
  }

  /**
   * Reads an address as {@link RedisAddress#parse} does; {@code rediss://} asks for TLS with the
   * certificates that Java trusts. The rest is as it is by default: no login, 2 s to connect, 10 s
   * for a call, 8 connections.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static RedisOptions parse(String text) {
    RedisTls tls =
        text.regionMatches(true, 0, "rediss://", 0, 9) ? RedisTls.of(null, null, null) : null;
    return new RedisOptions(
        RedisAddress.parse(text),
        Login.NONE,
        Login.NONE,
        tls,
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        8);
  }

  /** The same, as another user of Redis 6's access lists. */
  public RedisOptions withUser(String user, String password) {
    return with(new Login(user, password));
  }

  /** The same, with the password of the user it has or the default one. */
  public RedisOptions withPassword(String password) {
    return with(new Login(login.user(), password));
  }

  private RedisOptions with(Login newLogin) {
    return new RedisOptions(
        address, newLogin, sentinelLogin, tls, connectTimeout, callTimeout, poolSize);
  }

  /** The same, with this user and password for the sentinels. */
  public RedisOptions withSentinelLogin(Login newLogin) {
    return new RedisOptions(address, login, newLogin, tls, connectTimeout, callTimeout, poolSize);
  }

  /** The same over TLS, also to the sentinels. */
  public RedisOptions withTls(RedisTls newTls) {
    return new RedisOptions(
        address, login, sentinelLogin, newTls, connectTimeout, callTimeout, poolSize);
  }

  public RedisOptions withConnectTimeout(Duration newTimeout) {
    return new RedisOptions(address, login, sentinelLogin, tls, newTimeout, callTimeout, poolSize);
  }

  public RedisOptions withCallTimeout(Duration newTimeout) {
    return new RedisOptions(
        address, login, sentinelLogin, tls, connectTimeout, newTimeout, poolSize);
  }

  public RedisOptions withPoolSize(int newPoolSize) {
    return new RedisOptions(
        address, login, sentinelLogin, tls, connectTimeout, callTimeout, newPoolSize);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return (tls == null ? "Redis at " : "Redis (TLS) at ") + address;
  }

  private static void requireTimeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a timeout is 1 ms or more, not " + timeout);
    }
  }
}
