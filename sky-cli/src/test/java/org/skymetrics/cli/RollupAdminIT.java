package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.seal.SecretFile;

/** What a rollup process tells of itself. */
final class RollupAdminIT {
  @TempDir Path folder;

  @Test
  void shouldTellWhatItAndItsStoresCount() throws IOException {
    try (TestRedis redis = TestRedis.start(Ports.free());
        SkyProcess rollup = SkyProcess.daemon(folder, arguments(redis, "127.0.0.1:0"))) {
      String admin = rollup.admin();

      assertThat(Asked.get(admin, "/healthz").body()).isEqualTo("ok");
      Asked.until(
          "a pass is told",
          () -> asked(admin, "/metrics").matches("(?s).*\\nsky_rollup_passes_total [1-9].*"));
      assertThat(asked(admin, "/metrics"))
          .contains("\n# TYPE sky_store_retry_total counter\nsky_store_retry_total 0\n")
          .contains("\nsky_rollup_blocks_damaged_total 0\n");
      assertThat(Asked.json(admin, "/status").path("counters").path("passes").asLong())
          .isPositive();
      assertThat(Asked.json(admin, "/status").path("storeCounters").path("call_failed").asLong(9))
          .isZero();

      assertThat(Asked.get(admin, "/v1/keys").statusCode()).isEqualTo(404);
      assertThat(raw(admin, "POST /status", admin)).startsWith("HTTP/1.1 405 ");
      assertThat(raw(admin, "GET /status", "sky.example:80")).startsWith("HTTP/1.1 403 ");
      assertThat(raw(admin, "GET /status", "sub.localhost")).startsWith("HTTP/1.1 200 ");
      assertThat(asked(admin, "/metrics")).contains("\nsky_rollup_admin_refused_total 1\n");
    }
  }

  @Test
  void shouldHaveTheAddressThatWasAskedForOrNotStart() throws IOException {
    try (TestRedis redis = TestRedis.start(Ports.free());
        SkyProcess rollup = SkyProcess.daemon(folder, arguments(redis, "127.0.0.1:0"))) {
      CommandRun second = CommandRun.of(arguments(redis, rollup.admin()));
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err())
          .contains("--rollup-admin: HTTP " + rollup.admin() + " can't be bound");

      CommandRun open = CommandRun.of(arguments(redis, "0.0.0.0:0"));
      assertThat(open.status()).isEqualTo(2);
      assertThat(open.err()).contains("only loopback is bound", "--allow-unsealed");
    }
  }

  @Test
  void shouldWantATokenFromOtherMachines() throws IOException {
    String network = networkAddress();
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "0123456789abcdef".repeat(4) + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    List<String> more = new ArrayList<>();
    try (TestRedis redis = TestRedis.start(Ports.free())) {
      more.addAll(List.of(arguments(redis, network + ":0")));
      more.add("--secret-file=" + secret);
      try (SkyProcess rollup = SkyProcess.daemon(folder, more.toArray(new String[0]))) {
        String token = SecretFile.open(secret).get().first().token();

        assertThat(Asked.get(rollup.admin(), "/healthz").statusCode()).isEqualTo(200);
        assertThat(raw(rollup.admin(), "GET /metrics", rollup.admin())).startsWith("HTTP/1.1 401 ");
        assertThat(
                raw(
                    rollup.admin(),
                    "GET /metrics",
                    rollup.admin() + "\r\nAuthorization: Bearer " + token))
            .startsWith("HTTP/1.1 200 ");
        assertThat(
                raw(
                    rollup.admin(),
                    "GET /metrics",
                    rollup.admin() + "\r\nAuthorization: Bearer x" + token))
            .startsWith("HTTP/1.1 401 ");
      }
    }
  }

  private static String networkAddress() throws IOException {
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

  private String[] arguments(TestRedis redis, String admin) {
    List<String> all = new ArrayList<>(List.of("rollup", "--redis=" + redis.address()));
    all.add("--data=" + folder.resolve("history"));
    all.add("--rollup-admin=" + admin);
    return all.toArray(new String[0]);
  }

  private static String asked(String address, String path) {
    try {
      return Asked.get(address, path).body();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A request under another name. */
  private static String raw(String address, String request, String host) throws IOException {
    String[] parts = address.split(":", -1);
    try (Socket socket = new Socket(parts[0], Integer.parseInt(parts[1]))) {
      String text = request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
