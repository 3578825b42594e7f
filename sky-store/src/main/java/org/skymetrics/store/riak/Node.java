package org.skymetrics.store.riak;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node as a place to send operations to: whether the next one had better go elsewhere, and
 * whether it is known to keep siblings. The latter is asked before anything else, and again when a
 * connection to it has closed: a node that was set up anew would let the last writer win, silently.
 */
final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** The client checks a node's health once a second. */
  private static final Duration AVOID_UNREACHED = Duration.ofSeconds(1);

  /** Of the calls to a hung node few are to wait for the timeout. */
  private static final int AVOID_HUNG_TIMEOUTS = 3;

  private final NodeLink link;
  private final Duration timeout;
  private final StoreCounters counters;
  private final LongSupplier clockNs;

  /** {@link NodeLink#closedConnections} when it was last known to keep siblings. */
  private volatile int keptSiblingsAt = -1;

  private volatile boolean avoided;
  private volatile long avoidedUntilNs;

  Node(NodeLink link, Duration timeout, StoreCounters counters, LongSupplier clockNs) {
    this.link = link;
    this.timeout = timeout;
    this.counters = counters;
    this.clockNs = clockNs;
  }

  boolean isUsable() {
    return link.isHealthy() && !(avoided && clockNs.getAsLong() - avoidedUntilNs < 0);
  }

  /** Tries an operation once; all failures are in the future. */
  <T> CompletableFuture<T> submit(Function<NodeLink, CompletableFuture<T>> operation) {
    CompletableFuture<T> result;
    try {
      requireSiblings();
      result = operation.apply(link);
    } catch (StoreException e) {
      result = CompletableFuture.failedFuture(e);
    }
    return result.whenComplete(
        (value, error) -> {
          if (error == null) {
            noteSuccess();
          } else if (error instanceof StoreException e) {
            noteFailure(e);
          }
        });
  }

  private void noteSuccess() {
    if (avoided) {
      avoided = false;
      LOG.info("{} answers again", link);
    }
  }

  private void noteFailure(StoreException e) {
    boolean isHung = e.fault() == Fault.TIMEOUT;
    if (isHung || e.fault() == Fault.UNAVAILABLE) {
      Duration length = isHung ? timeout.multipliedBy(AVOID_HUNG_TIMEOUTS) : AVOID_UNREACHED;
      avoidedUntilNs = clockNs.getAsLong() + length.toNanos();
      if (!avoided) {
        avoided = true;
        LOG.warn("{}; other nodes come first until it answers", e.getMessage());
      }
    }
  }

  private void requireSiblings() {
    int closedConnections = link.closedConnections();
    if (keptSiblingsAt == closedConnections) {
      return;
    }
    if (!await(link.keepsSiblings())) {
      await(link.keepSiblings());
      if (!await(link.keepsSiblings())) {
        throw new StoreException(
            Fault.OTHER, link + " was told to keep siblings (allow_mult), but does not");
      }
      counters.increment(StoreCounter.SIBLINGS_ALLOWED);
      LOG.info("{}: allow_mult was not set on the bucket, and is now", link);
    }
    keptSiblingsAt = closedConnections;
  }

  /** Waits for the outcome of one try. */
  <T> T await(CompletableFuture<T> result) {
    try {
      // The future ends by itself within the timeout; twice that is for a machine that stood still.
      return result.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw cause;
      }
      throw new IllegalStateException("an operation ended in an exception of no store", e);
    } catch (TimeoutException e) {
      counters.increment(StoreCounter.TIMEOUT);
      throw new StoreException(Fault.TIMEOUT, link + " did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Fault.UNAVAILABLE, "interrupted while waiting for " + link, e);
    }
  }

  void stop() {
    link.stop();
  }
}
