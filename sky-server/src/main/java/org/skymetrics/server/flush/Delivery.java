package org.skymetrics.server.flush;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings unconfirmed batches to the period store, and compares: what history names is dropped, what
 * the store lost is put again. Asked for a pass over and over, by one thread, it does what is due,
 * blocking on the store; after a failure it does nothing for a while.
 *
 * <p>A put that fails may have taken effect; putting again is the same as once. What failed goes to
 * the end of the queue and in smaller groups, so that a batch that the store can't take does not
 * hold up the others.
 */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int MAX_BATCHES_PER_PUT = 64;
  private static final long MAX_BYTES_PER_PUT = 4 << 20;
  private static final long PROBE_NS = Duration.ofSeconds(1).toNanos();

  private final PeriodStore store;
  private final Layout layout;
  private final Unconfirmed unconfirmed;
  private final Clock clock;
  private final Counters counters;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private final AtomicBoolean compareDue = new AtomicBoolean();
  private volatile StoreHealth health = StoreHealth.UNKNOWN;
  private volatile @Nullable CompletableFuture<Void> settling;
  private volatile @Nullable CompletableFuture<Void> confirming;
  private boolean layoutIsSame;
  private int groupSize = MAX_BATCHES_PER_PUT;
  private long waitNs;
  private long failedNs;
  private long probedNs;

  public Delivery(
      PeriodStore store, Layout layout, Unconfirmed unconfirmed, Clock clock, Counters counters) {
    this.store = store;
    this.layout = layout;
    this.unconfirmed = unconfirmed;
    this.clock = clock;
    this.counters = counters;
    this.probedNs = clock.monotonicNs() - PROBE_NS;
  }

  /** At the next pass, what was put is compared with what the store and history know. */
  public void compare() {
    compareDue.set(true);
  }

  /**
   * The server ends: all that is left is put and compared, with short waits after failures. The
   * result is complete when the store has, or history has, every batch.
   */
  public CompletableFuture<Void> settle() {
    compare();
    CompletableFuture<Void> settled = new CompletableFuture<>();
    settling = settled;
    return settled;
  }

  /**
   * The server ends: what was put is compared at each pass. The result is complete when history has
   * every batch.
   */
  public CompletableFuture<Void> confirm() {
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    confirming = confirmed;
    return confirmed;
  }

  public StoreHealth health() {
    return health;
  }

  /** Does what is due. */
  public void pass() {
    long nowNs = clock.monotonicNs();
    if (nowNs - failedNs < waitNs && settling == null) {
      return;
    }
    try {
      probe(nowNs);
      if (compareDue.getAndSet(false) || confirming != null) {
        compareAll();
      }
      putAll();
      succeeded();
    } catch (StoreException e) {
      failed(e, nowNs);
    }
  }

  /** Asks the store how it is once in a while, so that it is known also when nothing is to do. */
  private void probe(long nowNs) {
    if (nowNs - probedNs < PROBE_NS && health.isReachable()) {
      return;
    }
    if (!layoutIsSame) {
      layout.requireSame(store.layout(), store.describe());
      layoutIsSame = true;
    }
    long difference = store.clockMs() - clock.wallMs();
    probedNs = nowNs;
    if (!health.isReachable()) {
      LOG.info("{} answers", store.describe());
    }
    health = new StoreHealth(true, null, difference);
  }

  private void compareAll() {
    try {
      for (Map.Entry<ShardPeriod, List<BatchName>> place : unconfirmed.waiting().entrySet()) {
        store
            .states(place.getKey(), place.getValue())
            .forEach((name, state) -> apply(place.getKey(), name, state));
      }
    } catch (StoreException e) {
      compareDue.set(true);
      throw e;
    }
  }

  private void apply(ShardPeriod place, BatchName name, BatchState state) {
    switch (state) {
      case DONE -> {
        unconfirmed.confirm(place, name);
        counters.increment(ServerCounter.BATCHES_CONFIRMED);
      }
      case ABSENT -> {
        unconfirmed.putAgain(place, name);
        counters.increment(ServerCounter.BATCHES_PUT_AGAIN);
      }
      case WAITING -> {}
    }
  }

  private void putAll() {
    while (true) {
      List<Batch> group = unconfirmed.nextToPut(groupSize, MAX_BYTES_PER_PUT);
      if (group.isEmpty()) {
        return;
      }
      put(group);
    }
  }

  private void put(List<Batch> group) {
    List<PutOutcome> outcomes;
    try {
      outcomes = store.put(group);
    } catch (StoreException e) {
      unconfirmed.postpone(group);
      groupSize = Math.max(1, groupSize / 4);
      throw e;
    }
    groupSize = Math.min(MAX_BATCHES_PER_PUT, groupSize * 2);
    unconfirmed.wasPut(group);
    for (PutOutcome outcome : outcomes) {
      counters.increment(
          outcome == PutOutcome.TAKEN ? ServerCounter.BATCHES_PUT : ServerCounter.BATCHES_KNOWN);
    }
  }

  private void succeeded() {
    backoff.succeeded();
    waitNs = 0;
    CompletableFuture<Void> settled = settling;
    if (settled != null && !compareDue.get() && unconfirmed.left() == 0) {
      settled.complete(null);
    }
    CompletableFuture<Void> confirmed = confirming;
    if (confirmed != null && unconfirmed.size() == 0) {
      confirmed.complete(null);
    }
  }

  private void failed(StoreException e, long nowNs) {
    counters.increment(ServerCounter.of(e.fault()));
    Duration wait = backoff.failed();
    waitNs = wait.toNanos();
    failedNs = nowNs;
    String problem = String.valueOf(e.getMessage());
    if (health.isReachable() || !problem.equals(health.problem())) {
      LOG.warn("{}: {}; asked again until it works", store.describe(), problem);
    }
    health = new StoreHealth(false, problem, health.clockDifferenceMs());
  }
}
