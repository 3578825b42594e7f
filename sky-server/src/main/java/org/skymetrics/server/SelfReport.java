package org.skymetrics.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;

/**
 * Makes the server's counters series, {@code sky>server|packets_received}: what each has grown by
 * is counted as any application's counts are, by a client of the server's own ring. Safe from any
 * thread.
 */
final class SelfReport implements AutoCloseable {
  private static final String PREFIX = "sky>server|";
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Counters counters;
  private final Sky sky;
  private final Map<ServerCounter, Long> reported = new EnumMap<>(ServerCounter.class);

  SelfReport(Counters counters, Sky sky) {
    this.counters = counters;
    this.sky = sky;
  }

  /** A report to the ring of the server at this address. */
  static SelfReport to(
      InetSocketAddress server,
      @Nullable Supplier<Secrets> secrets,
      Period period,
      Duration closeIn,
      Counters counters) {
    Duration wait = closeIn.compareTo(LONGEST_WAIT) < 0 ? closeIn : LONGEST_WAIT;
    return new SelfReport(counters, HomeClient.of(server, secrets, period, wait).build());
  }

  /** How often to report. */
  static Duration interval(Period period) {
    return period.length().compareTo(LONGEST_INTERVAL) < 0 ? period.length() : LONGEST_INTERVAL;
  }

  /** Counts what has come since the last time. */
  synchronized void report() {
    counters
        .values()
        .forEach(
            (counter, now) -> {
              Long before = reported.put(counter, now);
              long more = now - (before == null ? 0 : before);
              if (more != 0) {
                sky.counter(PREFIX + counter.label(), more);
              }
            });
  }

  /** Reports a last time and waits for a while until it has arrived. */
  @Override
  public void close() {
    report();
    sky.close();
  }
}
