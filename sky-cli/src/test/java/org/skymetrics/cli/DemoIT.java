package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process of its own. */
class DemoIT {
  private static final int SIGTERM = 143;

  @TempDir Path folder;

  @Test
  void shouldEndInOrderWithAllThatWentInComeOut() throws IOException {
    try (SkyProcess demo = start()) {
      Asked.until("the shop's requests are counted", () -> requests(demo) > 0);
      assertThat(demo.stop()).isEqualTo(SIGTERM);
      assertThat(demo.log()).doesNotContain("has not come out");
    }
  }

  private static long requests(SkyProcess demo) {
    try {
      long from = System.currentTimeMillis() / 1000 - 300;
      return Asked.total(Asked.series(demo.http(), "shop>http_status", from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SkyProcess start() throws IOException {
    return SkyProcess.daemon(
        folder,
        "demo",
        "--data=" + folder.resolve("data"),
        "--udp=127.0.0.1:0",
        "--admin=127.0.0.1:0",
        "--http=127.0.0.1:0");
  }
}
