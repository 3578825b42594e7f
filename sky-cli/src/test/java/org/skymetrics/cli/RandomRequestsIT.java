package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests made from good ones by random changes, for both HTTP servers: each is answered with a
 * status that is not the server's fault, or its connection closed, and it goes on serving.
 */
final class RandomRequestsIT {
  private static final int REQUESTS = Integer.getInteger("sky.requests", 2_000);
  private static final int PATIENCE_MS = 20_000;

  private static final List<String> METHODS =
      List.of("GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW");

  private static final List<String> PAGE =
      List.of(
          "/",
          "/app.js",
          "/api/series?series=counter:web%7C200&from=-1h&to=now&resolution=1m",
          "/api/series?series=histogram:web%7Cms&from=0&to=now&points=20000&buckets=true",
          "/api/series?series=gauge:web&from=-7d&format=csv",
          "/api/latest?series=counter:web&series=gauge:web",
          "/api/keys?prefix=web&limit=10000",
          "/api/search?q=we&limit=5",
          "/api/annotations?from=-1h&to=now",
          "/api/annotations/00004cdb0102030405060708090a0b0c",
          "/api/annotations",
          "/api/dashboards",
          "/api/dashboards/0102030405060708",
          "/api/status",
          "/metrics");

  /** What is sent where something is made or edited. */
  private static final List<String> BODIES =
      List.of(
          "{\"label\":\"v1\",\"type\":\"deploy\",\"time\":1700000000,\"tags\":[\"a\"]}",
          "{\"name\":\"Web\",\"content\":{\"charts\":[{\"series\":[\"counter:web\"]}],\"span\":900}}");

  private static final List<String> ADMIN =
      List.of(
          "/status",
          "/sta%tus",
          "/metrics",
          "/v1/keys?after=0",
          "/v1/batches?series=counter:web%7C200&from=0&to=1700000000000");

  private static final List<String> PIECES =
      List.of(
          "%",
          "%00",
          "%ff",
          "%c3%a4",
          "&",
          "=",
          "?",
          "/",
          "..",
          "//",
          "|",
          ":",
          "-",
          "+",
          "0",
          "-1",
          "9223372036854775807",
          "99999999999999999999",
          "1e9",
          "NaN",
          "now",
          "-1h",
          "series",
          "from",
          "limit",
          "*",
          "{",
          "\"",
          "'",
          " ",
          "\t",
          "\u007f",
          "a".repeat(600));

  @TempDir Path folder;

  @Test
  void shouldAnswerAnyRequestClearlyAndGoOn() throws IOException {
    try (SkyProcess sky =
        SkyProcess.daemon(
            folder,
            "standalone",
            "--period=1s",
            "--data=" + folder.resolve("data"),
            "--udp=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--http=127.0.0.1:0")) {
      assertThat(CommandRun.of("send", "counter", "web|200", "--ring", sky.udp()).status())
          .isZero();
      long seed = new Random().nextLong();
      Random random = new Random(seed);
      for (int i = 0; i < REQUESTS; i++) {
        ask(sky.http(), PAGE, random, seed);
        ask(sky.admin(), ADMIN, random, seed);
      }
      assertThat(Asked.counter(sky.admin(), "internal_errors")).isZero();
      assertThat(Asked.json(sky.http(), "/api/status").at("/counters/sky_ui_failures").asText())
          .as("seed %s: %s", seed, sky.log())
          .isEqualTo("0");
      assertThat(CommandRun.of("query", "web", "--total", "--http", sky.http()).result())
          .isEqualTo("1");
    }
  }

  private static void ask(String address, List<String> paths, Random random, long seed)
      throws IOException {
    String path = pick(paths, random);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      path = changed(path, random);
    }
    String request = pick(METHODS, random) + " " + path + " HTTP/1.1\r\n";
    String headers = "Host: " + address + "\r\nConnection: close\r\n";
    String body = "";
    if (random.nextInt(3) == 0) {
      body = random.nextBoolean() ? pick(BODIES, random) : changed(pick(BODIES, random), random);
      headers +=
          "Content-Type: application/json\r\nIf-Match: *\r\nContent-Length: "
              + body.length()
              + "\r\n";
    }
    headers += "\r\n";
    boolean mayWaitForMore = random.nextInt(10) == 0;
    if (mayWaitForMore) {
      headers = changed(headers, random) + "\r\n\r\n";
    }
    String answer = answer(address, request + headers + body, mayWaitForMore);
    assertThat(status(answer))
        .as("status of %s (seed %s): %s", request.strip(), seed, answer)
        .isIn(
            0, 200, 201, 204, 304, 400, 403, 404, 405, 409, 412, 413, 414, 415, 417, 428, 431, 501,
            505);
  }

  /** The status of an answer; 0 where the connection was closed without one. */
  private static int status(String answer) {
    return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
  }

  private static String answer(String address, String request, boolean thenNoMore)
      throws IOException {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress("127.0.0.1", Integer.parseInt(address.substring(colon + 1))));
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (thenNoMore) {
        // Closes the connection, answered or not.
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String changed(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = random.nextBoolean() ? at : Math.min(text.length(), at + random.nextInt(4));
    return text.substring(0, at) + pick(PIECES, random) + text.substring(end);
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
