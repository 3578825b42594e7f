package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ring whose members, readers and clients share a secret, on an address that is not loopback. */
final class SealedRingIT {
  private static final String OLD = "0f".repeat(32);
  private static final String NEW = "f0".repeat(32);
  private static final int COUNTS = 10_000;

  @TempDir Path folder;

  private final List<SkyProcess> processes = new ArrayList<>();

  @Test
  void shouldCountExactlyForThoseWithTheSecretWhileItIsChanged() throws Exception {
    String host = networkAddress();
    Path secret = write("secret", OLD);
    Path lost = write("lost", OLD);
    long from = System.currentTimeMillis() / 1000 - 120;
    try (TestRedis redis = TestRedis.start(Ports.free())) {
      List<Integer> ports = List.of(Ports.free(), Ports.free(), Ports.free(), Ports.free());
      String ring =
          "%s:%d/%d,%s:%d/%d"
              .formatted(host, ports.get(0), ports.get(1), host, ports.get(2), ports.get(3));
      SkyProcess first = server(redis, secret, ring, host, ports.get(0), ports.get(1));
      SkyProcess second = server(redis, secret, ring, host, ports.get(2), ports.get(3));
      SkyProcess ui =
          daemon(
              "ui",
              "--redis=" + redis.address(),
              "--http=127.0.0.1:0",
              "--ring=" + ring,
              "--secret-file=" + secret,
              "--data=" + folder.resolve("history"));

      refusedWithout(first);
      CompletableFuture<CommandRun> load =
          CompletableFuture.supplyAsync(() -> load(first.udp(), secret));
      Asked.until("it counts", () -> total(ui, from) > 0);
      write("secret", NEW, OLD);
      awaitRead(first, second, "2 are accepted");
      long changed = total(ui, from);
      Asked.until("it goes on", () -> total(ui, from) > changed + COUNTS / 10);
      write("secret", NEW);
      awaitRead(first, second, "1 are accepted");
      CommandRun done = load.join();
      assertThat(done.status()).as(done.err()).isZero();
      assertThat(JsonMapper.builder().build().readTree(done.out()).path("acknowledged").asLong())
          .isEqualTo(COUNTS);
      assertThat(total(ui, from)).isEqualTo(COUNTS);

      CommandRun late = send(first.udp(), "--secret-file=" + lost);
      assertThat(late.status()).as("with the old secret").isEqualTo(1);
      CommandRun good = send(first.udp(), "--secret-file=" + secret);
      assertThat(good.status()).as(good.err()).isZero();
      assertThat(Asked.total(Asked.series(ui.http(), "late", from))).isEqualTo(1);
    } finally {
      processes.forEach(SkyProcess::close);
    }
  }

  private static void refusedWithout(SkyProcess server) {
    CommandRun none = send(server.udp());
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("is its secret the same?");
  }

  private static CommandRun send(String udp, String... options) {
    List<String> arguments = new ArrayList<>(List.of("send", "--ring=" + udp, "--wait=2s"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("counter", "late"));
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  private CommandRun load(String udp, Path secret) {
    try {
      return SkyProcess.run(
          folder,
          "load",
          "--ring=" + udp,
          "--secret-file=" + secret,
          "--keys=20",
          "--rate=" + COUNTS / 10,
          "--seconds=10");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long total(SkyProcess ui, long from) {
    try {
      return Asked.total(Asked.series(ui.http(), "load", from));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitRead(SkyProcess first, SkyProcess second, String what) {
    Asked.until("both read it", () -> first.log().contains(what) && second.log().contains(what));
  }

  /** At once, and only the owner can read it. */
  private Path write(String name, String... lines) throws IOException {
    Path made = Files.createTempFile(folder, "secret-", ".new");
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(made, String.join("\n", lines) + "\n");
    return Files.move(
        made,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private SkyProcess server(
      TestRedis redis, Path secret, String ring, String host, int udp, int admin)
      throws IOException {
    return daemon(
        "server",
        "--redis=" + redis.address(),
        "--udp=" + host + ":" + udp,
        "--admin=" + host + ":" + admin,
        "--ring=" + ring,
        "--secret-file=" + secret,
        "--data=" + folder.resolve("server-" + udp));
  }

  private SkyProcess daemon(String... arguments) throws IOException {
    SkyProcess process = SkyProcess.daemon(folder, arguments);
    processes.add(process);
    return process;
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
}
