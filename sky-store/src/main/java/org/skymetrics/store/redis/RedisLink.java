package org.skymetrics.store.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Calls to one Redis over a pool of connections: commands go out in one go, then all replies are
 * read. Connects when first called, and again after Redis was away.
 *
 * <p>A socket's own timeout bounds only the wait for the next byte read, and no write at all. So a
 * timer closes the connection of a call that is not answered in full in time.
 *
 * <p>A call that meets a cut connection is made once more on a new one: whatever is idle in the
 * pool is likely as old, and dropped. That is safe since every call may be repeated.
 */
final class RedisLink implements AutoCloseable {
  private final RedisOptions options;
  private final StoreCounters counters;
  private final ConnectionPool pool;
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicLong losses = new AtomicLong();

  RedisLink(RedisOptions options, StoreCounters counters) {
    this.options = options;
    this.counters = counters;
    this.pool = pool(options);
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sky-redis-timer");
              thread.setDaemon(true);
              return thread;
            },
            // Once closed: calls end by the sockets that the pool closes.
            new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
  }

  private static ConnectionPool pool(RedisOptions options) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(options.poolSize());
    pool.setMaxIdle(options.poolSize());
    pool.setMinIdle(0);
    pool.setMaxWait(options.callTimeout());
    pool.setTestWhileIdle(false);
    pool.setJmxEnabled(false);
    DefaultJedisClientConfig client =
        DefaultJedisClientConfig.builder()
            .resp2()
            .autoNegotiateProtocol(false)
            .connectionTimeoutMillis((int) options.connectTimeout().toMillis())
            .socketTimeoutMillis((int) options.callTimeout().toMillis())
            .user(options.user())
            .password(options.password())
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .build();
    return new ConnectionPool(new HostAndPort(options.host(), options.port()), client, pool);
  }

  /** Runs one script and gives its reply. */
  Object run(ScriptCall call) {
    return run(List.of(call)).get(0);
  }

  /**
   * Runs scripts in one go and gives their replies. One that Redis does not know is sent whole.
   *
   * @throws StoreException where one failed; others may have taken effect
   */
  List<Object> run(List<ScriptCall> calls) {
    List<Supplier<CommandArguments>> bySha = new ArrayList<>(calls.size());
    calls.forEach(call -> bySha.add(call::bySha));
    List<Object> replies = new ArrayList<>(exchange(bySha));
    List<Supplier<CommandArguments>> bySource = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (replies.get(i) instanceof JedisNoScriptException) {
        bySource.add(calls.get(i)::bySource);
      }
    }
    if (!bySource.isEmpty()) {
      counters.add(StoreCounter.SCRIPT_SENT, bySource.size());
      List<Object> again = exchange(bySource);
      int next = 0;
      for (int i = 0; i < replies.size(); i++) {
        if (replies.get(i) instanceof JedisNoScriptException) {
          replies.set(i, again.get(next++));
        }
      }
    }
    return requireGood(replies);
  }

  /** Sends one command and gives its reply. */
  Object call(CommandArguments command) {
    return call(List.of(command)).get(0);
  }

  /** Sends commands in one go and gives their replies. */
  List<Object> call(List<CommandArguments> commands) {
    List<Supplier<CommandArguments>> suppliers = new ArrayList<>(commands.size());
    commands.forEach(command -> suppliers.add(() -> command));
    return requireGood(exchange(suppliers));
  }

  /** How many connections broke so far: after one, another Redis may be at the other end. */
  long losses() {
    return losses.get();
  }

  private List<Object> requireGood(List<Object> replies) {
    for (Object reply : replies) {
      if (reply instanceof JedisDataException error) {
        throw failed(RedisFaults.answered(options, error));
      }
    }
    return replies;
  }

  /** The replies, an error as the exception that it would be. */
  private List<Object> exchange(List<Supplier<CommandArguments>> commands) {
    for (boolean first = true; ; first = false) {
      Connection connection = borrow();
      AtomicBoolean late = new AtomicBoolean();
      ScheduledFuture<?> deadline = closeWhenLate(connection, late);
      boolean good = false;
      try {
        for (Supplier<CommandArguments> command : commands) {
          connection.sendCommand(command.get());
        }
        List<Object> replies = connection.getMany(commands.size());
        good = true;
        return replies;
      } catch (JedisConnectionException e) {
        lost(connection);
        if (late.get() || e.getCause() instanceof SocketTimeoutException) {
          throw failed(RedisFaults.slow(options, e));
        }
        if (!first) {
          throw failed(RedisFaults.cut(options, e));
        }
        counters.increment(StoreCounter.RETRY);
      } finally {
        deadline.cancel(false);
        giveBack(connection, good);
      }
    }
  }

  private ScheduledFuture<?> closeWhenLate(Connection connection, AtomicBoolean late) {
    return timer.schedule(
        () -> {
          late.set(true);
          connection.forceDisconnect();
          return late;
        },
        options.callTimeout().toMillis(),
        TimeUnit.MILLISECONDS);
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

  private Connection borrow() {
    try {
      return pool.getResource();
    } catch (JedisConnectionException e) {
      losses.incrementAndGet();
      throw failed(
          e.getCause() instanceof SocketTimeoutException
              ? RedisFaults.slow(options, e)
              : RedisFaults.unreachable(options, e));
    } catch (JedisDataException e) {
      throw failed(RedisFaults.answered(options, e));
    } catch (JedisException e) {
      throw failed(noneFree(e));
    }
  }

  private StoreException noneFree(JedisException e) {
    if (pool.isClosed()) {
      return new StoreException(Fault.UNAVAILABLE, "the connection to " + options + " was closed");
    }
    if (e.getCause() instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return new StoreException(Fault.UNAVAILABLE, "interrupted on the way to " + options, e);
    }
    if (e.getCause() instanceof NoSuchElementException) {
      return new StoreException(
          Fault.TIMEOUT,
          "all " + options.poolSize() + " connections to " + options + " are busy",
          e);
    }
    return RedisFaults.unreachable(options, e);
  }

  private StoreException failed(StoreException e) {
    counters.increment(StoreCounter.CALL_FAILED);
    if (e.fault() == Fault.TIMEOUT) {
      counters.increment(StoreCounter.TIMEOUT);
    }
    return e;
  }

  @Override
  public void close() {
    pool.close();
    timer.shutdownNow();
  }
}
