package org.skymetrics.store.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and how it is called.
 *
 * @param user null for the default user
 * @param password null where none is asked for
 * @param connectTimeout until a connection stands
 * @param callTimeout until a call is answered in full, or given up
 * @param poolSize connections at most
 */
public record RedisOptions(
    String host,
    int port,
    @Nullable String user,
    @Nullable String password,
    Duration connectTimeout,
    Duration callTimeout,
    int poolSize) {
  public RedisOptions {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "Redis is given as HOST:PORT with a port of 1 to 65535, not " + host + ":" + port);
    }
    if (user != null && password == null) {
      throw new IllegalArgumentException("a Redis user needs a password");
    }
    requireTimeout(connectTimeout);
    requireTimeout(callTimeout);
    if (poolSize < 1) {
      throw new IllegalArgumentException("a pool has 1 connection or more, not " + poolSize);
    }
  }

  /**
   * Reads {@code HOST:PORT}, an IPv6 address in brackets.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static RedisOptions parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    String port = text.substring(colon + 1);
    if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0) || !port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "Redis is given as HOST:PORT, as in 127.0.0.1:6379, not \"" + text + "\"");
    }
    return new RedisOptions(
        host, Integer.parseInt(port), null, null, Duration.ofSeconds(2), Duration.ofSeconds(10), 8);
  }

  /** The same, as another user of Redis 6's access lists. */
  public RedisOptions withUser(String newUser, String newPassword) {
    return new RedisOptions(
        host, port, newUser, newPassword, connectTimeout, callTimeout, poolSize);
  }

  /** The same, with the password of the user it has or the default one. */
  public RedisOptions withPassword(String newPassword) {
    return new RedisOptions(host, port, user, newPassword, connectTimeout, callTimeout, poolSize);
  }

  public RedisOptions withConnectTimeout(Duration newTimeout) {
    return new RedisOptions(host, port, user, password, newTimeout, callTimeout, poolSize);
  }

  public RedisOptions withCallTimeout(Duration newTimeout) {
    return new RedisOptions(host, port, user, password, connectTimeout, newTimeout, poolSize);
  }

  public RedisOptions withPoolSize(int newPoolSize) {
    return new RedisOptions(host, port, user, password, connectTimeout, callTimeout, newPoolSize);
  }

  /** {@code HOST:PORT}, as it was given. */
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Redis at " + address();
  }

  private static void requireTimeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a timeout is 1 ms or more, not " + timeout);
    }
  }
}
