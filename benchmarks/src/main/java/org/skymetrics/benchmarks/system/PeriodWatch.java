package org.skymetrics.benchmarks.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Watches a running Sky from outside, ten times a second: when the batches of each segment were
 * made, when the period store had all of them, and when history had.
 */
final class PeriodWatch implements AutoCloseable {
  /** How long after a period's end a server waits for what is on its way. */
  private static final long FLUSH_DELAY_MS = 2_000;

  private static final long POLL_MS = 100;

  private final RunningSky sky;
  private final long periodMs;
  private final List<Flush> flushes = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "watch");
  private volatile boolean ends;

  /**
   * One segment. All times in ms after the flush was due, or -1 where it has not come to that.
   *
   * @param batches that were made so far, with those of all segments before
   */
  record Flush(long dueMs, double batches, long sealedMs, long putMs, long doneMs) {
    Flush sealed(long atMs) {
      return new Flush(dueMs, batches, atMs - dueMs, putMs, doneMs);
    }

    Flush put(long atMs) {
      return new Flush(dueMs, batches, sealedMs, atMs - dueMs, doneMs);
    }

    Flush done(long atMs) {
      return new Flush(dueMs, batches, sealedMs, putMs, atMs - dueMs);
    }
  }

  PeriodWatch(RunningSky sky, long periodMs) {
    this.sky = sky;
    this.periodMs = periodMs;
    thread.setDaemon(true);
    thread.start();
  }

  /** Those that went all the way, but for the first ones, which warm the machine up. */
  synchronized List<Flush> finished(int first) {
    return flushes.stream().skip(first).filter(flush -> flush.doneMs() >= 0).toList();
  }

  /** Those that did not. */
  synchronized long unfinished() {
    return flushes.stream().filter(flush -> flush.doneMs() < 0).count();
  }

  private void run() {
    try {
      while (!ends) {
        look();
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    Map<String, Double> server = sky.metrics();
    Map<String, Double> page = sky.pageMetrics();
    take(
        System.currentTimeMillis(),
        server.getOrDefault("sky_server_segments_sealed_total", 0.0),
        server.getOrDefault("sky_server_batches_sealed_total", 0.0),
        server.getOrDefault("sky_server_batches_put_total", 0.0),
        page.getOrDefault("sky_rollup_batches_done_total", 0.0));
  }

  private synchronized void take(
      long nowMs, double segments, double sealed, double put, double done) {
    if (segments > flushes.size()) {
      long dueMs = Math.floorDiv(nowMs - FLUSH_DELAY_MS, periodMs) * periodMs + FLUSH_DELAY_MS;
      flushes.add(new Flush(dueMs, sealed, -1, -1, -1).sealed(nowMs));
    }
    for (int i = 0; i < flushes.size(); i++) {
      Flush flush = flushes.get(i);
      if (flush.putMs() < 0 && put >= flush.batches()) {
        flush = flush.put(nowMs);
      }
      if (flush.doneMs() < 0 && done >= flush.batches()) {
        flush = flush.done(nowMs);
      }
      flushes.set(i, flush);
    }
  }

  @Override
  public void close() throws InterruptedException {
    ends = true;
    thread.join();
  }
}
