package org.skymetrics.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * A Redis Cluster: each command goes to the master of its hash slot. Who that is, the nodes are
 * asked when it is first needed, after a node failed, and after an answer said that it changed;
 * commands that were sent to the wrong node are sent again to the right one, all others not.
 *
 * <p>The map of slots is replaced as a whole. Where several threads find it wrong, one asks.
 */
final class RedisCluster implements Servers {
  private static final int SLOTS = 16_384;

  /** Each one more than the redirections that a move and a failover at one time can cause. */
  private static final int MAX_ROUNDS = 4;

  private static final RedisNode[] UNKNOWN = new RedisNode[0];

  private final RedisAddress.Cluster address;
  private final RedisOptions options;
  private final StoreCounters counters;
  private final Deadlines deadlines;
  private final AtomicLong losses;
  private final Map<RedisAddress.Node, RedisNode> nodes = new ConcurrentHashMap<>();

  /** In which order nodes are asked for the map: one that failed comes last. */
  private List<RedisAddress.Node> order;

  /** The master of each slot, null where it has none; no elements while it is not known. */
  private volatile @Nullable RedisNode[] masters = UNKNOWN;

  private volatile boolean closed;

  RedisCluster(
      RedisAddress.Cluster address,
      RedisOptions options,
      StoreCounters counters,
      Deadlines deadlines,
      AtomicLong losses) {
    this.address = address;
    this.options = options;
    this.counters = counters;
    this.deadlines = deadlines;
    this.losses = losses;
    this.order = address.nodes();
  }

  @Override
  public List<Object> exchange(List<Request> requests) {
    if (closed) {
      throw new StoreException(Fault.UNAVAILABLE, "the connection to " + options + " was closed");
    }
    Object[] replies = new Object[requests.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      open.add(i);
    }
    for (int round = 1; !open.isEmpty(); round++) {
      List<Integer> again = new ArrayList<>();
      for (Map.Entry<RedisNode, List<Integer>> part : byNode(requests, open).entrySet()) {
        exchange(part.getKey(), requests, part.getValue(), replies, again, round);
      }
      open = round == MAX_ROUNDS ? List.of() : again;
    }
    return new ArrayList<>(Arrays.asList(replies));
  }

  private Map<RedisNode, List<Integer>> byNode(List<Request> requests, List<Integer> open) {
    @Nullable RedisNode[] map = masters;
    if (map.length == 0) {
      map = ask(map);
    }
    Map<RedisNode, List<Integer>> parts = new LinkedHashMap<>();
    for (int i : open) {
      RedisNode master = map[requests.get(i).slot()];
      if (master == null) {
        doubt();
        throw new StoreException(
            Fault.UNAVAILABLE,
            options + " has no master for slot " + requests.get(i).slot() + " at present");
      }
      parts.computeIfAbsent(master, node -> new ArrayList<>()).add(i);
    }
    return parts;
  }

  /** The requests of one node; {@code again} gets those that belong to another. */
  private void exchange(
      RedisNode node,
      List<Request> requests,
      List<Integer> part,
      Object[] replies,
      List<Integer> again,
      int round) {
    List<Object> got;
    try {
      got = node.exchange(part.stream().map(requests::get).toList());
    } catch (StoreException e) {
      failed(node);
      // Another may be master by now. A node that hangs is not waited for twice in one call.
      if (round > 1 || e.fault() != Fault.UNAVAILABLE) {
        throw e;
      }
      counters.increment(StoreCounter.RETRY);
      again.addAll(part);
      return;
    }
    for (int i = 0; i < got.size(); i++) {
      int request = part.get(i);
      Object reply = got.get(i);
      if (reply instanceof JedisAskDataException ask) {
        counters.increment(StoreCounter.REDIRECTED);
        reply = askedFor(ask, requests.get(request));
      }
      if (reply instanceof JedisMovedDataException moved) {
        counters.increment(StoreCounter.REDIRECTED);
        moved(target(moved));
        again.add(request);
      }
      replies[request] = reply;
    }
  }

