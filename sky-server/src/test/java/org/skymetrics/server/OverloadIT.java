package org.skymetrics.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.Sky;
import org.skymetrics.client.Stats;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestClient;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

/** More comes than a server can take, or than one client should send. */
class OverloadIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_SECOND, 4);

  private static final int KEYS_A_PACKET = 50;

  private final ReferencePeriodStore store = new ReferencePeriodStore(LAYOUT, Clock.system());
  private final HttpClient http = HttpClient.newHttpClient();
  private SkyServer server;

  @AfterEach
  void close() {
    store.setAway(false);
    server.close();
  }

  private void start(UnaryOperator<ServerConfig.Builder> more) {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .name("storm")
            .udp("127.0.0.1:0")
            .admin("127.0.0.1:0")
            .layout(LAYOUT)
            .flushDelay(Duration.ofMillis(100))
            .threads(2);
    server = SkyServer.start(more.apply(builder).build(), store, Clock.system());
  }

  private Sky client(int keyLimit) {
    return Sky.builder()
        .servers("127.0.0.1:" + server.udpAddress().getPort())
        .assumedPeriod(LAYOUT.period())
        .flushInterval(Duration.ofMillis(20))
        .closeTimeout(Duration.ofSeconds(20))
        .keyLimit(keyLimit)
        .packetBudget(1 << 20)
        .build();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private JsonObject json(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + path);
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private Map<String, Long> sums() {
    List<Batch> all = new ArrayList<>(store.history());
    all.addAll(store.allWaiting());
    Map<String, Long> sums = new TreeMap<>();
    for (Map.Entry<Series, Cell> e : ReferencePeriodStore.unite(all).entrySet()) {
      if (e.getKey().kind() == Kind.COUNTER) {
        sums.merge(e.getKey().key().toString(), ((CounterCell) e.getValue()).sum(), Long::sum);
      }
    }
    return sums;
  }

  /**
   * The store is away, and the server soon full; two clients go on counting as fast as they can.
   */
  @Test
  void shouldLoseNothingInAStormThatIsMoreThanItCanTake() {
    start(b -> b.unconfirmedLimitBytes(200_000).sessionPackets(500));
    store.setAway(true);
    long counted = 0;
    try (Sky one = client(10_000);
        Sky two = client(10_000)) {
      int i = 0;
      long longest = 0;
      while (server.counter(ServerCounter.FULL_PACKETS) < 50 || i < 400_000) {
        one.counter("storm|" + i % 2000);
        two.counter("storm|" + i % 3000);
        counted += 2;
        if (++i % 1000 == 0) {
          longest = Math.max(longest, Math.max(held(one), held(two)));
          LockSupport.parkNanos(1_000_000);
        }
      }
      // The budget, and what one harvest may add to it.
      assertThat(longest).isPositive().isLessThan(2 << 20);
      store.setAway(false);
      await(
          () -> {
            store.rollUp();
            return one.awaitAcknowledged(Duration.ofMillis(200))
                && two.awaitAcknowledged(Duration.ofMillis(200));
          });
      for (Sky sky : List.of(one, two)) {
        assertThat(sky.stats().get(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
      }
    }
    server.close();
    assertThat(sums()).containsEntry("storm", counted);
    assertThat(server.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  private static long held(Sky sky) {
    Stats stats = sky.stats();
    return stats.heldBytes();
  }

  /** A million keys of one client against a limit of 20,000; another one counts as ever. */
  @Test
  void shouldKeepTheOthersDetailAndAllTotalsWhenOneClientMakesAMillionKeys() throws Exception {
    int keys = 1_000_000;
    start(b -> b.keyLimit(20_000));
    long steady = 0;
    long largest = 0;
    try (TestClient noisy = new TestClient(server.udpAddress(), 0xb0bL);
        Sky other = client(1_000)) {
      noisy.open();
      for (int first = 0; first < keys; first += KEYS_A_PACKET) {
        int from = first;
        noisy.send(
            writer -> {
              for (int i = from; i < from + KEYS_A_PACKET; i++) {
                assertThat(writer.addCounter(Key.of("bomb|" + i), 1)).isTrue();
              }
            });
        other.counter("steady|" + steady++ % 50);
        if (first % 100_000 == 0) {
          largest = Math.max(largest, series());
        }
      }
      noisy.awaitAllAcknowledged();
      assertThat(other.awaitAcknowledged(Duration.ofSeconds(20))).isTrue();
    }
    // A few of the server's own are beyond the limit.
    assertThat(largest).isBetween(1_000L, 2 * 20_050L);
    JsonObject offender = json("/v1/offenders").getJsonArray("offenders").getJsonObject(0);
    assertThat(offender.getString("offence")).isEqualTo("new_keys");
    assertThat(offender.getString("who")).isEqualTo(Offenders.nameOf(0xb0bL));
    assertThat(offender.getJsonObject("keys").getLong("bomb")).isPositive();
    server.close();
    Map<String, Long> sums = sums();
    assertThat(sums).containsEntry("bomb", (long) keys).containsEntry("steady", steady);
    for (int i = 0; i < 50; i++) {
      assertThat(sums).containsEntry("steady|" + i, steady / 50);
    }
    long detail =
        sums.entrySet().stream()
            .filter(e -> e.getKey().startsWith("bomb|"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(detail).isLessThan(keys / 2);
    assertThat(sums).containsEntry("sky>overflow", keys - detail);
  }

  /** In the tables of both threads. */
  private long series() throws Exception {
    long series = 0;
    for (Object table : json("/status").getJsonArray("tables")) {
      series += ((JsonObject) table).getLong("series");
    }
    return series;
  }

  /** The sums in history are what the lanes say, and these what was sent. */
  @Test
  void shouldShowWhatBecameOfEachPacket() throws Exception {
    start(b -> b);
    try (Sky sky = client(100)) {
      for (int i = 0; i < 200; i++) {
        sky.counter("a|" + i % 7);
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(sky.awaitAcknowledged(Duration.ofSeconds(20))).isTrue();
      Stats stats = sky.stats();
      long sent = stats.get(ClientCounter.PACKETS_SENT) + stats.get(ClientCounter.PACKETS_RESENT);
      JsonObject session = sessionOf(sent);
      assertThat(session.getInteger("lanes")).isPositive();
      assertThat(session.getString("address")).startsWith("127.0.0.1:");
      assertThat(session.getLong("counted") + session.getLong("duplicate"))
          .isEqualTo(sent - session.getLong("lost") - session.getLong("open"));
      assertThat(session.getJsonObject("refused")).isEmpty();
    }
    JsonObject ledger = json("/status").getJsonObject("ledger");
    assertThat(ledger.getJsonArray("sessions")).isNotEmpty();
    server.close();
    Map<String, Long> sums = sums();
    long settled = sums.get("sky>ledger");
    assertThat(sums.get(Outcome.SENT.toString())).isGreaterThanOrEqualTo(settled);
    assertThat(sums.get(Outcome.COUNTED.key().toString()))
        .isEqualTo(server.counter(ServerCounter.DATA_PACKETS_COUNTED));
    assertThat(sums.get(Key.of("a").toString())).isEqualTo(200);
  }

  private JsonObject sessionOf(long sent) throws Exception {
    for (Object session : json("/v1/sessions?limit=10").getJsonArray("sessions")) {
      JsonObject json = (JsonObject) session;
      if (json.getLong("sent") == sent) {
        return json;
      }
    }
    throw new AssertionError("no session that sent " + sent + " packets");
  }
}
