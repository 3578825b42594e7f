package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong is said in a sentence, with an exit status, and costs nothing that was accepted.
 */
final class BadInputIT {
  @TempDir Path folder;

  @Test
  void shouldCountWhatIsNoPacketByCauseAndGoOn() throws IOException {
    try (SkyProcess sky = standalone("--data=" + folder.resolve("a"));
        DatagramSocket socket = new DatagramSocket()) {
      int colon = sky.udp().lastIndexOf(':');
      InetSocketAddress to =
          new InetSocketAddress("127.0.0.1", Integer.parseInt(sky.udp().substring(colon + 1)));
      SplittableRandom random = new SplittableRandom(99);
      int sent = 300;
      for (int i = 0; i < sent; i++) {
        byte[] bytes = new byte[random.nextInt(1, 1400)];
        random.nextBytes(bytes);
        // A third is text that says nothing, a third of another version, a third of any type.
        bytes[0] = (byte) (i % 3 == 0 ? 'a' : 0xfa);
        if (bytes.length > 2) {
          bytes[1] = (byte) (i % 3 == 1 ? 9 : 1);
        }
        socket.send(new DatagramPacket(bytes, bytes.length, to));
      }
      Asked.until(
          "all packets were received",
          () -> counter(sky, "packets_received") + counter(sky, "text_packets") >= sent);
      assertThat(counter(sky, "text_packets")).isEqualTo(sent / 3);
      assertThat(counter(sky, "text_bad_text")).isPositive();
      assertThat(counter(sky, "text_lines")).isZero();
      assertThat(counter(sky, "packets_other_version")).isPositive();
      assertThat(counter(sky, "internal_errors")).isZero();
      assertThat(CommandRun.of("send", "counter", "still", "--ring", sky.udp()).status()).isZero();
      assertThat(CommandRun.of("query", "still", "--total", "--http", sky.http()).result())
          .isEqualTo("1");
      assertThat(CommandRun.of("status", "--http", sky.http()).out())
          .contains("lost, refused or wrong", "packets_other_version");
    }
  }

  private static long counter(SkyProcess sky, String name) {
    try {
      return Asked.counter(sky.admin(), name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldSayThatARequestNamesNoHostAndLogNothing() throws IOException {
    try (SkyProcess sky = standalone("--data=" + folder.resolve("n"))) {
      String before = sky.log();
      for (String address : List.of(sky.http(), sky.admin())) {
        for (String host : List.of("", "Host: a b\r\n", "Host: 127.0.0.1:x\r\n")) {
          assertThat(answer(address, "GET /status HTTP/1.1\r\n" + host))
              .as(address + " " + host)
              .startsWith("HTTP/1.1 400 ")
              .contains("{\"error\":\"", "Host");
        }
      }
      assertThat(sky.log()).isEqualTo(before);
    }
  }

  private static String answer(String address, String head) throws IOException {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(address.substring(colon + 1)))) {
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldNameAPortThatIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
        DatagramSocket takenUdp =
            new DatagramSocket(
                new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0))) {
      for (String option :
          new String[] {
            "--http=127.0.0.1:" + taken.getLocalPort(),
            "--admin=127.0.0.1:" + taken.getLocalPort(),
            "--udp=127.0.0.1:" + takenUdp.getLocalPort()
          }) {
        CommandRun run = alone("--data=" + folder.resolve("p"), option);
        assertThat(run.status()).as(run.err()).isEqualTo(1);
        assertThat(run.err())
            .contains("sky standalone: ", option.substring(option.lastIndexOf(':')))
            .doesNotContain("\tat ");
      }
    }
  }

