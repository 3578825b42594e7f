package org.skymetrics.store.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Calls to one Redis over a pool of connections: commands go out in one go, then all replies are
 * read. Connects when first called, and again after Redis was away.
 *
 * <p>A call that meets a cut connection is made once more on a new one: whatever is idle in the
 * pool is likely as old, and dropped. That is safe since every call may be repeated.
 */
final class RedisNode implements Servers {
  private final String name;
  private final Sockets sockets;
  private final RedisOptions options;
  private final StoreCounters counters;
  private final Deadlines deadlines;
  private final AtomicLong losses;
  private final ConnectionPool pool;
  private volatile boolean hasAnswered;

  /**
   * @param losses counts the connections that broke, of all servers of a link
   */
  RedisNode(
      String name,
      Sockets sockets,
      RedisOptions options,
      StoreCounters counters,
      Deadlines deadlines,
      AtomicLong losses) {
    this.name = name;
    this.sockets = sockets;
    this.options = options;
    this.counters = counters;
    this.deadlines = deadlines;
    this.losses = losses;
    this.pool = pool();
  }

  private ConnectionPool pool() {
    ConnectionPoolConfig config = new ConnectionPoolConfig();
    config.setMaxTotal(options.poolSize());
    config.setMaxIdle(options.poolSize());
    config.setMinIdle(0);
    config.setMaxWait(options.callTimeout());
    config.setTestWhileIdle(false);
    config.setJmxEnabled(false);
    return new ConnectionPool(
        new ConnectionFactory(sockets, ClientConfigs.forData(options)), config);
  }

  @Override
  public List<Object> exchange(List<Request> requests) {
    for (boolean first = true; ; first = false) {
      Connection connection = borrow();
      boolean good = false;
      Deadlines.Deadline deadline = deadlines.start(connection);
      try {
        for (Request request : requests) {
          connection.sendCommand(request.command().get());
        }
        List<Object> replies = connection.getMany(requests.size());
        good = true;
        hasAnswered = true;
        return new ArrayList<>(replies);
      } catch (JedisConnectionException e) {
        lost(connection);
        StoreException failure = failure(e, deadline.hasPassed());
        if (!first || failure.fault() != Fault.UNAVAILABLE) {
          throw failure;
        }
        counters.increment(StoreCounter.RETRY);
      } finally {
        deadline.close();
        giveBack(connection, good);
      }
    }
  }

  private StoreException failure(JedisConnectionException e, boolean isLate) {
    if (isLate || e.getCause() instanceof SocketTimeoutException) {
      return RedisFaults.slow(name, options.callTimeout(), e, hintWhenSlow());
    }
    return RedisFaults.cut(name, e, hintWhenCut());
  }

  /**
   * A server that never answered may not be spoken to as it expects. It may say so, but the
   * connection is often gone before that is read.
   */
  private String hintWhenCut() {
    if (hasAnswered) {
      return "";
    }
    return options.tls() == null
        ? " (does it expect TLS?)"
        : " (does it take our certificate, or ask for one?)";
  }

  private String hintWhenSlow() {
    return hasAnswered || options.tls() == null ? "" : " (does it speak TLS?)";
  }

  private static void giveBack(Connection connection, boolean good) {
    if (!good) {
      connection.setBroken();
    }
    try {
      connection.close();
    } catch (JedisException e) {
      // The pool at once tried to make another in its place and failed; the next call will say so.
    }
  }

  private void lost(Connection connection) {
    try {
      // Before the pool does it, which would first try to send what is still buffered.
      connection.forceDisconnect();
    } catch (IOException e) {
      // It is broken anyway.
    }
    losses.incrementAndGet();
    counters.increment(StoreCounter.CONNECTION_LOST);
    pool.clear();
  }

  /** What is idle is closed, and the next connection may lead elsewhere. */
  @Override
  public void doubt() {
    losses.incrementAndGet();
    sockets.doubt();
    pool.clear();
  }

  private Connection borrow() {
    try {
      return pool.getResource();
    } catch (JedisConnectionException e) {
      losses.incrementAndGet();
      if (e.getCause() instanceof SocketTimeoutException) {
        throw RedisFaults.slow(name, options.connectTimeout(), e, hintWhenSlow());
      }
      throw RedisFaults.unreachable(name, e, hintWhenCut());
    } catch (JedisDataException e) {
      throw RedisFaults.answered(name, e);
    } catch (JedisException e) {
      throw noneFree(e);
    }
  }

  private StoreException noneFree(JedisException e) {
    if (e.getCause() instanceof StoreException known) {
      losses.incrementAndGet();
      return known;
    }
    if (pool.isClosed()) {
      return new StoreException(Fault.UNAVAILABLE, "the connection to " + name + " was closed");
    }
    if (e.getCause() instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return new StoreException(Fault.UNAVAILABLE, "interrupted on the way to " + name, e);
    }
    if (e.getCause() instanceof NoSuchElementException) {
      return new StoreException(
          Fault.TIMEOUT, "all " + options.poolSize() + " connections to " + name + " are busy", e);
    }
    return RedisFaults.unreachable(name, e, "");
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