  /** Of a slot that is on its way to another node: only this time, that one answers. */
  private Object askedFor(JedisRedirectionException redirection, Request request) {
    Request asking = new Request(request.slot(), () -> new CommandArguments(Command.ASKING));
    return node(target(redirection)).exchange(List.of(asking, request)).get(1);
  }

  private static RedisAddress.Node target(JedisRedirectionException redirection) {
    return new RedisAddress.Node(
        redirection.getTargetNode().getHost(), redirection.getTargetNode().getPort());
  }

  /** The new master of a slot is the first to know of it. */
  private synchronized void moved(RedisAddress.Node target) {
    List<RedisAddress.Node> rest = new ArrayList<>(order);
    rest.remove(target);
    rest.add(0, target);
    order = rest;
    masters = UNKNOWN;
  }

  @Override
  public void doubt() {
    losses.incrementAndGet();
    masters = UNKNOWN;
  }

  private synchronized void failed(RedisNode failed) {
    masters = UNKNOWN;
    List<RedisAddress.Node> rest = new ArrayList<>(order);
    for (RedisAddress.Node node : order) {
      if (nodes.get(node) == failed && rest.remove(node)) {
        rest.add(node);
      }
    }
    order = rest;
  }

  /** The map of slots, from the first node that gives it. */
  private synchronized @Nullable RedisNode[] ask(@Nullable RedisNode[] stale) {
    @Nullable RedisNode[] present = masters;
    if (present != stale) {
      return present;
    }
    StoreException first = null;
    for (RedisAddress.Node asked : List.copyOf(order)) {
      try {
        @Nullable RedisNode[] map = read(asked);
        masters = map;
        return map;
      } catch (StoreException e) {
        failed(node(asked));
        first = first == null ? e : first;
      }
    }
    throw first == null ? new IllegalStateException("a cluster without nodes") : first;
  }

  private @Nullable RedisNode[] read(RedisAddress.Node asked) {
    Request request = new Request(0, () -> new CommandArguments(Command.CLUSTER).add("SLOTS"));
    Object reply = node(asked).exchange(List.of(request)).get(0);
    if (reply instanceof JedisDataException error) {
      throw RedisFaults.answered(node(asked).toString(), error);
    }
    @Nullable RedisNode[] map = new RedisNode[SLOTS];
    Set<RedisAddress.Node> found = new LinkedHashSet<>();
    for (Object range : (List<?>) reply) {
      List<?> entry = (List<?>) range;
      RedisAddress.Node master = address(asked, (List<?>) entry.get(2));
      Arrays.fill(map, number(entry.get(0)), number(entry.get(1)) + 1, node(master));
      for (int i = 2; i < entry.size(); i++) {
        found.add(address(asked, (List<?>) entry.get(i)));
      }
    }
    if (found.isEmpty()) {
      throw new StoreException(
          Fault.UNAVAILABLE, node(asked) + " is of a cluster that has no slots yet");
    }
    keep(found);
    return map;
  }

  /** Those that were named at the start may be the only ones left some day. */
  private void keep(Set<RedisAddress.Node> found) {
    Set<RedisAddress.Node> all = new LinkedHashSet<>(order);
    all.retainAll(found);
    all.addAll(found);
    all.addAll(address.nodes());
    order = List.copyOf(all);
    nodes.forEach(
        (place, node) -> {
          if (!all.contains(place) && nodes.remove(place, node)) {
            node.close();
          }
        });
  }

  /** A node that doesn't know how it is reached says so with an empty name: as it was reached. */
  private static RedisAddress.Node address(RedisAddress.Node asked, List<?> entry) {
    byte @Nullable [] host = (byte[]) entry.get(0);
    String name = host == null ? "" : new String(host, StandardCharsets.UTF_8);
    return new RedisAddress.Node(name.isEmpty() ? asked.host() : name, number(entry.get(1)));
  }

  private static int number(Object reply) {
    return Math.toIntExact((Long) reply);
  }

  private RedisNode node(RedisAddress.Node place) {
    return nodes.computeIfAbsent(
        place,
        node ->
            new RedisNode(
                options + ", node " + node,
                Sockets.to(node, options),
                options,
                counters,
                deadlines,
                losses));
  }

  @Override
  public void close() {
    closed = true;
    nodes.values().forEach(RedisNode::close);
  }
}
