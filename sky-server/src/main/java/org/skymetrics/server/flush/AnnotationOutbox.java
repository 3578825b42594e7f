package org.skymetrics.server.flush;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.period.PeriodStore;

/**
 * Annotations on their way from events to the period store: bounded, and in memory only, as the
 * text is that they come from. Any thread adds; the thread that delivers puts.
 */
public final class AnnotationOutbox {
  static final int MAX_WAITING = 1_000;
  private static final int MAX_AT_ONCE = 100;

  private final PeriodStore store;
  private final Clock clock;
  private final Counters counters;
  private final BlockingQueue<Annotation> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<Annotation> inHand = new ArrayList<>();
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private long waitNs;
  private long failedNs;

  public AnnotationOutbox(PeriodStore store, Clock clock, Counters counters) {
    this.store = store;
    this.clock = clock;
    this.counters = counters;
  }

  /** Adds one; past the limit it is dropped, and counted. */
  public void add(Annotation annotation) {
    if (!waiting.offer(annotation)) {
      counters.increment(ServerCounter.ANNOTATIONS_DROPPED);
    }
  }

  /** Puts what waits, blocking on the store; after a failure does nothing for a while. */
  public void pass() {
    long nowNs = clock.monotonicNs();
    if (nowNs - failedNs < waitNs) {
      return;
    }
    try {
      putAll();
      backoff.succeeded();
      waitNs = 0;
    } catch (StoreException e) {
      counters.increment(ServerCounter.of(e.fault()));
      waitNs = backoff.failed().toNanos();
      failedNs = nowNs;
    }
  }

  private void putAll() {
    while (true) {
      waiting.drainTo(inHand, MAX_AT_ONCE - inHand.size());
      if (inHand.isEmpty()) {
        return;
      }
      store.putAnnotations(inHand);
      counters.add(ServerCounter.ANNOTATIONS_PUT, inHand.size());
      inHand.clear();
    }
  }

  /** How many wait; by the thread that delivers, or after it has ended. */
  public int left() {
    return waiting.size() + inHand.size();
  }
}
