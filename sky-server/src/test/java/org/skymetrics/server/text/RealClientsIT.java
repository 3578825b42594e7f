package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.timgroup.statsd.Event;
import com.timgroup.statsd.NonBlockingStatsDClient;
import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.ServiceCheck;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.statsd.StatsdConfig;
import io.micrometer.statsd.StatsdFlavor;
import io.micrometer.statsd.StatsdMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.SkyServer;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

/**
 * Clients of others, as they are: what each says it sent is what is counted. They are held below
 * the rate at which their own queues, or the socket, drop.
 */
class RealClientsIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final long PATIENCE_NS = 60_000_000_000L;
  private static final String HOT_SHOTS = "hot-shots@17.1.1";

  private final ReferencePeriodStore store = new ReferencePeriodStore(LAYOUT, Clock.system());
  private final Queue<Exception> errors = new ConcurrentLinkedQueue<>();
  private SkyServer server;

  @BeforeEach
  void start() {
    ServerConfig config =
        ServerConfig.builder()
            .name("it")
            .udp("127.0.0.1:0")
            .admin("127.0.0.1:0")
            .reportsItself(false)
            .threads(1)
            .statsd(List.of("127.0.0.1:0=dogstatsd"))
            .build();
    server = SkyServer.start(config, store, Clock.system());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void await(ServerCounter counter, long value) {
    long startNs = System.nanoTime();
    while (server.counter(counter) < value) {
      assertThat(System.nanoTime() - startNs)
          .as("%s is %d, not %d", counter, server.counter(counter), value)
          .isLessThan(PATIENCE_NS);
      LockSupport.parkNanos(100_000);
    }
  }

  /** All that a socket took before is read when this returns; {@code events} came with it. */
  private void awaitAllRead(InetSocketAddress to, int events) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] end = "_e{3,0}:end|".getBytes(UTF_8);
      socket.send(new DatagramPacket(end, end.length, to));
    }
    await(ServerCounter.EVENTS, events + 1);
  }

  private void stop(ServerCounter... wanted) {
    assertThat(server.stop().isClean()).isTrue();
    assertThat(server.counter(ServerCounter.TEXT_COUNTS_LEFT)).isZero();
    assertThat(server.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
    for (ServerCounter counter : ServerCounter.values()) {
      if (counter.description().startsWith("Lines of text refused")
          && !List.of(wanted).contains(counter)) {
        assertThat(server.counter(counter)).as("%s", counter).isZero();
      }
    }
    assertThat(errors).isEmpty();
  }

  private Cell stored(String key, Kind kind) {
    List<Batch> all = new ArrayList<>(store.history());
    all.addAll(store.allWaiting());
    Map<Series, Cell> cells = ReferencePeriodStore.unite(all);
    Cell cell = cells.get(new Series(Key.of(key), kind));
    assertThat(cell).as("%s of %s", key, cells.keySet()).isNotNull();
    return cell;
  }

  private long sum(String key) {
    return ((CounterCell) stored(key, Kind.COUNTER)).sum();
  }

  private double last(String key) {
    return ((GaugeCell) stored(key, Kind.GAUGE)).last();
  }

  private HistogramCell histogram(String key) {
    return (HistogramCell) stored(key, Kind.HISTOGRAM);
  }

  /** In its blocking mode each call that returns was sent; aggregated in the client, or not. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCountWhatTheDatadogClientSends(boolean aggregates) throws IOException {
    InetSocketAddress to = server.statsdAddresses().get(0);
    NonBlockingStatsDClientBuilder builder =
        new NonBlockingStatsDClientBuilder()
            .prefix("dd")
            .hostname("127.0.0.1")
            .port(to.getPort())
            .blocking(true)
            .enableTelemetry(false)
            .enableAggregation(aggregates)
            .aggregationFlushInterval(50)
            .errorHandler(errors::add);
    Map<String, Long> sums = new HashMap<>();
    double measured = 0;
    long past = System.currentTimeMillis() / 60_000 * 60 - 300;
    int rounds = 4_000;
    try (NonBlockingStatsDClient client = builder.build()) {
      for (int i = 0; i < rounds; i++) {
        String route = "route:" + i % 7;
        client.count("hits", i % 5 - 1, route, "env:it");
        sums.merge("dd.hits|env:it," + route, i % 5 - 1L, Long::sum);
        client.histogram("size", i % 100);
        client.distribution("spread", i % 100 + 0.5);
        client.recordExecutionTime("took", i % 250);
        client.gauge("level", -i);
        client.recordSetValue("users", "user-" + i % 60);
        measured += i % 100;
        // Aggregated, most of these lines are never sent.
        if (!aggregates && i % 100 == 99) {
          await(ServerCounter.TEXT_LINES, 6L * (i + 1));
        }
      }
      client.countWithTimestamp("then", 11, past);
      client.recordEvent(
          Event.builder().withTitle("a|title").withText("two\nlines").withHostname("web").build());
      client.serviceCheck(
          ServiceCheck.builder()
              .withName("db.up")
              .withStatus(ServiceCheck.Status.CRITICAL)
              .withHostname("db1")
              .withMessage("down | again")
              .build());
    }
    await(ServerCounter.SERVICE_CHECKS, 1);
    awaitAllRead(to, 1);
    stop();
    long all = 0;
    for (Map.Entry<String, Long> entry : sums.entrySet()) {
      assertThat(sum(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
      all += entry.getValue();
    }
    assertThat(sum("dd.hits")).isEqualTo(all);
    assertThat(histogram("dd.size").count()).isEqualTo(rounds);
    assertThat(histogram("dd.size").moments().sum()).isEqualTo(measured);
    assertThat(histogram("dd.spread").moments().sum()).isEqualTo(measured + 0.5 * rounds);
    assertThat(histogram("dd.took").count()).isEqualTo(rounds);
    assertThat(last("dd.level")).isEqualTo(1 - rounds);
    assertThat(((SetCell) stored("dd.users", Kind.SET)).estimate()).isEqualTo(60);
    assertThat(sum("dd.then")).isEqualTo(11);
    assertThat(last("db.up|host:db1")).isEqualTo(2);
    assertThat(store.annotations())
        .extracting(annotation -> annotation.label() + "/" + annotation.text())
        .contains("dd.a|title/two\nlines");
  }

  private static StatsdMeterRegistry micrometer(int port, Duration polling) {
    return new StatsdMeterRegistry(
        new StatsdConfig() {
          @Override
          public String get(String key) {
            return null;
          }

          @Override
          public StatsdFlavor flavor() {
            return StatsdFlavor.DATADOG;
          }

          @Override
          public int port() {
            return port;
          }

          @Override
          public Duration pollingFrequency() {
            return polling;
          }

          @Override
          public boolean buffered() {
            return false;
          }
        },
        io.micrometer.core.instrument.Clock.SYSTEM);
  }

  /**
   * A line a packet: where it gathers lines, it drops all but the last packet while its socket is
   * busy, and its timer ends for good where the machine is. Gauges it polls, on a thread of its
   * own, and so they have a registry of their own here.
   */
  @Test
  void shouldCountWhatMicrometerSends() {
    int port = server.statsdAddresses().get(0).getPort();
    StatsdMeterRegistry registry = micrometer(port, Duration.ofHours(1));
    // It connects by itself, and drops what comes before.
    Counter warm = registry.counter("warm");
    while (server.counter(ServerCounter.TEXT_LINES) == 0) {
      warm.increment();
      LockSupport.parkNanos(1_000_000);
    }
    Counter hits = Counter.builder("hits").tag("route", "a b").register(registry);
    Timer took = registry.timer("took");
    DistributionSummary size = registry.summary("size");
    // Refused as no key: so it can be seen that all before it was read.
    Counter mark = registry.counter("no||key");
    for (int i = 0; i < 2_000; i++) {
      hits.increment(i % 3);
      took.record(i % 40, TimeUnit.MILLISECONDS);
      size.record(i % 9);
      if (i % 10 == 9) {
        mark.increment();
        await(ServerCounter.TEXT_BAD_NAME, (i + 1) / 10);
      }
    }
    registry.close();
    StatsdMeterRegistry polled = micrometer(port, Duration.ofMillis(50));
    AtomicLong level = polled.gauge("level", new AtomicLong(17));
    await(ServerCounter.TEXT_LINES, server.counter(ServerCounter.TEXT_LINES) + 1);
    assertThat(level).hasValue(17);
    polled.close();
    stop(ServerCounter.TEXT_BAD_NAME);
    assertThat((double) sum("hits|route:a b,statistic:count")).isEqualTo(hits.count());
    assertThat(histogram("took").count()).isEqualTo(took.count());
    assertThat(histogram("took").moments().sum()).isEqualTo(took.totalTime(TimeUnit.MILLISECONDS));
    assertThat(histogram("size").count()).isEqualTo(size.count());
    assertThat(histogram("size").moments().sum()).isEqualTo(size.totalAmount());
    assertThat(last("level|statistic:value")).isEqualTo(17);
  }

  /** The first of them, whose classes have the names of the Datadog client's. */
  @Test
  void shouldCountWhatTheFirstClientSends() throws Exception {
    int port = server.udpAddress().getPort();
    try (URLClassLoader loader = new URLClassLoader(jarOf("java-statsd-client"), null)) {
      Class<?> type = loader.loadClass("com.timgroup.statsd.NonBlockingStatsDClient");
      Constructor<?> make = type.getConstructor(String.class, String.class, int.class);
      Object client = make.newInstance("tim", "127.0.0.1", port);
      Calls calls = new Calls(client);
      for (int i = 0; i < 2_000; i++) {
        calls.call("count", "hits", (long) (i % 4));
        calls.call("recordExecutionTime", "took", (long) (i % 30));
        calls.call("recordSetEvent", "users", "u" + i % 40);
        calls.call("recordGaugeDelta", "level", (long) (i % 3 - 1));
        if (i % 20 == 19) {
          await(ServerCounter.TEXT_LINES, calls.made);
        }
      }
      calls.call("recordGaugeValue", "temp", 21.5);
      calls.call("stop");
      await(ServerCounter.TEXT_LINES, calls.made - 1);
    }
    stop();
    assertThat(sum("tim.hits")).isEqualTo(3_000);
    assertThat(histogram("tim.took").count()).isEqualTo(2_000);
    assertThat(((SetCell) stored("tim.users", Kind.SET)).estimate()).isEqualTo(40);
    // -1, 0, 1 and so on: the last two rounds are at -1.
    assertThat(last("tim.level")).isEqualTo(-1);
    assertThat(last("tim.temp")).isEqualTo(21.5);
  }

  /** Calls by name, and how many. */
  private static final class Calls {
    private final Object client;
    private long made;

    Calls(Object client) {
      this.client = client;
    }

    void call(String method, Object... arguments) throws ReflectiveOperationException {
      Class<?>[] types = new Class<?>[arguments.length];
      for (int i = 0; i < types.length; i++) {
        types[i] =
            arguments[i] instanceof Long
                ? long.class
                : arguments[i] instanceof Double ? double.class : String.class;
      }
      client.getClass().getMethod(method, types).invoke(client, arguments);
      made++;
    }
  }

  private static URL[] jarOf(String artifact) throws IOException {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (Path.of(entry).getFileName().toString().startsWith(artifact + "-")) {
        return new URL[] {Path.of(entry).toUri().toURL()};
      }
    }
    throw new AssertionError("no " + artifact + " in " + System.getProperty("java.class.path"));
  }

  @Test
  void shouldCountWhatNodesHotShotsSends(@TempDir Path dir) throws Exception {
    Assumptions.assumeTrue(
        run(dir, "node", "--version") == 0 && run(dir, "npm", "--version") == 0,
        "SKIPPED: no node and npm on this machine, so hot-shots is not tried");
    Assumptions.assumeTrue(
        run(
                dir,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--omit=optional",
                "--ignore-scripts",
                HOT_SHOTS)
            == 0,
        "SKIPPED: npm could not install " + HOT_SHOTS + ", so it is not tried");
    Path script = dir.resolve("send.js");
    Files.writeString(script, HOT_SHOTS_SCRIPT);
    int port = server.udpAddress().getPort();
    int status = run(dir, "node", script.toString(), String.valueOf(port));
    String said = Files.readString(dir.resolve("output.txt"));
    assertThat(status).as(said).isZero();
    JsonObject sent = new JsonObject(said.substring(said.lastIndexOf("{\"")));
    await(ServerCounter.SERVICE_CHECKS, 1);
    await(ServerCounter.TEXT_LINES, sent.getLong("lines"));
    awaitAllRead(server.udpAddress(), 1);
    stop();
    assertThat(sum("node.hits")).isEqualTo(sent.getLong("hits"));
    for (int route = 0; route < 4; route++) {
      assertThat(sum("node.hits|route:" + route))
          .isEqualTo(sent.getJsonArray("routes").getLong(route));
    }
    assertThat(histogram("node.took").count()).isEqualTo(sent.getLong("timings"));
    assertThat(histogram("node.spread").count()).isEqualTo(sent.getLong("timings"));
    assertThat(((SetCell) stored("node.users", Kind.SET)).estimate()).isEqualTo(33);
    assertThat(last("node.level")).isEqualTo(sent.getDouble("level"));
    assertThat(last("node.up|host:web")).isEqualTo(1);
    assertThat(store.annotations()).extracting(a -> a.label()).contains("node.deploy");
  }

  /** Waits after each hundred until they are on their way. */
  private static final String HOT_SHOTS_SCRIPT =
      """
      const StatsD = require('hot-shots');
      const client = new StatsD({host: '127.0.0.1', port: +process.argv[2], prefix: 'node.', maxBufferSize: 1000, bufferFlushInterval: 5,
        errorHandler: (e) => { console.error(e); process.exit(3); }});
      const sent = {lines: 0, hits: 0, routes: [0, 0, 0, 0], timings: 0, level: 0};
      const call = (f, then) => new Promise((resolve) => f((error) => { if (error) { console.error(error); process.exit(4); } sent.lines++; then(); resolve(); }));
      (async () => {
        for (let round = 0; round < 30; round++) {
          const calls = [];
          for (let i = 0; i < 100; i++) {
            const n = i % 3 + 1, route = i % 4, by = i % 5 - 1;
            calls.push(call((done) => client.increment('hits', n, ['route:' + route], done), () => { sent.hits += n; sent.routes[route] += n; }));
            calls.push(call((done) => client.timing('took', i, done), () => { sent.timings++; }));
            calls.push(call((done) => client.distribution('spread', i / 2, done), () => {}));
            calls.push(call((done) => client.unique('users', 'u' + i % 33, done), () => {}));
            calls.push(call((done) => client.gaugeDelta('level', by, done), () => { sent.level += by; }));
          }
          await Promise.all(calls);
        }
        client.event('deploy', 'of\\nnode', {}, () => {});
        client.check('up', client.CHECKS.WARNING, {hostname: 'web'}, () => {});
        client.close(() => console.log(JSON.stringify(sent)));
      })();
      """;

  private static int run(Path dir, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(dir.toFile())
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("output.txt").toFile())
              .start();
      if (process.waitFor(120, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      return -1;
    } catch (IOException e) {
      // Not on this machine.
      return -1;
    }
  }
}
