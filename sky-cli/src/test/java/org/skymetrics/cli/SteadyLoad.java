package org.skymetrics.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  private SteadyLoad(List<String> servers) {
    threads = Executors.newScheduledThreadPool(servers.size());
    for (String server : servers) {
      clients.add(
          Sky.builder()
              .servers(server)
              .assumedPeriod(Period.ONE_SECOND)
              .closeAtExit(false)
              .build());
    }
  }

  static SteadyLoad on(List<String> servers) {
    SteadyLoad load = new SteadyLoad(servers);
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

  long unacknowledged() {
    return counted.get()
        - clients.stream().mapToLong(client -> client.stats().acknowledgedCounts()).sum();
  }

  long stat(ClientCounter counter) {
    return clients.stream().mapToLong(client -> client.stats().get(counter)).sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clients.forEach(Sky::close);
  }
}
