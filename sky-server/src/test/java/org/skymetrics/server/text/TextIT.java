package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
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
import org.skymetrics.server.ServerStartException;
import org.skymetrics.server.SkyServer;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

class TextIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final long PATIENCE_NS = 30_000_000_000L;

  private final ReferencePeriodStore store = new ReferencePeriodStore(LAYOUT, Clock.system());
  private final List<SkyServer> servers = new ArrayList<>();

  @AfterEach
  void closeAll() {
    servers.forEach(SkyServer::close);
  }

  private SkyServer start(UnaryOperator<ServerConfig.Builder> more) {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .name("it")
            .udp("127.0.0.1:0")
            .admin("127.0.0.1:0")
            .reportsItself(false);
    SkyServer server = SkyServer.start(more.apply(builder).build(), store, Clock.system());
    servers.add(server);
    return server;
  }

  private Cell stored(String key, Kind kind) {
    List<Batch> all = new ArrayList<>(store.history());
    all.addAll(store.allWaiting());
    Cell cell = ReferencePeriodStore.unite(all).get(new Series(Key.of(key), kind));
    assertThat(cell).as(key).isNotNull();
    return cell;
  }

  private List<Long> periodsOf(String key) {
    Series series = new Series(Key.of(key), Kind.COUNTER);
    List<Batch> all = new ArrayList<>(store.history());
    all.addAll(store.allWaiting());
    return all.stream()
        .filter(batch -> ReferencePeriodStore.unite(List.of(batch)).containsKey(series))
        .map(batch -> batch.place().startMs())
        .sorted()
        .distinct()
        .toList();
  }

  private long storedSum(String key) {
    return ((CounterCell) stored(key, Kind.COUNTER)).sum();
  }

  private static void await(SkyServer server, ServerCounter counter, long value) {
    long startNs = System.nanoTime();
    while (server.counter(counter) < value) {
      assertThat(System.nanoTime() - startNs)
          .as("%s is %d, not %d", counter, server.counter(counter), value)
          .isLessThan(PATIENCE_NS);
      LockSupport.parkNanos(100_000);
    }
  }

  private static void send(DatagramSocket socket, InetSocketAddress to, String text)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  /** Sends what senders of a few lines a packet send, and never more than a socket can hold. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCountExactlyWhatManySendersSend(boolean nativeTransport) throws IOException {
    SkyServer server = start(b -> b.threads(3).nativeTransport(nativeTransport));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, Long> sums = new HashMap<>();
    long lines = 0;
    List<DatagramSocket> senders = new ArrayList<>();
    List<Socket> connections = new ArrayList<>();
    for (int s = 0; s < 6; s++) {
      senders.add(new DatagramSocket());
      connections.add(new Socket("127.0.0.1", server.udpAddress().getPort()));
    }
    for (int round = 0; round < 60; round++) {
      for (int s = 0; s < senders.size(); s++) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
          String key = "text|" + random.nextInt(40);
          int n = random.nextInt(1000) - 100;
          sums.merge(key, (long) n, Long::sum);
          text.append(key).append(':').append(n).append("|c\n");
          text.append("ms:").append(random.nextInt(500)).append("|ms|@0.5\n");
          lines += 2;
        }
        if (round % 2 == 0) {
          send(senders.get(s), server.udpAddress(), text.toString());
        } else {
          byte[] bytes = text.toString().getBytes(UTF_8);
          int cut = random.nextInt(bytes.length);
          OutputStream out = connections.get(s).getOutputStream();
          out.write(bytes, 0, cut);
          out.flush();
          out.write(bytes, cut, bytes.length - cut);
        }
      }
      await(server, ServerCounter.TEXT_LINES, lines);
    }
    long past = System.currentTimeMillis() / 60_000 * 60 - 600;
    send(
        senders.get(0),
        server.udpAddress(),
        "fraction:1|c|@0.3\nlevel:7.5|g\nthen:4|c|T" + past + "\nthen:5|c|T" + (past + 60));
    for (int i = 0; i < 3_000; i++) {
      send(
          senders.get(i % 6),
          server.udpAddress(),
          "users|all:" + i + "|s\nusers|few:" + i % 7 + "|s");
      if (i % 50 == 49) {
        await(server, ServerCounter.TEXT_LINES, lines + 4 + 2 * (i + 1));
      }
    }
    await(server, ServerCounter.TEXT_LINES, lines + 6_004);
    assertThat(server.stop().isClean()).isTrue();
    for (DatagramSocket sender : senders) {
      sender.close();
    }
    for (Socket connection : connections) {
      connection.close();
    }

    long all = 0;
    for (Map.Entry<String, Long> sum : sums.entrySet()) {
      assertThat(storedSum(sum.getKey())).as("seed %d", seed).isEqualTo(sum.getValue());
      all += sum.getValue();
    }
    assertThat(storedSum("text")).isEqualTo(all);
    assertThat(((HistogramCell) stored("ms", Kind.HISTOGRAM)).count()).isEqualTo(lines);
    assertThat(((CounterCell) stored("fraction", Kind.COUNTER)).value()).isEqualTo(1 / 0.3);
    assertThat(((GaugeCell) stored("level", Kind.GAUGE)).last()).isEqualTo(7.5);
    assertThat(storedSum("then")).isEqualTo(9);
    assertThat(periodsOf("then")).containsExactly(past * 1000, (past + 60) * 1000);
    assertThat(((SetCell) stored("users|few", Kind.SET)).estimate()).isEqualTo(7);
    SetCell users = new SetCell();
    for (int i = 0; i < 3_000; i++) {
      users.add(SetCell.hash(String.valueOf(i)));
    }
    assertThat(((SetCell) stored("users", Kind.SET)).estimate()).isEqualTo(users.estimate());
    assertThat(server.counter(ServerCounter.TEXT_CONNECTIONS)).isEqualTo(6);
    assertThat(server.counter(ServerCounter.TEXT_COUNTS_LEFT)).isZero();
    assertThat(server.counter(ServerCounter.PACKETS_NOT_SKY)).isZero();
    assertThat(server.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  @Test
  void shouldReadEachListenerInItsDialect() throws IOException {
    SkyServer server = start(b -> b.statsd(List.of("127.0.0.1:0=dogstatsd", "[::1]:0=statsd")));
    InetSocketAddress datadog = server.statsdAddresses().get(0);
    try (DatagramSocket socket = new DatagramSocket();
        Socket connection = new Socket("127.0.0.1", datadog.getPort())) {
      send(socket, server.udpAddress(), "changed:9|g");
      // A first change that comes within the same milliseconds may be taken as the earlier one.
      await(server, ServerCounter.RECORDS_COUNTED, 1);
      send(socket, server.udpAddress(), "changed:-2|g");
      await(server, ServerCounter.TEXT_LINES, 2);
      send(socket, server.udpAddress(), "changed:-5|g\nfrom.nothing:+3|g");
      send(socket, datadog, "level:-5|g");
      connection.getOutputStream().write("other:-6|g\nrest:1|c".getBytes(UTF_8));
      connection.shutdownOutput();
      await(server, ServerCounter.TEXT_LINES, 6);
      await(server, ServerCounter.TEXT_NOT_TERMINATED, 1);
    }
    server.stop();
    assertThat(((GaugeCell) stored("changed", Kind.GAUGE)).last()).isEqualTo(2);
    assertThat(((GaugeCell) stored("from.nothing", Kind.GAUGE)).last()).isEqualTo(3);
    assertThat(((GaugeCell) stored("level", Kind.GAUGE)).last()).isEqualTo(-5);
    assertThat(((GaugeCell) stored("other", Kind.GAUGE)).last()).isEqualTo(-6);
  }

  @Test
  void shouldSayInItsStatusWhatWasRefused() throws IOException, InterruptedException {
    SkyServer server = start(b -> b);
    try (DatagramSocket socket = new DatagramSocket()) {
      send(socket, server.udpAddress(), "a:1|zzz\n_e{1,1}:a|b\nok:1|c");
      await(server, ServerCounter.TEXT_LINES, 1);
    }
    URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + "/status");
    String answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .body();
    JsonObject text = new JsonObject(answer).getJsonObject("text");
    JsonObject line = text.getJsonObject("refusedLines").getJsonArray("127.0.0.1").getJsonObject(0);
    assertThat(line.getString("line")).isEqualTo("a:1|zzz");
    assertThat(text.getJsonArray("announcements")).hasSize(1);
    assertThat(text.getJsonObject("forwarded").getInteger("acceptedCounts")).isEqualTo(1);
  }

  @Test
  void shouldBearAnyBytesAndGoOn() throws IOException {
    SkyServer server = start(b -> b.threads(2));
    Random random = new Random(7);
    try (DatagramSocket socket = new DatagramSocket();
        Socket connection = new Socket("127.0.0.1", server.udpAddress().getPort())) {
      for (int i = 1; i <= 300; i++) {
        byte[] bytes = new byte[1 + random.nextInt(2000)];
        random.nextBytes(bytes);
        socket.send(new DatagramPacket(bytes, bytes.length, server.udpAddress()));
        connection.getOutputStream().write(bytes);
        await(server, ServerCounter.PACKETS_RECEIVED, i);
      }
      connection.getOutputStream().write("\na:1|c\n".getBytes(UTF_8));
      send(socket, server.udpAddress(), "a:1|c");
      await(server, ServerCounter.TEXT_LINES, 2);
    }
    server.stop();
    assertThat(storedSum("a")).isEqualTo(2);
    assertThat(server.counter(ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  @Test
  void shouldHoldNoMoreConnectionsThanItMayAndCloseIdleOnes() throws IOException {
    SkyServer server = start(b -> b.statsdConnections(2).statsdIdle(Duration.ofMillis(50)));
    int port = server.udpAddress().getPort();
    try (Socket first = new Socket("127.0.0.1", port);
        Socket second = new Socket("127.0.0.1", port)) {
      await(server, ServerCounter.TEXT_CONNECTIONS, 2);
      try (Socket third = new Socket("127.0.0.1", port)) {
        await(server, ServerCounter.TEXT_CONNECTIONS_OVER_LIMIT, 1);
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      await(server, ServerCounter.TEXT_CONNECTIONS_IDLE, 2);
      assertThat(first.getInputStream().read()).isEqualTo(-1);
      assertThat(second.getInputStream().read()).isEqualTo(-1);
    }
    try (Socket again = new Socket("127.0.0.1", port)) {
      again.getOutputStream().write("a:1|c\n".getBytes(UTF_8));
      await(server, ServerCounter.TEXT_LINES, 1);
    }
  }

  @Test
  void shouldRefuseTextFromOtherMachines() throws IOException {
    InetAddress outer = outerAddress();
    Assumptions.assumeTrue(outer != null, "this machine has no address but loopback");
    UnaryOperator<ServerConfig.Builder> everywhere =
        b -> b.udp("0.0.0.0:0").advertise("127.0.0.1:9").allowUnsealed(true).members(List.of());
    SkyServer closed = start(everywhere);
    SkyServer open =
        start(b -> everywhere.apply(b).statsdFrom(List.of(outer.getHostAddress() + "/32")));
    for (SkyServer server : List.of(closed, open)) {
      InetSocketAddress to = new InetSocketAddress(outer, server.udpAddress().getPort());
      try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(outer, 0));
          Socket connection = new Socket(outer, to.getPort(), outer, 0)) {
        send(socket, to, "a|c");
        if (server == closed) {
          await(server, ServerCounter.TEXT_PACKETS_NOT_ALLOWED, 1);
          await(server, ServerCounter.TEXT_CONNECTIONS_NOT_ALLOWED, 1);
        } else {
          connection.getOutputStream().write("a|c\n".getBytes(UTF_8));
          await(server, ServerCounter.TEXT_NO_VALUE, 2);
        }
      }
    }
    assertThat(closed.counter(ServerCounter.TEXT_NO_VALUE)).isZero();
    assertThat(open.counter(ServerCounter.TEXT_PACKETS_NOT_ALLOWED)).isZero();
  }

  private static InetAddress outerAddress() throws IOException {
    for (NetworkInterface face : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(face.getInetAddresses())) {
        if (address instanceof Inet4Address && !address.isLoopbackAddress() && face.isUp()) {
          return address;
        }
      }
    }
    return null;
  }

  @Test
  void shouldSayWhichAddressIsInUse() throws IOException {
    SkyServer first = start(b -> b.statsd(List.of("127.0.0.1:0=statsd")));
    int port = first.statsdAddresses().get(0).getPort();
    assertThatThrownBy(() -> start(b -> b.statsd(List.of("127.0.0.1:" + port + "=statsd"))))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("UDP 127.0.0.1:" + port);
    int tcp = first.adminAddress().getPort();
    assertThatThrownBy(() -> start(b -> b.udp("127.0.0.1:" + tcp)))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("TCP 127.0.0.1:" + tcp);
  }
}
