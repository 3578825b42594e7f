package org.skymetrics.store.riak;

import com.basho.riak.client.api.cap.BasicVClock;
import com.basho.riak.client.api.cap.Quorum;
import com.basho.riak.client.core.FutureOperation;
import com.basho.riak.client.core.RiakFuture;
import com.basho.riak.client.core.RiakNode;
import com.basho.riak.client.core.netty.RiakResponseException;
import com.basho.riak.client.core.operations.DeleteOperation;
import com.basho.riak.client.core.operations.FetchBucketPropsOperation;
import com.basho.riak.client.core.operations.FetchOperation;
import com.basho.riak.client.core.operations.StoreBucketPropsOperation;
import com.basho.riak.client.core.operations.StoreOperation;
import com.basho.riak.client.core.query.BucketProperties;
import com.basho.riak.client.core.query.Location;
import com.basho.riak.client.core.query.Namespace;
import com.basho.riak.client.core.query.RiakObject;
import com.basho.riak.client.core.util.BinaryValue;
import com.basho.riak.client.core.util.HostAndPort;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * One node, through the official client: the only class that knows it.
 *
 * <p>Of the client only its node is used (connections, codec, health check), not its cluster: that
 * one tries again whatever the error was, waits without limit for a free connection, and never ends
 * once a node had no address at its start.
 *
 * <p>Each operation is tried once, and its future is done within the timeout: with a result or a
 * {@link StoreException}. Looking up its name and connecting are part of the call, and may take
 * what the system needs and the connect timeout.
 */
final class NodeLink {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final String CONTENT_TYPE = "application/octet-stream";

  private final RiakOptions.Node address;
  private final Namespace bucket;
  private final Duration timeout;
  private final RiakThreads threads;
  private final StoreCounters counters;
  private final AtomicInteger closedConnections = new AtomicInteger();
  private final Set<Try<?>> inFlight = ConcurrentHashMap.newKeySet();
  private final boolean isSecured;
  private final RiakNode node;
  private volatile boolean stopped;

  NodeLink(
      RiakOptions.Node address, RiakOptions options, RiakThreads threads, StoreCounters counters) {
    this.address = address;
    this.bucket = new Namespace(options.bucket(), StandardCharsets.UTF_8);
    this.timeout = options.timeout();
    this.threads = threads;
    this.counters = counters;
    this.isSecured = options.login() != null;
    RiakNode.Builder builder =
        new RiakNode.Builder()
            .withRemoteHost(HostAndPort.fromParts(address.host(), address.port()))
            .withMinConnections(0)
            .withIdleTimeout((int) IDLE.toMillis())
            .withConnectionTimeout((int) options.connectTimeout().toMillis())
            .withBootstrap(threads.bootstrap(timeout, closedConnections::incrementAndGet))
            .withExecutor(threads.upkeep());
    RiakLogin login = options.login();
    if (login != null) {
      builder.withAuth(login.user(), login.password(), login.authorities());
    }
    this.node = builder.build();
  }

  /** Whether the client's own health check has nothing against it. */
  boolean isHealthy() {
    return node.getNodeState() != RiakNode.State.HEALTH_CHECKING;
  }

  /** How many connections have closed so far, for whatever reason, or were never made. */
  int closedConnections() {
    return closedConnections.get();
  }

  CompletableFuture<Versions> get(String key) {
    return run(
        "get " + key,
        new FetchOperation.Builder(location(key))
            .withR(Quorum.quorumQuorum().getIntValue())
            .withReturnDeletedVClock(true)
            .withTimeout(timeoutMs())
            .build(),
        NodeLink::versions);
  }

  private static Versions versions(FetchOperation.Response response) {
    List<byte[]> values = new ArrayList<>(1);
    Context context = Context.NONE;
    for (RiakObject object : response.getObjectList()) {
      context = new Context(object.getVClock().getBytes());
      if (!object.isDeleted() && object.hasValue()) {
        values.add(object.getValue().unsafeGetValue());
      }
    }
    return new Versions(values, context);
  }

  CompletableFuture<Boolean> put(String key, byte[] value, Context context) {
    RiakObject object =
        new RiakObject().setValue(BinaryValue.unsafeCreate(value)).setContentType(CONTENT_TYPE);
    byte[] seen = context.toBytes();
    if (seen.length > 0) {
      object.setVClock(new BasicVClock(seen));
    }
    return run(
        "put " + key,
        new StoreOperation.Builder(location(key))
            .withContent(object)
            .withDw(Quorum.quorumQuorum().getIntValue())
            .withTimeout(timeoutMs())
            .build(),
        response -> true);
  }

  CompletableFuture<Boolean> delete(String key, Context context) {
    return run(
        "delete " + key,
        new DeleteOperation.Builder(location(key))
            .withVclock(new BasicVClock(context.toBytes()))
            .withDw(Quorum.quorumQuorum().getIntValue())
            .withTimeout(timeoutMs())
            .build(),
        nothing -> true);
  }

