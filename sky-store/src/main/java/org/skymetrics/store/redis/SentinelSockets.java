package org.skymetrics.store.redis;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Sockets to the master that sentinels name. They are asked for each new connection, which is when
 * the answer can have changed: a master that goes down or is made a replica closes its connections
 * (Sentinel sees to the latter), and one that hangs loses them to the timeout. So no thread has to
 * listen for announcements, and none can be missed.
 *
 * <p>The sentinels are asked one after the other until one names a master that can be connected.
 * One that is behind may name a server that is a replica by now: when that refuses a write, the
 * next sentinel is asked first.
 */
final class SentinelSockets implements Sockets {
  private final RedisAddress.Watched address;
  private final RedisOptions options;
  private final StoreCounters counters;
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicReference<RedisAddress.@Nullable Node> master = new AtomicReference<>();

  SentinelSockets(RedisAddress.Watched address, RedisOptions options, StoreCounters counters) {
    this.address = address;
    this.options = options;
    this.counters = counters;
  }

  @Override
  public void doubt() {
    next(first.get());
  }

  private void next(int asked) {
    first.compareAndSet(asked, (asked + 1) % address.sentinels().size());
  }

  /**
   * Connects.
   *
   * @throws StoreException where no sentinel names a master, or none that is named can be connected
   */
  @Override
  public Socket createSocket() {
    List<String> faults = new ArrayList<>();
    Set<RedisAddress.Node> tried = new HashSet<>();
    int start = first.get();
    int size = address.sentinels().size();
    for (int i = 0; i < size; i++) {
      int asked = (start + i) % size;
      RedisAddress.Node sentinel = address.sentinels().get(asked);
      try {
        RedisAddress.Node named = ask(sentinel);
        if (named == null) {
          faults.add(sentinel + " knows no master of that name");
        } else if (tried.add(named)) {
          Socket socket = Sockets.to(named, options).createSocket();
          connected(named);
          return socket;
        }
      } catch (JedisConnectionException e) {
        faults.add(sentinel + ": " + RedisFaults.root(e));
      }
      next(asked);
    }
    boolean isUnknown = faults.stream().allMatch(fault -> fault.endsWith("of that name"));
    throw new StoreException(
        isUnknown ? Fault.OTHER : Fault.UNAVAILABLE,
        options + " can't be reached: " + String.join("; ", faults));
  }

  private void connected(RedisAddress.Node named) {
    RedisAddress.Node before = master.getAndSet(named);
    if (before != null && !before.equals(named)) {
      counters.increment(StoreCounter.MASTER_CHANGED);
    }
  }

  private RedisAddress.@Nullable Node ask(RedisAddress.Node sentinel) {
    HostAndPort place = new HostAndPort(sentinel.host(), sentinel.port());
    try (Connection connection = new Connection(place, ClientConfigs.forSentinels(options))) {
      connection.sendCommand(
          new CommandArguments(Command.SENTINEL)
              .add("GET-MASTER-ADDR-BY-NAME")
              .add(address.master()));
      List<?> found = (List<?>) connection.getOne();
      return found == null ? null : new RedisAddress.Node(text(found.get(0)), port(found.get(1)));
    } catch (JedisDataException e) {
      throw RedisFaults.ofSentinel(sentinel, e);
    }
  }

  private static int port(Object bytes) {
    return Integer.parseInt(text(bytes));
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
