package org.skymetrics.store.riak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * History in a bucket of a Riak cluster; a context is Riak's vector clock. A put is on the disks of
 * a quorum of the replicas when it returns, and a get asks a quorum.
 *
 * <p>An operation is tried up to 3 times: after a broken connection on the next node or a new
 * connection, after a timeout only on another node. It ends within 3 timeouts. Nodes that do not
 * answer are avoided for a while, as long as there are others; none is given up. Operations in
 * flight are bounded, and puts more tightly: who finds no place within the timeout gets a {@link
 * StoreException}.
 *
 * <p>Buckets of the default type do not know which sibling is of which write. So a put or a delete
 * that has not seen all of them leaves all of them, those that it has seen too.
 */
public final class RiakHistoryStore implements HistoryStore {
  /** Above this Riak writes a warning into its log. */
  static final int LARGE_VALUE_BYTES = 5 * 1024 * 1024;

  /** Above this Riak refuses a value. */
  static final int MAX_VALUE_BYTES = 50 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RiakHistoryStore.class);
  private static final int TRIES = 3;

  private final RiakOptions options;
  private final StoreCounters counters;
  private final RiakThreads threads;
  private final List<Node> nodes;
  private final AtomicInteger next = new AtomicInteger();
  private final Semaphore operations;
  private final Semaphore puts;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean saidLarge = new AtomicBoolean();

  private RiakHistoryStore(RiakOptions options, StoreCounters counters) {
    this.options = options;
    this.counters = counters;
    this.threads = new RiakThreads(options.nodes().size());
    this.nodes = options.nodes().stream().map(this::node).toList();
    this.operations = new Semaphore(options.connections(), true);
    this.puts = new Semaphore(options.putsInFlight(), true);
  }

  private Node node(RiakOptions.Node address) {
    NodeLink link = new NodeLink(address, options, threads, counters);
    return new Node(link, options.timeout(), counters, System::nanoTime);
  }

  /** {@link #connect(RiakOptions, StoreCounters)} with counters of its own. */
  public static RiakHistoryStore connect(RiakOptions options) {
    return connect(options, new StoreCounters());
  }

  /** History on this cluster, which is only talked to when it is needed: it may be away now. */
  public static RiakHistoryStore connect(RiakOptions options, StoreCounters counters) {
    return new RiakHistoryStore(options, counters);
  }

  /** What went wrong, by cause. */
  public StoreCounters storeCounters() {
    return counters;
  }

  @Override
  public Versions get(String key) {
    return distinct(withPlace(operations, () -> tryUntilDone(link -> link.get(key))));
  }

  @Override
  public Map<String, Versions> get(Collection<String> keys) {
    Map<String, Versions> all = new LinkedHashMap<>();
    Deque<Begun> begun = new ArrayDeque<>();
    for (String key : new LinkedHashSet<>(keys)) {
      // Those that are done come first: a cluster that is away is found out once, not key by key.
      while (!begun.isEmpty() && begun.element().result().isDone()) {
        Begun first = begun.remove();
        all.put(first.key(), finish(first));
      }
      begun.add(begin(key));
    }
    begun.forEach(first -> all.put(first.key(), finish(first)));
    return all;
  }

  /** The first try to get a key, and the node that it went to. */
  private record Begun(String key, Node node, CompletableFuture<Versions> result) {}

  /** Begins the first try; it gives its place back by itself. */
  private Begun begin(String key) {
    requireOpen();
    acquire(operations);
    Node node = choose(Set.of());
    if (node == null) {
      throw new AssertionError("there is a node where none is excluded");
    }
    return new Begun(
        key,
        node,
        node.submit(link -> link.get(key)).whenComplete((v, error) -> operations.release()));
  }

  private Versions finish(Begun first) {
    try {
      return distinct(first.node().await(first.result()));
    } catch (StoreException e) {
      return getAgain(first.key());
    }
  }

  /** After a first try that failed, for whatever reason: now it says why, or it has passed. */
  private Versions getAgain(String key) {
    counters.increment(StoreCounter.RETRY);
    return get(key);
  }

  @Override
  public void put(String key, byte[] value, Context context) {
    requireFit(key, value.length);
    withPlace(
        puts,
        () -> withPlace(operations, () -> tryUntilDone(link -> link.put(key, value, context))));
  }

  private void requireFit(String key, int length) {
    if (length == 0) {
      throw new IllegalArgumentException("the value of " + key + " is empty");
    }
    if (length > MAX_VALUE_BYTES) {
      counters.increment(StoreCounter.REFUSED_VALUE);
      throw failed(
          new StoreException(
              Fault.OTHER,
              "the value of "
                  + key
                  + " has "
                  + length
                  + " bytes; Riak takes at most "
                  + MAX_VALUE_BYTES));
    }
    if (length > LARGE_VALUE_BYTES) {
      counters.increment(StoreCounter.LARGE_VALUE);
      if (saidLarge.compareAndSet(false, true)) {
        LOG.warn(
            "the value of {} has {} bytes; above {} Riak warns, and slows down: more shards help."
                + " Further ones are only counted.",
            key,
            length,
            LARGE_VALUE_BYTES);
      }
    }
  }

  @Override
  public void delete(String key, Context context) {
    // Without a clock Riak would remove whatever it finds.
    if (context.toBytes().length > 0) {
      withPlace(operations, () -> tryUntilDone(link -> link.delete(key, context)));
    }
  }

  @Override
  public String describe() {
    return "Riak "
        + options.nodes().stream().map(Object::toString).collect(Collectors.joining(","))
        + " bucket "
        + options.bucket();
  }

  /** Ends all threads and connections; what is in flight fails. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      nodes.forEach(Node::stop);
      boolean isQuiet = awaitQuiet();
      threads.close();
      if (isQuiet) {
        operations.release(options.connections());
      }
    }
  }

  /** Waits until no thread is in a call any more: all calls have been ended. */
  private boolean awaitQuiet() {
    try {
      return operations.tryAcquire(
          options.connections(), options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private <T> T withPlace(Semaphore places, Supplier<T> call) {
    requireOpen();
    acquire(places);
    try {
      return call.get();
    } finally {
      places.release();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw failed(new StoreException(Fault.UNAVAILABLE, describe() + " is closed"));
    }
  }

  private void acquire(Semaphore places) {
    try {
      if (places.tryAcquire(options.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(
          new StoreException(Fault.UNAVAILABLE, "interrupted while waiting for " + describe(), e));
    }
    counters.increment(StoreCounter.CROWDED);
    throw failed(
        new StoreException(
            Fault.TIMEOUT, describe() + " has as many operations in flight as it may"));
  }

  private <T> T tryUntilDone(Function<NodeLink, CompletableFuture<T>> operation) {
    Set<Node> hung = new HashSet<>();
    StoreException last = null;
    for (int tries = 0; tries < TRIES; tries++) {
      Node node = choose(hung);
      if (node == null) {
        break;
      }
      if (last != null) {
        counters.increment(StoreCounter.RETRY);
      }
      try {
        return node.await(node.submit(operation));
      } catch (StoreException e) {
        requireOpen();
        last = e;
        if (e.fault() == Fault.TIMEOUT) {
          hung.add(node);
        } else if (e.fault() != Fault.UNAVAILABLE || Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    if (last == null) {
      throw new AssertionError("the first try has a node");
    }
    throw failed(last);
  }

  private StoreException failed(StoreException e) {
    counters.increment(StoreCounter.CALL_FAILED);
    return e;
  }

  /** The next node in turn, rather one that is usable; null where all are excluded. */
  private @Nullable Node choose(Set<Node> excluded) {
    int first = Math.floorMod(next.getAndIncrement(), nodes.size());
    Node otherwise = null;
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get((first + i) % nodes.size());
      if (excluded.contains(node)) {
        continue;
      }
      if (node.isUsable()) {
        return node;
      }
      otherwise = otherwise == null ? node : otherwise;
    }
    return otherwise;
  }

  /** Without equal siblings: a put whose reply was lost and that was made again left two. */
  private Versions distinct(Versions versions) {
    if (versions.values().size() < 2) {
      return versions;
    }
    List<byte[]> values = new ArrayList<>();
    for (byte[] value : versions.values()) {
      if (values.stream().noneMatch(v -> Arrays.equals(v, value))) {
        values.add(value);
      }
    }
    if (values.size() > 1) {
      counters.increment(StoreCounter.SIBLINGS);
    }
    return new Versions(values, versions.context());
  }
}
