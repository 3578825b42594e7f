package org.skymetrics.benchmarks;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.text.AllowedSenders;
import org.skymetrics.server.text.TextConfig;
import org.skymetrics.server.text.TextInput;
import org.skymetrics.server.text.TextIntake;

/** What a server does with a packet of text, from its bytes to the folds of its client. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TextBenchmark {
  private static final int LINES = 42;
  private static final int PACKETS = 4096;
  private static final InetSocketAddress FROM = new InetSocketAddress("127.0.0.1", 5000);

  /** How many keys, all equally often. */
  @Param({"1000", "100000", "1000000"})
  public int keys;

  /** Counters, or times. */
  @Param({"c", "ms"})
  public String type;

  private final List<byte[]> packets = new ArrayList<>();
  private TextInput input;
  private TextIntake intake;
  private int next;

  /** Makes the packets, and sends each key once. */
  @Setup
  public void setUp() {
    Sky sky = Sky.builder().servers("127.0.0.1:9").keyLimit(2 * keys + 100).build();
    input =
        new TextInput(
            new TextConfig(List.of(), AllowedSenders.loopback(), 0, Duration.ofHours(1)),
            Period.ONE_MINUTE,
            Duration.ofHours(24),
            2 * keys,
            () -> sky,
            event -> {},
            Clock.system(),
            new Offenders(Clock.system()),
            new Counters());
    intake = input.newIntake(Dialect.STATSD);
    Random random = new Random(1);
    for (int i = 0; i < keys; i += LINES) {
      take(packet(random, i));
    }
    for (int i = 0; i < PACKETS; i++) {
      packets.add(packet(random, -1));
    }
  }

  private byte[] packet(Random random, int first) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      int key = first < 0 ? random.nextInt(keys) : (first + i) % keys;
      text.append(
          type.equals("c")
              ? String.format(Locale.ROOT, "bench.service.request.%07d:1|c\n", key)
              : String.format(
                  Locale.ROOT, "bench.timer.%07d:%09.4f|ms\n", key, 100 * random.nextDouble()));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void take(byte[] packet) {
    intake.onPacket(packet, 0, packet.length, FROM);
  }

  /** Ends the client. */
  @TearDown
  public void tearDown() {
    input.close();
  }

  /** One line of a packet of 42. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void line() {
    take(packets.get(next++ & (PACKETS - 1)));
  }
}
