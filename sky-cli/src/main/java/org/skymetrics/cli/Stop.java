package org.skymetrics.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that a command end. A command that runs on awaits it, and then closes what it has opened
 * in order; the JVM waits for that, within bounds, before it ends.
 */
final class Stop {
  private static final Duration ORDERLY_END = Duration.ofSeconds(60);

  private final CountDownLatch wished = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean awaited;

  /** Makes Ctrl-C and SIGTERM a wish. */
  void listenToSignals() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "sky-stop"));
  }

  private void onShutdown() {
    wish();
    if (awaited) {
      awaitQuietly(ended, ORDERLY_END);
    }
  }

  void wish() {
    wished.countDown();
  }

  /** The command has ended; nothing is left to be closed. */
  void end() {
    ended.countDown();
  }

  /** Says that the command will end in order when it is wished. */
  void heed() {
    awaited = true;
  }

  /** Waits until it is wished. */
  void await() {
    heed();
    while (!isWished()) {
      await(Duration.ofHours(1));
    }
  }

  /**
   * Waits until it is wished, or for {@code limit}.
   *
   * @return whether it is wished
   */
  boolean await(Duration limit) {
    heed();
    awaitQuietly(wished, limit);
    return isWished();
  }

  boolean isWished() {
    return wished.getCount() == 0;
  }

  /** An interrupt is a wish too. */
  private void awaitQuietly(CountDownLatch latch, Duration limit) {
    try {
      if (!latch.await(limit.toNanos(), TimeUnit.NANOSECONDS) && latch == ended) {
        System.err.println("sky: did not end in order within " + limit.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      wish();
    }
  }
}
