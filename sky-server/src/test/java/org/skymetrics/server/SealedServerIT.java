package org.skymetrics.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.client.Sky;
import org.skymetrics.common.seal.Secret;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.store.period.Layout;

/** A server with a secret, and who reaches it over the network. */
class SealedServerIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final String OLD = "0f".repeat(32);
  private static final String NEW = "f0".repeat(32);

  @TempDir Path folder;
  private Path file;
  private int writes;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<SkyServer> servers = new ArrayList<>();

  @BeforeEach
  void makeFile() throws IOException {
    file = folder.resolve("secret");
    write(OLD);
  }

  @AfterEach
  void closeAll() {
    servers.forEach(SkyServer::close);
  }

  private void write(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * ++writes));
  }

  private SkyServer start(String host, UnaryOperator<ServerConfig.Builder> more) {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .name("it")
            .udp(host + ":0")
            .admin(host + ":0")
            .secretFile(file)
            .reportsItself(false);
    SkyServer server =
        SkyServer.start(
            more.apply(builder).build(),
            new ReferencePeriodStore(LAYOUT, Clock.system()),
            Clock.system());
    servers.add(server);
    return server;
  }

  /** An address of this machine that is not loopback, as if of another one. */
  private static String networkAddress() throws SocketException {
    String found =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst()
            .orElse(null);
    assumeThat(found).as("this machine has an address besides loopback").isNotNull();
    return found;
  }

  private HttpResponse<String> get(SkyServer server, String path, String token) {
    InetSocketAddress at = server.adminAddress();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void until(String what, BooleanSupplier isSo) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  void shouldWantATokenFromOtherMachines() throws IOException {
    SkyServer server = start(networkAddress(), b -> b);
    String old = Secret.parse(OLD).token();
    String newer = Secret.parse(NEW).token();
    for (String path : List.of("/status", "/metrics", "/v1/keys?after=0", "/nothing")) {
      HttpResponse<String> refused = get(server, path, null);
      assertThat(refused.statusCode()).as(path).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
      assertThat(get(server, path, newer).statusCode()).as(path).isEqualTo(401);
      assertThat(get(server, path, old).statusCode()).as(path).isNotEqualTo(401);
    }
    assertThat(server.counter(ServerCounter.ADMIN_REFUSED)).isEqualTo(8);
    assertThat(get(server, "/healthz", null).statusCode()).isEqualTo(200);
    assertThat(get(server, "/readyz", null).statusCode()).isIn(200, 503);
    write(NEW, OLD);
    until("the new one is accepted", () -> get(server, "/status", newer).statusCode() == 200);
    assertThat(get(server, "/status", old).statusCode()).isEqualTo(200);
    write(NEW);
    until("the old one is not", () -> get(server, "/status", old).statusCode() == 401);
    assertThat(get(server, "/status", newer).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldWantNoTokenOnThisMachine() {
    SkyServer server = start("127.0.0.1", b -> b);
    assertThat(get(server, "/status", null).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldKeepOutPagesThatCameByAnotherName() throws IOException {
    SkyServer server = start("127.0.0.1", b -> b);
    assertThat(raw(server, "/status", "evil.example")).startsWith("HTTP/1.1 403");
    assertThat(raw(server, "/v1/keys?after=0", "127.0.0.1.evil.example:80"))
        .startsWith("HTTP/1.1 403");
    assertThat(raw(server, "/status", "localhost")).startsWith("HTTP/1.1 200");
    assertThat(raw(server, "/status", "[::1]:8126")).startsWith("HTTP/1.1 200");
    assertThat(server.counter(ServerCounter.ADMIN_REFUSED)).isEqualTo(2);
  }

  private static String raw(SkyServer server, String path, String host) throws IOException {
    InetSocketAddress at = server.adminAddress();
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldTakeTextFromTheNetworkOnlyFromThoseThatAreNamed() throws IOException {
    String host = networkAddress();
    SkyServer closed = start(host, b -> b);
    text(closed, host, "a:1|c");
    until("it is seen", () -> closed.counter(ServerCounter.TEXT_PACKETS_NOT_ALLOWED) == 1);
    assertThat(closed.counter(ServerCounter.TEXT_LINES)).isZero();
    SkyServer open = start(host, b -> b.statsdFrom(List.of(host)));
    text(open, host, "a:1|c");
    // Its own client, which carries what came as text, has the secret too.
    until("it is counted", () -> open.counter(ServerCounter.RECORDS_COUNTED) == 1);
    assertThat(open.counter(ServerCounter.PACKETS_UNSEALED)).isZero();
  }

  private static void text(SkyServer to, String from, String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
      socket.send(new DatagramPacket(bytes, bytes.length, to.udpAddress()));
    }
  }

  @Test
  void shouldCountForClientsWithTheSecretAndForNoOthers() {
    SkyServer server = start("127.0.0.1", b -> b.threads(2).reportsItself(true));
    String address = "127.0.0.1:" + server.udpAddress().getPort();
    try (Sky good = Sky.builder().servers(address).secretFile(file).build();
        Sky none = Sky.builder().servers(address).closeTimeout(Duration.ZERO).build();
        Sky wrong =
            Sky.builder().servers(address).secret(NEW).closeTimeout(Duration.ZERO).build()) {
      for (int i = 0; i < 1000; i++) {
        good.counter("a|" + i % 10);
        none.counter("b");
        wrong.counter("b");
      }
      assertThat(good.awaitAcknowledged(Duration.ofSeconds(30))).isTrue();
      until("the others are heard", () -> server.counter(ServerCounter.PACKETS_BAD_TAG) > 0);
      until("both of them", () -> server.counter(ServerCounter.PACKETS_UNSEALED) > 0);
      assertThat(none.stats().acknowledgedCounts()).isZero();
      assertThat(wrong.stats().acknowledgedCounts()).isZero();
    }
    assertThat(get(server, "/v1/keys?after=0", null).body())
        .contains("\"a|1\"")
        .doesNotContain("\"b\"");
  }
}
