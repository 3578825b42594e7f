package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All in one process: what a log holds comes out, exactly, at once and ever after. */
final class StandaloneIT {
  @TempDir Path folder;

  @Test
  void shouldTellWhatARealLogHoldsAtOnceAndAfterARestart() throws IOException {
    AccessLog log = AccessLog.real();
    assumeTrue(log.exists(), () -> "SKIPPED: there is no " + log.path());
    follow(log, "60s");
  }

  @Test
  void shouldTellWhatALogHoldsThroughFlushRollupAndRestart() throws IOException {
    follow(AccessLog.madeUp(folder, 3000, 11), "1s");
  }

  private void follow(AccessLog log, String period) throws IOException {
    long from = System.currentTimeMillis() / 1000 - 120;
    SkyProcess sky = start(period);
    try {
      CommandRun tail = CommandRun.of("tail", "--once", "--ring", sky.udp(), log.path().toString());
      assertThat(tail.status()).as(tail.err()).isZero();
      assertThat(totals(sky, log)).as("at once").isEqualTo(log.totals());
      try (RestlessReader reader = new RestlessReader(sky.http(), "http_status", from)) {
        reader.awaitMore(20);
        if (period.equals("1s")) {
          String http = sky.http();
          Asked.until("all is in history", () -> Asked.isInHistory(http, "http_status", from));
          reader.awaitMore(20);
          assertThat(totals(sky, log)).as("in history").isEqualTo(log.totals());
        }
        assertThat(sky.stop()).as(sky.log()).isIn(0, 143);
        sky = start(period);
        reader.moveTo(sky.http());
        reader.awaitMore(20);
        assertThat(totals(sky, log)).as("after a restart").isEqualTo(log.totals());
        assertThat(sky.stop()).as(sky.log()).isIn(0, 143);
        CommandRun rollup = CommandRun.of("rollup", "--once", "--data", data(), "--period", period);
        assertThat(rollup.status()).as(rollup.err()).isZero();
        sky = start(period);
        reader.moveTo(sky.http());
        reader.awaitMore(20);
        assertThat(totals(sky, log)).as("after the rollup").isEqualTo(log.totals());
        reader.end();
        assertThat(reader.seen()).containsOnlyKeys(log.totals().get("http_status"));
      }
    } finally {
      sky.close();
    }
  }

  @Test
  void shouldListANewKeyWithinASecondOfItsFirstCount() throws IOException {
    try (SkyProcess sky = start("60s")) {
      assertThat(CommandRun.of("send", "counter", "new|key", "--ring", sky.udp()).status())
          .isZero();

      Asked.until(
          "the key is listed",
          () -> CommandRun.of("keys", "new", "--http", sky.http()).out().contains("new|key"));
      CommandRun tree = CommandRun.of("keys", "--format", "tree", "--http", sky.http());
      assertThat(tree.out()).contains("new  (counter)\n  |key  (counter)\n");
    }
  }

  @Test
  void shouldShowEachKindInEachFormat() throws IOException {
    try (SkyProcess sky = start("60s")) {
      String ring = "--ring=" + sky.udp();
      String http = "--http=" + sky.http();
      assertThat(CommandRun.of("send", "gauge", "room", "21.5", ring).status()).isZero();
      assertThat(CommandRun.of("send", "histogram", "took", "3", ring).status()).isZero();
      assertThat(CommandRun.of("send", "counter", "sold", "-5", ring).status()).isZero();

      for (String member : List.of("alice", "bob", "alice")) {
        assertThat(CommandRun.of("send", "set", "users", member, ring).status()).isZero();
      }
      assertThat(CommandRun.of("send", "set", "users", ring).err()).contains("a set needs a VALUE");

      assertThat(CommandRun.of("query", "sold", "--total", http).result()).isEqualTo("-5");
      assertThat(CommandRun.of("query", "users", "--kind", "set", "--total", http).result())
          .isEqualTo("2");
      assertThat(CommandRun.of("query", "users", "--kind=set", "--format=csv", http).out())
          .contains("time,count,min,max,sumSquares,periods,open\n");
      assertThat(CommandRun.of("query", "took", "--kind", "histogram", "--total", http).result())
          .isEqualTo("1");
      Asked.until(
          "the kind of a key is known",
          () -> CommandRun.of("query", "room", http).out().contains("gauge:room"));
      assertThat(CommandRun.of("query", "room", http).out()).contains("21.5");
      assertThat(CommandRun.of("query", "sold", "--format", "json", http).out())
          .startsWith("[")
          .contains("\"time\":", "\"value\":-5");
      assertThat(CommandRun.of("query", "sold", "--format=csv", "--resolution=1m", http).out())
          .startsWith("time,value,min,max,sumSquares,periods,open\n")
          .contains(",-5,-5,-5,25,1,true\n");
      assertThat(CommandRun.of("query", "sold", "--resolution", "7s", http).status()).isEqualTo(2);
      CommandRun status = CommandRun.of("status", http);
      assertThat(status.status()).as(status.err()).isZero();
      assertThat(status.out()).contains("ready", "period store", "history");
    }
  }

