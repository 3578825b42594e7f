package org.skymetrics.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * The way by which all calls to Redis go, be it one server, a master that sentinels watch, or a
 * cluster. The keys of one command or script share a hash slot.
 *
 * <p>Every call may be repeated, and is where a connection was cut.
 */
final class RedisLink implements AutoCloseable {
  private final RedisOptions options;
  private final StoreCounters counters;
  private final Deadlines deadlines;
  private final AtomicLong losses = new AtomicLong();
  private final Servers servers;

  RedisLink(RedisOptions options, StoreCounters counters) {
    this.options = options;
    this.counters = counters;
    this.deadlines = new Deadlines(options.callTimeout());
    this.servers = servers(options.address());
  }

  private Servers servers(RedisAddress address) {
    if (address instanceof RedisAddress.Cluster cluster) {
      return new RedisCluster(cluster, options, counters, deadlines, losses);
    }
    Sockets sockets =
        address instanceof RedisAddress.Watched watched
            ? new SentinelSockets(watched, options, counters)
            : Sockets.to(((RedisAddress.Single) address).node(), options);
    return new RedisNode(options.toString(), sockets, options, counters, deadlines, losses);
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
    List<Object> replies = exchange(calls.stream().map(Request::bySha).toList());
    List<Request> bySource = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (replies.get(i) instanceof JedisNoScriptException) {
        bySource.add(Request.bySource(calls.get(i)));
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
    return requireGood(exchange(commands.stream().map(Request::of).toList()));
  }

  /** How many connections broke so far: after one, another Redis may be at the other end. */
  long losses() {
    return losses.get();
  }

  /** What the wrong server was asked, is asked once more: of the right one, if there is one. */
  private List<Object> exchange(List<Request> requests) {
    try {
      List<Object> replies = servers.exchange(requests);
      List<Integer> wrong =
          IntStream.range(0, replies.size())
              .filter(i -> isFromTheWrongServer(replies.get(i)))
              .boxed()
              .toList();
      if (!wrong.isEmpty()) {
        servers.doubt();
        counters.increment(StoreCounter.RETRY);
        List<Object> again = servers.exchange(wrong.stream().map(requests::get).toList());
        for (int i = 0; i < again.size(); i++) {
          replies.set(wrong.get(i), again.get(i));
        }
      }
      return replies;
    } catch (StoreException e) {
      counters.failed(e);
      throw e;
    }
  }

  private static boolean isFromTheWrongServer(Object reply) {
    return reply instanceof JedisDataException error && RedisFaults.isFromTheWrongServer(error);
  }

  private List<Object> requireGood(List<Object> replies) {
    for (Object reply : replies) {
      if (reply instanceof JedisDataException error) {
        if (isFromTheWrongServer(error)) {
          servers.doubt();
        }
        StoreException failure = RedisFaults.answered(options.toString(), error);
        counters.failed(failure);
        throw failure;
      }
    }
    return replies;
  }

  @Override
  public void close() {
    servers.close();
    deadlines.close();
  }
}
