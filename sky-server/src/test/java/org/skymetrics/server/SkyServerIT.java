package org.skymetrics.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestClient;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

class SkyServerIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ReferencePeriodStore store = new ReferencePeriodStore(LAYOUT, Clock.system());
  private final List<SkyServer> servers = new ArrayList<>();

  @AfterEach
  void closeAll() {
    store.setAway(false);
    servers.forEach(SkyServer::close);
  }

  private SkyServer start(UnaryOperator<ServerConfig.Builder> more) {
    return start(Clock.system(), more);
  }

  private SkyServer start(Clock clock, UnaryOperator<ServerConfig.Builder> more) {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .name("it")
            .udp("127.0.0.1:0")
            .admin("127.0.0.1:0")
            .reportsItself(false);
    SkyServer server = SkyServer.start(more.apply(builder).build(), store, clock);
    servers.add(server);
    return server;
  }

  private HttpResponse<byte[]> get(SkyServer server, String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + path);
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String text(SkyServer server, String path) {
    return new String(get(server, path).body(), StandardCharsets.UTF_8);
  }

  private JsonObject json(SkyServer server, String path) {
    return new JsonObject(text(server, path));
  }

  private List<Batch> running(SkyServer server, String series) {
    String query = URLEncoder.encode(series, StandardCharsets.UTF_8);
    HttpResponse<byte[]> answer =
        get(server, "/v1/batches?series=" + query + "&from=0&to=9999999999999");
    assertThat(answer.statusCode()).isEqualTo(200);
    ByteReader in = new ByteReader(answer.body());
    List<Batch> batches = new ArrayList<>();
    while (in.remaining() > 0) {
      try {
        batches.add(Batch.parse(in.raw(in.u32())));
      } catch (CorruptException e) {
        throw new AssertionError(e);
      }
    }
    return batches;
  }

  private static long sum(List<Batch> batches, String key) {
    Cell cell = ReferencePeriodStore.unite(batches).get(new Series(Key.of(key), Kind.COUNTER));
    return cell == null ? 0 : ((CounterCell) cell).sum();
  }

  private List<Batch> stored() {
    List<Batch> all = new ArrayList<>(store.history());
    all.addAll(store.allWaiting());
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCountWhatManyClientsSendAndFlushItWhenItEnds(boolean nativeTransport) {
    SkyServer server = start(b -> b.threads(3).nativeTransport(nativeTransport));
    int clients = 8;
    int packets = 200;
    for (int c = 0; c < clients; c++) {
      try (TestClient client = new TestClient(server.udpAddress(), c)) {
        client.open();
        for (int p = 0; p < packets; p++) {
          client.send("load|" + c, 1);
        }
        client.awaitAllAcknowledged();
      }
    }
    long expected = (long) clients * packets;
    assertThat(sum(running(server, "counter:load"), "load")).isEqualTo(expected);
    assertThat(sum(running(server, "counter:load|3"), "load|3")).isEqualTo(packets);
    List<Series> asked = List.of(new Series(Key.of("load|3"), Kind.COUNTER));
    List<Batch> inProcess = server.batches(asked, 0, Long.MAX_VALUE).join();
    assertThat(sum(inProcess, "load|3")).isEqualTo(packets);
    assertThat(sum(inProcess, "load")).isZero();
    assertThat(server.counter(ServerCounter.READS)).isEqualTo(3);
    assertThat(server.counter(ServerCounter.DATA_PACKETS_COUNTED)).isEqualTo(expected);
    assertThat(server.counter(ServerCounter.RECORDS_COUNTED)).isEqualTo(expected);

    StopReport report = server.stop();
    assertThat(report.isClean()).isTrue();
    assertThat(sum(stored(), "load")).isEqualTo(expected);
    assertThat(server.counter(ServerCounter.FINAL_ACKS_SENT)).isPositive();
    assertThat(server.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
    assertThat(server.stop()).isSameAs(report);
  }

  @Test
  void shouldTellItsLanesThatItEnds() {
    SkyServer server = start(b -> b);
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      client.send("a", 1);
      client.awaitAllAcknowledged();
      server.close();
      Ack last = client.awaitFinalAck();
      assertThat(last.base()).isEqualTo(2);
    }
  }

  @Test
  void shouldGoOnWithALaneFromAnotherSocket() {
    SkyServer server = start(b -> b.threads(4));
    for (int i = 0; i < 8; i++) {
      try (TestClient client = new TestClient(server.udpAddress(), 100 + i)) {
        client.open();
        client.send("moved", 1);
        client.awaitAllAcknowledged();
        client.moveToAnotherSocket();
        client.open();
        client.send("moved", 1);
        client.awaitAllAcknowledged();
      }
    }
    assertThat(sum(running(server, "counter:moved"), "moved")).isEqualTo(16);
    assertThat(server.counter(ServerCounter.LANES_MOVED)).isEqualTo(8);
  }

  @Test
  void shouldListANewKeyBeforeAnyFlush() {
    SkyServer server = start(b -> b);
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      client.send("new|key", 1);
      client.awaitAllAcknowledged();
    }
    JsonObject keys = json(server, "/v1/keys?after=0");
    assertThat(keys.getLong("next")).isEqualTo(2);
    JsonArray list = keys.getJsonArray("keys");
    assertThat(list.getJsonObject(0).getString("key")).isEqualTo("new");
    assertThat(list.getJsonObject(1).getString("key")).isEqualTo("new|key");
    assertThat(list.getJsonObject(1).getString("kind")).isEqualTo("counter");
    assertThat(json(server, "/v1/keys?after=2").getJsonArray("keys")).isEmpty();
    assertThat(running(server, "counter:new").get(0).name().toString())
        .startsWith(keys.getString("incarnation"));
  }

  /** A reader that asks without a pause while segments are sealed and moved on sees one number. */
  @Test
  void shouldNeverShowAnotherNumberWhileBatchesMove() {
    ManualClock clock = new ManualClock(TestRing.START_MS);
    SkyServer server = start(clock, b -> b.threads(2));
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      for (int i = 0; i < 50; i++) {
        client.send("steady", 2);
      }
      client.awaitAllAcknowledged();
    }
    int reads = 0;
    while (store.history().isEmpty() || reads < 200) {
      List<Batch> all = running(server, "counter:steady");
      all.addAll(stored());
      assertThat(sum(all, "steady")).isEqualTo(100);
      reads++;
      if (reads % 20 == 0) {
        clock.advance(Duration.ofSeconds(60));
      }
      if (reads % 70 == 0) {
        store.rollUp();
      }
      assertThat(reads).as("reads until it was in history").isLessThan(20_000);
    }
    assertThat(server.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  @Test
  void shouldAnswerOperators() {
    SkyServer server = start(b -> b.threads(2).receiveBufferBytes(1 << 20));
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      client.send("a|b", 1);
      client.awaitAllAcknowledged();
    }
    assertThat(text(server, "/healthz")).isEqualTo("ok");
    awaitReady(server);
    String metrics = text(server, "/metrics");
    assertThat(metrics)
        .contains("# TYPE sky_server_packets_received_total counter")
        .contains("sky_server_data_packets_counted_total 1\n")
        .contains("# TYPE sky_server_lanes gauge\nsky_server_lanes 1.0\n");
    for (ServerCounter counter : ServerCounter.values()) {
      assertThat(metrics).contains("# HELP sky_server_" + counter.label() + "_total ");
    }
    JsonObject status = json(server, "/status");
    assertThat(status.getString("name")).isEqualTo("it");
    assertThat(status.getInteger("lanes")).isEqualTo(1);
    assertThat(status.getInteger("sessions")).isEqualTo(1);
    assertThat(status.getJsonObject("ring").getJsonArray("members")).hasSize(1);
    assertThat(status.getJsonObject("counters").getInteger("records_counted")).isEqualTo(1);
    assertThat(status.getJsonObject("kernel").getInteger("receiveBufferBytes")).isPositive();
    assertThat(status.getJsonObject("segments").getInteger("open")).isEqualTo(1);
  }

  private void awaitReady(SkyServer server) {
    for (int i = 0; i < 10_000; i++) {
      if (get(server, "/readyz").statusCode() == 200) {
        return;
      }
    }
    throw new AssertionError(text(server, "/readyz"));
  }

  @Test
  void shouldSayWhatIsWrongWithARequest() {
    SkyServer server = start(b -> b);
    for (String path :
        List.of(
            "/v1/batches?from=0&to=1",
            "/v1/batches?series=counter:a&from=x&to=1",
            "/v1/batches?series=meter:a&from=0&to=1",
            "/v1/batches?series=counter:a%7C%7Cb&from=0&to=1",
            "/v1/keys?after=x",
            "/v1/keys")) {
      HttpResponse<byte[]> answer = get(server, path);
      assertThat(answer.statusCode()).as(path).isEqualTo(400);
      assertThat(
              new JsonObject(new String(answer.body(), StandardCharsets.UTF_8)).getString("error"))
          .isNotEmpty();
    }
    assertThat(get(server, "/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldStartAndCountWhileTheStoreIsAwayAndDeliverWhenItIsBack() {
    store.setAway(true);
    SkyServer server = start(b -> b.stopTimeout(Duration.ofSeconds(20)));
    assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      client.send("a", 5);
      client.awaitAllAcknowledged();
    }
    store.setAway(false);
    awaitReady(server);
    assertThat(server.stop().isClean()).isTrue();
    assertThat(sum(stored(), "a")).isEqualTo(5);
  }

  @Test
  void shouldSayWhatIsLeftWhenTheStoreDoesNotComeBack() {
    SkyServer server = start(b -> b.stopTimeout(Duration.ofMillis(300)));
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      client.send("a", 5);
      client.awaitAllAcknowledged();
    }
    store.setAway(true);
    StopReport report = server.stop();
    assertThat(report.isClean()).isFalse();
    assertThat(report.batchesLeft()).isEqualTo(1);
    assertThat(report.bytesLeft()).isPositive();
    assertThat(server.counter(ServerCounter.BATCHES_LEFT)).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnAddressThatIsInUse() {
    SkyServer first = start(b -> b.threads(2));
    int udp = first.udpAddress().getPort();
    int admin = first.adminAddress().getPort();
    assertThatThrownBy(() -> start(b -> b.threads(2).udp("127.0.0.1:" + udp)))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("UDP 127.0.0.1:" + udp);
    assertThatThrownBy(() -> start(b -> b.admin("127.0.0.1:" + admin)))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("HTTP 127.0.0.1:" + admin);
  }

  @Test
  void shouldRefuseAStoreOfAnotherLayout() {
    assertThatThrownBy(
            () ->
                start(
                    b ->
                        b.layout(new Layout(Period.ONE_SECOND, 4))
                            .flushDelay(Duration.ofMillis(100))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("--period 60s --shards 16")
        .hasMessageContaining("--period 1s --shards 4");
  }

  @Test
  void shouldCountItsOwnCountersAsSeries() {
    SkyServer server = start(b -> b.reportsItself(true));
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      client.open();
      for (int i = 0; i < 10; i++) {
        client.send("a", 1);
      }
      client.awaitAllAcknowledged();
    }
    assertThat(server.stop().isClean()).isTrue();
    assertThat(sum(stored(), "sky>server|data_packets_counted")).isGreaterThanOrEqualTo(10);
    assertThat(sum(stored(), "sky>server|lanes_opened")).isBetween(1L, 2L);
  }

  @Test
  void shouldTellTheRingWithItsAdvertisedAddress() {
    List<Member> others = List.of(Member.parse("127.0.0.1:1/2"));
    SkyServer server = start(b -> b.advertise("sky.example:9999").members(others));
    assertThat(server.member().host()).isEqualTo("sky.example");
    assertThat(server.member().udpPort()).isEqualTo(9999);
    assertThat(server.member().adminPort()).isEqualTo(server.adminAddress().getPort());
    try (TestClient client = new TestClient(server.udpAddress(), 1)) {
      assertThat(client.ring().members()).contains(server.member(), others.get(0)).hasSize(2);
    }
  }
}
