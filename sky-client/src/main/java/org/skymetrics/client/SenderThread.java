package org.skymetrics.client;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.skymetrics.common.time.Clock;

/** The one thread of a client: parked until a packet comes, something is due, or somebody asks. */
final class SenderThread {
  private static final long MAX_WAIT_NS = 10_000_000_000L;

  private final Sender sender;
  private final UdpNetwork network;
  private final Progress progress;
  private final Mishaps mishaps;
  private final Clock clock;
  private final Thread thread;
  private volatile boolean abandoned;

  SenderThread(Sender sender, UdpNetwork network, Progress progress, Mishaps mishaps, Clock clock) {
    this.sender = sender;
    this.network = network;
    this.progress = progress;
    this.mishaps = mishaps;
    this.clock = clock;
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
      long left = sender.heldCounts();
      if (left != 0) {
        mishaps.add(ClientCounter.COUNTS_LEFT_AT_CLOSE, left);
        mishaps.logNew();
      }
    } catch (IOException e) {
      System.getLogger("org.skymetrics.client").log(Level.ERROR, "Sky: the network is gone", e);
    }
  }

  private void turn() throws IOException {
    try {
      long wait = sender.step() - clock.monotonicNs();
      network.await(Math.max(0, Math.min(MAX_WAIT_NS, wait)), sender::onPacket);
    } catch (RuntimeException e) {
      // The edge of the loop: a fault of ours must not end the thread, nor spin.
      System.getLogger("org.skymetrics.client").log(Level.ERROR, "Sky: a fault of the sender", e);
      network.await(1_000_000_000L, sender::onPacket);
    }
  }

  /**
   * Asks the sender, and waits for its answer; false where time is over, or the waiting thread was
   * interrupted.
   */
  boolean ask(boolean closes, Duration timeout) {
    Progress.Request request = new Progress.Request(closes);
    progress.ask(request);
    network.wakeUp();
    try {
      return request.done().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    }
  }

  /** Ends the thread, whatever is left. */
  void end() {
    abandoned = true;
    network.wakeUp();
    try {
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
