package org.skymetrics.cli;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.skymetrics.cli.accesslog.AccessLogCounts;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Period;

/** Native clients that count the lines of an access log, over and over, without a pause. */
final class LogTraffic implements AutoCloseable {
  private static final int LINES_PER_TURN = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AccessLog log;
  private final List<String> lines;
  private final List<Sky> clients = new ArrayList<>();
  private final List<AccessLogCounts> counts = new ArrayList<>();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong counted = new AtomicLong();

  private LogTraffic(AccessLog log, List<String> servers) throws IOException {
    this.log = log;
    this.lines = read(log.path());
    for (String server : servers) {
      Sky client =
          Sky.builder().servers(server).assumedPeriod(Period.ONE_SECOND).closeAtExit(false).build();
      clients.add(client);
      counts.add(new AccessLogCounts(client));
    }
  }

  /** A client for each server that it begins with; they take turns. */
  static LogTraffic of(AccessLog log, List<String> servers) throws IOException {
    LogTraffic traffic = new LogTraffic(log, servers);
    var unused = traffic.thread.scheduleAtFixedRate(traffic::turn, 0, 5, TimeUnit.MILLISECONDS);
    return traffic;
  }

  private static List<String> read(Path path) throws IOException {
    try (InputStream file = new FileInputStream(path.toFile());
        InputStream content = path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(content, StandardCharsets.ISO_8859_1))) {
      return reader.lines().toList();
    }
  }

  private void turn() {
    for (int i = 0; i < LINES_PER_TURN; i++) {
      next();
    }
  }

  private void next() {
    long number = counted.getAndIncrement();
    String line = lines.get((int) (number % lines.size()));
    counts.get((int) (number % counts.size())).line(line);
  }

  long lines() {
    return counted.get();
  }

  /** Goes on to the end of the log, counts no more, and waits until all is acknowledged. */
  void end() {
    thread.shutdown();
    try {
      boolean ended = thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        throw new AssertionError("the traffic does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    while (counted.get() % lines.size() != 0) {
      next();
    }
    clients.forEach(client -> client.awaitAcknowledged(PATIENCE));
  }

  /** What was counted, after {@link #end}. */
  Map<String, Long> totals() {
    long times = counted.get() / lines.size();
    Map<String, Long> totals = new LinkedHashMap<>();
    log.totals().forEach((key, once) -> totals.put(key, once * times));
    return totals;
  }

  long stat(ClientCounter counter) {
    return clients.stream().mapToLong(client -> client.stats().get(counter)).sum();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    clients.forEach(Sky::close);
  }
}
