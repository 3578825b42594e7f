package org.skymetrics.benchmarks;

import com.codahale.metrics.MetricRegistry;
import com.netflix.spectator.api.DefaultRegistry;
import com.netflix.spectator.api.Registry;
import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.StatsDClient;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.statsd.StatsdConfig;
import io.micrometer.statsd.StatsdFlavor;
import io.micrometer.statsd.StatsdMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.skymetrics.client.Sky;

/**
 * One increment of a counter by its name, as the libraries of others do it, and Sky's beside them.
 * What they send goes to a port that nobody listens at.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerBenchmark {
  private static final String NOBODY = "127.0.0.1";
  private static final int DISCARD_PORT = 9;

  /** How many names. */
  @Param({"1", "1000"})
  public int keys;

  private String[] names = {};
  private Sky sky = Sky.disabled();
  private StatsDClient dogstatsd;
  private StatsdMeterRegistry micrometerStatsd;
  private final MeterRegistry micrometer = new SimpleMeterRegistry();
  private final Registry spectator = new DefaultRegistry();
  private final MetricRegistry dropwizard = new MetricRegistry();

  /** Starts all of them. */
  @Setup
  public void setUp() {
    names = new String[keys];
    for (int i = 0; i < keys; i++) {
      names[i] = "http_requests." + i;
    }
    sky = Sky.builder().servers(NOBODY + ":" + DISCARD_PORT).build();
    dogstatsd =
        new NonBlockingStatsDClientBuilder()
            .hostname(NOBODY)
            .port(DISCARD_PORT)
            .blocking(true)
            .build();
    micrometerStatsd = new StatsdMeterRegistry(new ToNobody(), Clock.SYSTEM);
  }

  private static final class ToNobody implements StatsdConfig {
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
      return DISCARD_PORT;
    }
  }

  /** Ends all of them. */
  @TearDown
  public void tearDown() {
    sky.close();
    dogstatsd.close();
    micrometerStatsd.close();
  }

  /** Sky. */
  @Benchmark
  public void sky(IncrementBenchmark.Turn turn) {
    sky.counter(names[turn.next(keys)]);
  }

  /** The DogStatsD client in blocking mode, the one without loss; it gathers counts itself. */
  @Benchmark
  public void dogstatsd(IncrementBenchmark.Turn turn) {
    dogstatsd.incrementCounter(names[turn.next(keys)]);
  }

  /** Micrometer's registry that sends each increment. */
  @Benchmark
  public void micrometerStatsd(IncrementBenchmark.Turn turn) {
    micrometerStatsd.counter(names[turn.next(keys)]).increment();
  }

  /** Micrometer's registry in memory. */
  @Benchmark
  public void micrometerSimple(IncrementBenchmark.Turn turn) {
    micrometer.counter(names[turn.next(keys)]).increment();
  }

  /** Spectator's registry in memory. */
  @Benchmark
  public void spectator(IncrementBenchmark.Turn turn) {
    spectator.counter(names[turn.next(keys)]).increment();
  }

  /** Dropwizard's registry in memory. */
  @Benchmark
  public void dropwizard(IncrementBenchmark.Turn turn) {
    dropwizard.counter(names[turn.next(keys)]).inc();
  }
}