  @Test
  void shouldShowAnEventOnTheTimeLineAndKeepItInHistory() throws Exception {
    try (SkyProcess sky = start("1s")) {
      String[] udp = sky.udp().split(":", -1);
      try (DatagramSocket socket = new DatagramSocket()) {
        byte[] event = "_e{4,7}:v1.2|by hand|t:success|#web".getBytes(StandardCharsets.UTF_8);
        socket.send(
            new DatagramPacket(
                event, event.length, new InetSocketAddress(udp[0], Integer.parseInt(udp[1]))));
      }
      String all = "/api/annotations?from=-1h";
      Asked.until("the event is shown", () -> text(sky.http(), all).contains("\"label\":\"v1.2\""));
      Asked.until(
          "it is in history",
          () -> text(sky.http(), "/metrics").matches("(?s).*annotations_moved\\S* 1\\b.*"));
      assertThat(text(sky.http(), all))
          .containsOnlyOnce("\"label\":\"v1.2\",\"type\":\"success\",\"text\":\"by hand\"");
    }
  }

  private static String text(String address, String path) {
    try {
      return Asked.get(address, path).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldFollowALogThroughRotation() throws IOException {
    Path log = folder.resolve("live.log");
    String line = "1.2.3.4 - - [22/Nov/2026:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5\n";
    Files.writeString(log, line.repeat(3) + "not a line of an access log\n");
    try (SkyProcess sky = start("60s")) {
      List<CommandRun> ended = new ArrayList<>();
      Stop stop = new Stop();
      Thread tail =
          new Thread(
              () -> ended.add(CommandRun.until(stop, "tail", "--ring", sky.udp(), log.toString())));
      tail.start();
      awaitTotal(sky, 3);
      Files.writeString(log, line.repeat(2), StandardOpenOption.APPEND);
      awaitTotal(sky, 5);
      Files.move(log, folder.resolve("live.log.1"));
      Files.writeString(log, line);
      awaitTotal(sky, 6);
      stop.wish();
      tail.join();
      assertThat(ended.get(0).status()).isZero();
      assertThat(ended.get(0).err())
          .contains("7 lines read, 1 of them could not be read", "not a line of an access log");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void awaitTotal(SkyProcess sky, int total) {
    Asked.until(
        total + " lines are counted",
        () ->
            CommandRun.of("query", "http_status|200", "--total", "--http", sky.http())
                .result()
                .equals(Integer.toString(total)));
  }

  private SkyProcess start(String period) throws IOException {
    return SkyProcess.daemon(
        folder,
        "standalone",
        "--period",
        period,
        "--data",
        data(),
        "--udp=127.0.0.1:0",
        "--admin=127.0.0.1:0",
        "--http=127.0.0.1:0");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  static Map<String, Long> totals(SkyProcess sky, AccessLog log) {
    Map<String, Long> totals = new LinkedHashMap<>();
    for (String key : log.totals().keySet()) {
      CommandRun query =
          CommandRun.of("query", key, "--total", "--from", "-1h", "--http", sky.http());
      assertThat(query.status()).as(query.err()).isZero();
      totals.put(key, Long.parseLong(query.result()));
    }
    return totals;
  }
}
