package org.skymetrics.rollup;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.rollup.Pass.Leases;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves batches from the mailboxes of the period store to history. Any number may run on the same
 * stores; they save each other work by leases, and do no harm where they overlap.
 *
 * <p>The stores are the caller's, to be closed after this.
 */
public final class Rollup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rollup.class);
  private static final long MAX_REST_NS = Duration.ofSeconds(5).toNanos();

  private final RollupConfig config;
  private final PeriodStore periods;
  private final Clock clock;
  private final Counters counters = new Counters();
  private final Pass pass;
  private final @Nullable Thread thread;
  private volatile boolean closed;
  private int failuresInARow;

  private Rollup(
      RollupConfig config,
      PeriodStore periods,
      HistoryStore history,
      Clock clock,
      boolean withThread) {
    this.config = config;
    this.periods = periods;
    this.clock = clock;
    this.pass = new Pass(config, periods, history, clock, counters, () -> !closed);
    this.thread = withThread ? new Thread(this::loop, "sky-rollup") : null;
  }

  /** A rollup that works on a thread of its own until it is closed. */
  public static Rollup start(
      RollupConfig config, PeriodStore periods, HistoryStore history, Clock clock) {
    Rollup rollup = new Rollup(config, periods, history, clock, true);
    if (rollup.thread != null) {
      rollup.thread.start();
    }
    return rollup;
  }

  /** A rollup without a thread: it works when {@link #runOnce} or {@link #drain} is called. */
  public static Rollup create(
      RollupConfig config, PeriodStore periods, HistoryStore history, Clock clock) {
    return new Rollup(config, periods, history, clock, false);
  }

  /**
   * Looks at all mailboxes once and moves what is there, on the caller's thread and without regard
   * to leases.
   *
   * @return how many batches were moved
   * @throws StoreException where a store is away
   */
  public int runOnce() {
    return pass.run(Leases.IGNORED);
  }

  /**
   * Works on the caller's thread until all mailboxes are empty, or the time is over, or the thread
   * is interrupted, or another closes this. A store that is away is asked again until then.
   *
   * @return whether the mailboxes are empty
   */
  public boolean drain(Duration limit) {
    long start = clock.monotonicNs();
    while (true) {
      long restNs;
      try {
        runOnce();
        if (periods.waiting().isEmpty()) {
          return true;
        }
        recovered();
        restNs = config.pollInterval().toNanos() / 10;
      } catch (StoreException e) {
        restNs = backOff(e);
      }
      long leftNs = limit.toNanos() - (clock.monotonicNs() - start);
      if (leftNs <= 0 || closed || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(this, Math.min(restNs, leftNs));
    }
  }

  /** What this rollup counted. */
  public Map<RollupCounter, Long> counters() {
    return counters.read();
  }

  /** Ends the work after the window that is being moved, and waits for that. */
  @Override
  public void close() {
    closed = true;
    if (thread == null) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (!closed) {
      long restNs = turn();
      // Nobody interrupts this thread but a library by mistake; a set flag would undo all parking.
      boolean interrupted = Thread.interrupted();
      if (!closed && !interrupted) {
        LockSupport.parkNanos(this, restNs);
      }
    }
  }

  /** One pass, as the thread makes them over and over. Gives how long to rest after it, ns. */
  long turn() {
    long start = clock.monotonicNs();
    try {
      pass.run(Leases.RESPECTED);
      recovered();
      // Levels of short periods are made again and again: never more than half of one core.
      return Math.max(
          config.pollInterval().toNanos(), Math.min(MAX_REST_NS, clock.monotonicNs() - start));
    } catch (StoreException e) {
      return backOff(e);
    } catch (RuntimeException e) {
      // The loop's edge: whatever it was, the next pass starts anew.
      counters.count(RollupCounter.WINDOWS_FAILED);
      LOG.error("a pass over the mailboxes failed and will be tried again", e);
      return config.maxBackoff().toNanos();
    }
  }

  private void recovered() {
    if (failuresInARow > 0) {
      LOG.info("the stores answer again, after {} attempts", failuresInARow);
      failuresInARow = 0;
    }
  }

  private long backOff(StoreException e) {
    counters.count(RollupCounter.of(e));
    if (failuresInARow == 0) {
      LOG.warn("a store is away, what waits stays where it is: {}", e.getMessage());
    }
    failuresInARow++;
    long poll = config.pollInterval().toNanos();
    long longer = poll << Math.min(10, failuresInARow - 1);
    return Math.min(config.maxBackoff().toNanos(), Math.max(poll, longer));
  }
}
