package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bad network does to packets, and not to counts. */
final class LossyHopIT {
  private static final long SEED = 20_261_122;
  private static final int COUNTS = 200_000;

  @TempDir Path folder;

  @Test
  void shouldCountEachOnceThroughLossDoublingAndReordering() throws IOException {
    long from = System.currentTimeMillis() / 1000 - 10;
    try (LossyHop hop = new LossyHop(SEED);
        SkyProcess sky = start(hop)) {
      hop.leadTo(sky.udp());

      CommandRun load =
          CommandRun.of(
              "load",
              "--keys=100",
              "--rate=50000",
              "--seconds=4",
              "--seed=7",
              "--per-key",
              "--wait=60s",
              "--ring=" + hop.address());

      assertThat(load.status()).as(load.err()).isZero();
      JsonNode result = JsonMapper.builder().build().readTree(load.out());
      assertThat(result.path("accepted").asLong()).isEqualTo(COUNTS);
      assertThat(result.path("acknowledged").asLong()).isEqualTo(COUNTS);
      assertExact(sky, result, from);
      Asked.until("all is in history", () -> Asked.isInHistory(sky.http(), "load", from));
      assertExact(sky, result, from);
      assertAllWentThrough(hop, sky);
    }
  }

  private static void assertExact(SkyProcess sky, JsonNode result, long from) throws IOException {
    assertThat(Asked.total(Asked.series(sky.http(), "load", from))).isEqualTo(COUNTS);
    assertThat(result.path("perKey").size()).isEqualTo(100);
    for (Map.Entry<String, JsonNode> key : result.path("perKey").properties()) {
      assertThat(Asked.total(Asked.series(sky.http(), key.getKey(), from)))
          .as(key.getKey())
          .isEqualTo(key.getValue().asLong());
    }
  }

  /** All data took the way through the hop: each packet that the server took, the hop sent on. */
  private static void assertAllWentThrough(LossyHop hop, SkyProcess sky) throws IOException {
    JsonNode counters = Asked.json(sky.admin(), "/status").path("counters");
    long data =
        counters.path("data_packets_counted").asLong() + counters.path("duplicates").asLong();
    assertThat(hop.dropped.get()).isPositive();
    // The server's own client asks it for the ring directly; then it is sent through the hop, too.
    assertThat(data).as("%s", counters).isPositive().isLessThanOrEqualTo(hop.dataToServer.get());
    assertThat(hop.dataIn.get()).isPositive();
  }

  private SkyProcess start(LossyHop hop) throws IOException {
    return SkyProcess.daemon(
        folder,
        "standalone",
        "--period=1s",
        "--data=" + folder.resolve("data"),
        "--udp=127.0.0.1:0",
        "--admin=127.0.0.1:0",
        "--http=127.0.0.1:0",
        "--advertise=" + hop.address());
  }
}
