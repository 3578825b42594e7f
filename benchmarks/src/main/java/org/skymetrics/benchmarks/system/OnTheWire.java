package org.skymetrics.benchmarks.system;

import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.StatsDClient;
import io.micrometer.core.instrument.Clock;
import io.micrometer.statsd.StatsdConfig;
import io.micrometer.statsd.StatsdFlavor;
import io.micrometer.statsd.StatsdMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.skymetrics.client.Sky;

/**
 * A million counts of 100 keys by one thread, in ten seconds and in one burst: the datagrams and
 * bytes that go over the wire, both ways, and how many of the counts arrive. Sky beside the clients
 * of DogStatsD and Micrometer as they come.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.OnTheWire
 * </pre>
 */
public final class OnTheWire {
  private static final int CALLS = 1_000_000;
  private static final int KEYS = 100;
  private static final int CALLS_A_TURN = 1000;
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private static final Duration WAIT = Duration.ofSeconds(30);

  /** Counted once before, and by no other client. */
  private static final String FIRST = "wire.first";

  private static final Figures FIGURES = new Figures();

  private OnTheWire() {}

  /**
   * Runs it.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.out.printf(
        "%-12s %-8s %10s %14s %12s%n", "client", "in", "datagrams", "bytes", "arrived %");
    for (Duration length : List.of(TEN_SECONDS, Duration.ZERO)) {
      sky(length);
      dogstatsd(length);
      micrometer(length);
    }
    FIGURES.end();
    System.exit(0);
  }

  private static void sky(Duration length) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("sky-wire").resolve("data");
    try (Wire wire = Wire.to(RunningSky.PORT, FIRST);
        RunningSky ring =
            RunningSky.start(data, "-Xmx512m", List.of("--advertise", "127.0.0.1:" + wire.port()));
        Sky sky = Sky.builder().servers("127.0.0.1:" + wire.port()).build()) {
      sky.counter(FIRST);
      sky.awaitAcknowledged(WAIT);
      wire.forget();
      long before = sky.stats().acknowledgedCounts();
      count(length, sky::counter);
      sky.awaitAcknowledged(WAIT);
      say("sky", length, wire, sky.stats().acknowledgedCounts() - before);
    }
  }

  private static void dogstatsd(Duration length) throws IOException, InterruptedException {
    try (Wire wire = Wire.sink();
        StatsDClient client =
            new NonBlockingStatsDClientBuilder()
                .hostname("127.0.0.1")
                .port(wire.port())
                .enableTelemetry(false)
                .build()) {
      count(length, client::incrementCounter);
      wire.awaitSilence();
      say("dogstatsd", length, wire, wire.counted());
    }
  }

  private static void micrometer(Duration length) throws IOException, InterruptedException {
    try (Wire wire = Wire.sink()) {
      StatsdMeterRegistry registry =
          new StatsdMeterRegistry(
              new StatsdConfig() {
                @Override
                public String get(String key) {
                  return null;
                }

                @Override
                public StatsdFlavor flavor() {
                  return StatsdFlavor.ETSY;
                }

                @Override
                public int port() {
                  return wire.port();
                }
              },
              Clock.SYSTEM);
      count(length, key -> registry.counter(key).increment());
      wire.awaitSilence();
      registry.close();
      say("micrometer", length, wire, wire.counted());
    }
  }

  private static void count(Duration length, Consumer<String> counter) {
    String[] keys = new String[KEYS];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "requests." + i;
    }
    long startNs = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      if (i % CALLS_A_TURN == 0) {
        long dueNs = startNs + length.toNanos() / (CALLS / CALLS_A_TURN) * (i / CALLS_A_TURN);
        LockSupport.parkNanos(dueNs - System.nanoTime());
      }
      counter.accept(keys[i % KEYS]);
    }
  }

  private static void say(String client, Duration length, Wire wire, long arrived) {
    System.out.printf(
        Locale.ROOT,
        "%-12s %-8s %,10d %,14d %12.2f%n",
        client,
        length.isZero() ? "a burst" : TimeUnit.NANOSECONDS.toSeconds(length.toNanos()) + " s",
        wire.datagrams(),
        wire.bytes(),
        100.0 * arrived / CALLS);
    String what = client + ", " + (length.isZero() ? "a burst" : "10 s") + " of a million calls";
    boolean isAim = client.equals("sky") && !length.isZero();
    FIGURES.add(what, wire.datagrams(), "datagrams", isAim ? 50 : Double.NaN);
    FIGURES.add(what, wire.bytes(), "bytes", isAim ? 25_000 : Double.NaN);
    FIGURES.add(
        what + ", lost",
        100.0 - 100.0 * arrived / CALLS,
        "%",
        client.equals("sky") ? 0 : Double.NaN);
  }
}