  /** Whether the bucket keeps siblings, as this node sees it. */
  CompletableFuture<Boolean> keepsSiblings() {
    return run(
        "properties of bucket " + bucket.getBucketNameAsString(),
        new FetchBucketPropsOperation.Builder(bucket).build(),
        response -> {
          BucketProperties properties = response.getBucketProperties();
          return properties.getAllowMulti() && !properties.getLastWriteWins();
        });
  }

  /** Lets the bucket keep siblings. */
  CompletableFuture<Boolean> keepSiblings() {
    return run(
        "allow_mult of bucket " + bucket.getBucketNameAsString(),
        new StoreBucketPropsOperation.Builder(bucket)
            .withAllowMulti(true)
            .withLastWriteWins(false)
            .build(),
        nothing -> true);
  }

  /** Ends what is in flight and closes what is idle; the other connections end with the threads. */
  void stop() {
    stopped = true;
    inFlight.forEach(Try::endClosed);
    synchronized (node) {
      if (isStarted()) {
        // Done when nothing is in flight any more, which the threads do not wait for.
        Future<Boolean> unused = node.shutdown();
      }
    }
  }

  private Location location(String key) {
    return new Location(bucket, BinaryValue.create(key, StandardCharsets.UTF_8));
  }

  private int timeoutMs() {
    return (int) timeout.toMillis();
  }

  private <R, T> CompletableFuture<T> run(
      String what, FutureOperation<R, ?, ?> operation, Function<R, T> convert) {
    Try<T> attempt = new Try<>(what);
    inFlight.add(attempt);
    if (stopped) {
      attempt.endClosed();
      return attempt.result;
    }
    operation.addListener(future -> attempt.end(future, convert));
    try {
      attempt.expireLater();
      start();
      if (!node.execute(operation)) {
        attempt.unreached(
            isSecured
                ? "no connection, or its certificate, the user or the password was refused"
                : "no connection",
            null);
      }
    } catch (UnknownHostException e) {
      attempt.unreached("its name has no address", e);
    } catch (IllegalStateException | RejectedExecutionException e) {
      attempt.endClosed();
    }
    return attempt.result;
  }

  private void start() throws UnknownHostException {
    synchronized (node) {
      if (node.getNodeState() == RiakNode.State.CREATED) {
        node.start();
      }
    }
  }

  private boolean isStarted() {
    RiakNode.State state = node.getNodeState();
    return state == RiakNode.State.RUNNING || state == RiakNode.State.HEALTH_CHECKING;
  }

  @Override
  public String toString() {
    return "Riak node " + address;
  }

  /** One try of an operation. What ends it first, its reply or its timeout, decides and counts. */
  private final class Try<T> {
    private final String what;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> expiry;

    Try(String what) {
      this.what = what;
    }

    void expireLater() {
      expiry = threads.later(timeout, this::expire);
    }

    /** Runs on a thread of the connections, where an exception would be lost. */
    <R> void end(RiakFuture<R, ?> future, Function<R, T> convert) {
      cancelExpiry();
      if (!future.isSuccess()) {
        fail(future.cause());
        return;
      }
      T value;
      try {
        value = convert.apply(future.getNow());
      } catch (RuntimeException e) {
        fail(e);
        return;
      }
      if (isFirstEnd()) {
        result.complete(value);
      }
    }

    void endClosed() {
      unreached("closed here", null);
    }

    void unreached(String why, @Nullable Exception cause) {
      cancelExpiry();
      fail(
          StoreCounter.UNREACHED,
          Fault.UNAVAILABLE,
          NodeLink.this + " is not reached for " + what + ": " + why,
          cause);
    }

    private boolean isFirstEnd() {
      inFlight.remove(this);
      return ended.compareAndSet(false, true);
    }

    private void cancelExpiry() {
      ScheduledFuture<?> planned = expiry;
      if (planned != null) {
        planned.cancel(false);
      }
    }

    private void expire() {
      fail(
          StoreCounter.TIMEOUT,
          Fault.TIMEOUT,
          NodeLink.this + " did not answer " + what + " within " + timeoutMs() + " ms",
          null);
    }

    private void fail(Throwable cause) {
      if (cause instanceof RiakResponseException reply) {
        String text = String.valueOf(reply.getMessage());
        fail(
            StoreCounter.ERROR_REPLY,
            ErrorReply.fault(text),
            NodeLink.this + " answered " + what + " with the error " + text,
            cause);
      } else if (cause instanceof RuntimeException) {
        fail(
            StoreCounter.ERROR_REPLY,
            Fault.FOREIGN_CONTENT,
            NodeLink.this + " answered " + what + ", but not as Riak does",
            cause);
      } else {
        fail(
            StoreCounter.CONNECTION_LOST,
            Fault.UNAVAILABLE,
            "the connection to " + NodeLink.this + " broke during " + what,
            cause);
      }
    }

    private void fail(
        StoreCounter counter, Fault fault, String message, @Nullable Throwable cause) {
      StoreException e =
          cause == null
              ? new StoreException(fault, message)
              : new StoreException(fault, message, cause);
      if (isFirstEnd()) {
        counters.increment(counter);
        result.completeExceptionally(e);
      }
    }
  }
}