  @Test
  void shouldRefuseADirectoryThatIsInUseOrOfAnotherLayout() throws IOException {
    String data = "--data=" + folder.resolve("b");
    try (SkyProcess sky = standalone(data)) {
      CommandRun second = SkyProcess.run(folder, "standalone", data, "--udp=127.0.0.1:0");
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err()).contains("is in use by the process").doesNotContain("\tat ");
      assertThat(sky.stop()).isIn(0, 143);
    }
    CommandRun other = alone(data, "--period=10s");
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("--period 1s --shards 16", "--period 10s --shards 16");
  }

  @Test
  void shouldRefuseADirectoryThatIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandRun run = alone("--data=" + file);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(file.toString()).doesNotContain("\tat ");
  }

  @Test
  void shouldBindLoopbackOnlyUnlessTold() {
    CommandRun run =
        CommandRun.of("standalone", "--data=" + folder.resolve("c"), "--udp=0.0.0.0:0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("only loopback is bound", "allow-unsealed");
    CommandRun ui = CommandRun.of("ui", "--data=" + folder.resolve("u"), "--http=0.0.0.0:0");
    assertThat(ui.status()).isEqualTo(2);
    assertThat(ui.err())
        .contains("who reaches it can read all", "--password-file", "--allow-anonymous");
  }

  @Test
  void shouldNotGoOnUnsealedWhereTheSecretCanNotBeUsed() throws IOException {
    Path file = folder.resolve("secret");
    String option = "--secret-file=" + file;
    CommandRun none = CommandRun.of("send", option, "counter", "a");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("--secret-file: the secret file " + file + " is not there");
    Files.writeString(file, "0f".repeat(32));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    CommandRun open = CommandRun.of("standalone", "--data=" + folder.resolve("d"), option);
    assertThat(open.status()).isEqualTo(2);
    assertThat(open.err()).contains("chmod 600").doesNotContain("0f0f");
    CommandRun riak =
        CommandRun.of("rollup", "--data=" + folder.resolve("r"), "--riak=a", "--riak-user=sky");
    assertThat(riak.status()).isEqualTo(2);
    assertThat(riak.err()).contains("--riak-user, --riak-password and --riak-ca need one another");
  }

  @Test
  void shouldSayThatNobodyAnswers() throws IOException {
    String nowhere = "127.0.0.1:" + Ports.free();
    CommandRun send = CommandRun.of("send", "counter", "a", "--ring", nowhere, "--wait", "300ms");
    assertThat(send.status()).isEqualTo(1);
    assertThat(send.err()).contains("not acknowledged within 0.3 s", nowhere);
    CommandRun query = CommandRun.of("query", "a", "--http", nowhere);
    assertThat(query.status()).isEqualTo(1);
    assertThat(query.err()).contains("nothing answers at http://" + nowhere);
    CommandRun tail = CommandRun.of("tail", "--once", folder.resolve("none").toString());
    assertThat(tail.status()).isEqualTo(1);
    assertThat(tail.err()).contains("there is no file");
  }

  @Test
  void shouldCountWhileRedisIsAwayAndLoseNothing() throws IOException {
    long from = System.currentTimeMillis() / 1000 - 10;
    int port = Ports.free();
    String redis = "--redis=127.0.0.1:" + port;
    String history = "--data=" + folder.resolve("h");
    try (SkyProcess server =
            SkyProcess.daemon(
                folder,
                "server",
                "--period=1s",
                "--id=a",
                "--data=" + folder.resolve("a"),
                "--udp=127.0.0.1:0",
                "--admin=127.0.0.1:0",
                redis);
        SkyProcess rollup = SkyProcess.daemon(folder, "rollup", "--period=1s", redis, history)) {
      assertThat(server.log()).contains("Redis at 127.0.0.1:" + port, "not reached");
      send(server, 7);
      try (TestRedis first = TestRedis.start(port)) {
        assertThat(first.address()).endsWith(":" + port);
        Asked.until("history has something", () -> counter(server, "batches_confirmed") > 0);
      }
      send(server, 5);
      try (TestRedis wiped = TestRedis.start(port);
          SkyProcess ui =
              SkyProcess.daemon(
                  folder,
                  "ui",
                  "--period=1s",
                  redis,
                  history,
                  "--http=127.0.0.1:0",
                  "--ring=" + server.udp() + "/" + server.admin().replaceAll(".*:", ""))) {
        assertThat(wiped.address()).endsWith(":" + port);
        Asked.until("all is in history", () -> Asked.isInHistory(ui.http(), "away", from));
        CommandRun total = CommandRun.of("query", "away", "--total", "--http", ui.http());
        assertThat(total.result()).as(total.err()).isEqualTo("12");
        assertThat(rollup.stop()).isIn(0, 143);
        assertThat(server.stop()).isIn(0, 143);
        CommandRun partial = CommandRun.of("query", "away", "--total", "--http", ui.http());
        assertThat(partial.status()).isEqualTo(3);
        assertThat(partial.result()).isEqualTo("12");
        assertThat(partial.err()).contains("the answer is not complete: no reply from");
      }
    }
  }

  private static void send(SkyProcess server, int count) {
    CommandRun run =
        CommandRun.of("send", "counter", "away", Integer.toString(count), "--ring", server.udp());
    assertThat(run.status()).as(run.err()).isZero();
  }

  private SkyProcess standalone(String data) throws IOException {
    return SkyProcess.daemon(
        folder,
        "standalone",
        "--period=1s",
        data,
        "--udp=127.0.0.1:0",
        "--admin=127.0.0.1:0",
        "--http=127.0.0.1:0");
  }

  /** A start that fails. */
  private CommandRun alone(String data, String... options) throws IOException {
    java.util.List<String> arguments =
        new java.util.ArrayList<>(
            java.util.List.of("standalone", "--period=1s", data, "--udp=127.0.0.1:0"));
    arguments.addAll(java.util.List.of("--admin=127.0.0.1:0", "--http=127.0.0.1:0"));
    for (String option : options) {
      String name = option.substring(0, option.indexOf('='));
      arguments.removeIf(argument -> argument.startsWith(name + "="));
      arguments.add(option);
    }
    return SkyProcess.run(folder, arguments.toArray(new String[0]));
  }
}
