package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers, two rollups and a ui, each a process, around a real Redis. */
final class RingIT {
  @TempDir Path folder;

  private final List<SkyProcess> processes = new ArrayList<>();

  @Test
  void shouldTellWhatALogHoldsWhereverItIsOnItsWay() throws IOException {
    AccessLog real = AccessLog.real();
    AccessLog log = real.exists() ? real : AccessLog.madeUp(folder, 5000, 12);
    long from = System.currentTimeMillis() / 1000 - 120;
    try (TestRedis redis = TestRedis.start(Ports.free())) {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ports.add(Ports.free());
      }
      String ring =
          List.of(0, 2, 4).stream()
              .map(i -> "127.0.0.1:" + ports.get(i) + "/" + ports.get(i + 1))
              .collect(Collectors.joining(","));
      List<SkyProcess> servers = new ArrayList<>();
      for (int i = 0; i < 6; i += 2) {
        servers.add(server(redis, ring, ports.get(i), ports.get(i + 1)));
      }
      SkyProcess firstRollup = rollup(redis);
      rollup(redis);
      SkyProcess ui = ui(redis, ring);
      assertThat(servers.get(0).log()).isNotNull();

      CommandRun tail =
          CommandRun.of("tail", "--once", "--ring", servers.get(0).udp(), log.path().toString());
      assertThat(tail.status()).as(tail.err()).isZero();
      assertThat(StandaloneIT.totals(ui, log)).as("at once").isEqualTo(log.totals());
      try (RestlessReader reader = new RestlessReader(ui.http(), "http_status", from)) {
        reader.awaitMore(10);
        // It may be in the middle of a block: nothing depends on its end.
        firstRollup.kill();
        Asked.until("all is in history", () -> Asked.isInHistory(ui.http(), "http_status", from));
        reader.awaitMore(10);
        assertThat(StandaloneIT.totals(ui, log)).as("in history").isEqualTo(log.totals());
        for (SkyProcess server : servers) {
          assertThat(Asked.counter(server.admin(), "data_packets_counted")).isPositive();
          assertThat(server.stop()).as(server.log()).isIn(0, 143);
        }
        for (int i = 0; i < 6; i += 2) {
          server(redis, ring, ports.get(i), ports.get(i + 1));
        }
        reader.awaitMore(10);
        assertThat(StandaloneIT.totals(ui, log)).as("after a restart").isEqualTo(log.totals());
        reader.end();
        assertThat(reader.seen()).containsOnlyKeys(log.totals().get("http_status"));
      }
    } finally {
      processes.forEach(SkyProcess::close);
    }
  }

  private SkyProcess server(TestRedis redis, String ring, int udp, int admin) throws IOException {
    return daemon(
        redis,
        "server",
        "--udp=127.0.0.1:" + udp,
        "--admin=127.0.0.1:" + admin,
        "--ring=" + ring,
        "--data=" + folder.resolve("server-" + udp));
  }

  private SkyProcess rollup(TestRedis redis) throws IOException {
    return daemon(redis, "rollup", "--data=" + folder.resolve("history"));
  }

  private SkyProcess ui(TestRedis redis, String ring) throws IOException {
    return daemon(
        redis, "ui", "--http=127.0.0.1:0", "--ring=" + ring, "--data=" + folder.resolve("history"));
  }

  private SkyProcess daemon(TestRedis redis, String command, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command, "--period=1s"));
    arguments.add("--redis=" + redis.address());
    arguments.addAll(List.of(options));
    SkyProcess process = SkyProcess.daemon(folder, arguments.toArray(new String[0]));
    processes.add(process);
    return process;
  }
}
