package org.skymetrics.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Period;

/** Native clients that count without a pause, each with one server of the ring to begin with. */
final class SteadyLoad implements AutoCloseable {
  /** The parent of all keys that are counted. */
  static final String KEY = "rolling";

  private static final int KEYS = 60;
  private static final int COUNTS_PER_TURN = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Sky> clients = new ArrayList<>();
  private final AtomicLong counted = new AtomicLong();
  private final ScheduledExecutorService threads;

  private SteadyLoad(List<String> servers, Duration flushInterval) {
    threads = Executors.newScheduledThreadPool(servers.size());
    for (String server : servers) {
      clients.add(
          Sky.builder()
              .servers(server)
              .flushInterval(flushInterval)
              .assumedPeriod(Period.ONE_SECOND)
              .closeAtExit(false)
              .build());
    }
  }

  static SteadyLoad on(List<String> servers) {
    return on(servers, Duration.ofMillis(500));
  }

  static SteadyLoad on(List<String> servers, Duration flushInterval) {
    SteadyLoad load = new SteadyLoad(servers, flushInterval);
    for (Sky client : load.clients) {
      var unused =
          load.threads.scheduleAtFixedRate(() -> load.count(client), 0, 5, TimeUnit.MILLISECONDS);
    }
    return load;
  }

  private void count(Sky client) {
    for (int i = 0; i < COUNTS_PER_TURN; i++) {
      client.counterIn(KEY, counted.incrementAndGet() % KEYS);
    }
  }

  /** Counts no more, and waits until all is acknowledged. */
  void end() {
    threads.shutdown();
    try {
      boolean ended = threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        throw new AssertionError("the load does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clients.forEach(client -> client.awaitAcknowledged(PATIENCE));
  }

  long counted() {
    return counted.get();
  }

  /** What each key is to have. */
  Map<String, Long> totals() {
    long all = counted.get();
    Map<String, Long> totals = new TreeMap<>(Map.of(KEY, all));
    for (int key = 0; key < KEYS; key++) {
      long inTheLastRound = key > 0 && key <= all % KEYS ? 1 : 0;
      totals.put(KEY + "|" + key, all / KEYS + inTheLastRound);
    }
    return totals;
  }

  long unacknowledged() {
    return counted.get()
        - clients.stream().mapToLong(client -> client.stats().acknowledgedCounts()).sum();
  }

  long stat(ClientCounter counter) {
    return clients.stream().mapToLong(client -> client.stats().get(counter)).sum();
  }

  /** The clients say that they go: what they left on the way is lost, and known to be. */
  void leave() {
    threads.shutdownNow();
    clients.forEach(Sky::close);
  }

  @Override
  public void close() {
    leave();
  }
}
