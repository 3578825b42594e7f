package org.skymetrics.client;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.skymetrics.common.time.Clock;

/** The one thread of a client: parked until a packet comes, something is due, or somebody asks. */
final class SenderThread {
  private static final long MAX_WAIT_NS = 10_000_000_000L;
  private static final long AFTER_FAULT_NS = 1_000_000_000L;

  private final Sender sender;
  private final UdpNetwork network;
  private final Progress progress;
  private final Mishaps mishaps;
  private final Clock clock;
  private final SecretWatch secrets;
  private final Thread thread;
  private volatile boolean abandoned;

  SenderThread(
      Sender sender,
      UdpNetwork network,
      Progress progress,
      Mishaps mishaps,
      Clock clock,
      SecretWatch secrets) {
    this.sender = sender;
    this.network = network;
    this.progress = progress;
    this.mishaps = mishaps;
    this.clock = clock;
    this.secrets = secrets;
    thread = new Thread(this::run, "sky-sender");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try (network) {
      while (!sender.isFinished() && !abandoned) {
        turn();
      }
      mishaps.add(ClientCounter.COUNTS_LEFT_AT_CLOSE, sender.countsLeft());
      mishaps.add(ClientCounter.PACKETS_LEFT_AT_CLOSE, sender.packetsLeft());
      mishaps.logNew();
    } catch (IOException e) {
      System.getLogger("org.skymetrics.client").log(Level.ERROR, "Sky: the network is gone", e);
    }
  }

  private void turn() throws IOException {
    try {
      secrets.look(clock.monotonicNs());
      long wait = sender.step() - clock.monotonicNs();
      network.await(Math.max(0, Math.min(MAX_WAIT_NS, wait)), sender::onPacket);
    } catch (RuntimeException e) {
      // The edge of the loop: a fault of ours must not end the thread, nor spin, nor fill a log.
      if (mishaps.get(ClientCounter.SENDER_FAULTS) == 0) {
        System.getLogger("org.skymetrics.client").log(Level.ERROR, "Sky: a fault of the sender", e);
      }
      mishaps.count(ClientCounter.SENDER_FAULTS);
      LockSupport.parkNanos(AFTER_FAULT_NS);
    }
  }

  /**
   * Asks the sender to send all that was accepted, and waits for its answer; false where time is
   * over, or the waiting thread was interrupted.
   */
  boolean awaitAcknowledged(Duration timeout) {
    Progress.Request request = ask(false);
    try {
      return request.done().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } finally {
      request.done().cancel(false);
    }
  }

  /**
   * Has all sent and ends the thread, when all is acknowledged or the time is over. An interrupt of
   * the waiting thread, as pools that are shut down have it, does not cut this short: it is
   * bounded.
   */
  void close(Duration timeout) {
    boolean interrupted = false;
    Progress.Request request = ask(true);
    long endNs = System.nanoTime() + timeout.toNanos();
    while (!request.isOver() && thread.isAlive()) {
      try {
        request.done().get(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException | ExecutionException e) {
        request.done().cancel(false);
      }
    }
    abandoned = true;
    network.wakeUp();
    interrupted |= joinThread();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Progress.Request ask(boolean closes) {
    Progress.Request request = new Progress.Request(closes);
    progress.ask(request);
    network.wakeUp();
    return request;
  }

  /** Whether the waiting thread was interrupted meanwhile. */
  private boolean joinThread() {
    try {
      thread.join(1_000);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
