package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.cli.SkyProcess;
import org.skymetrics.client.Sky;

/** Sky ends under an open page and starts again: the page goes on by itself, and lacks nothing. */
@InBrowser
final class ReconnectIT {
  @TempDir Path folder;

  private SkyProcess start(String udp, String admin, String http) throws IOException {
    return SkyProcess.daemon(
        folder,
        "standalone",
        "--data=" + folder.resolve("data"),
        "--udp=" + udp,
        "--admin=" + admin,
        "--http=" + http);
  }

  /** Drawn in seconds, and their sum is what was sent. */
  private static String drawnSumIs(int sent) {
    return "(d => d?.step === 1 && Math.abs(d.lines[0].values.reduce((a, b) => a + (b || 0), 0) - "
        + sent
        + ") < 1e-6)(window.sky.charts()[0]?.drawn)";
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldConnectAgainAndFillInWhatItMissed(boolean isKilled, Visit visit) throws IOException {
    SkyProcess first = start("127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0");
    try (Sky sky = Sky.connect(first.udp())) {
      sky.counter("again", 20);
      Page page =
          visit.open(
              new Browser.NewContextOptions(),
              "http://" + first.http() + "/#span=300&chart=" + visit.chart("counter:again"));
      page.evaluate("window.neverReloaded = true");
      visit.await(drawnSumIs(20));
      sky.counter("again", 3);
      visit.await(drawnSumIs(23));

      // What the browser says of requests that nobody answers is no fault of the page.
      visit.expect("ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|WebSocket|status of 50");
      if (isKilled) {
        first.kill();
      } else {
        first.stop();
      }
      page.locator("#notice").getByText("does not answer").waitFor();
      sky.counter("again", 7);
      try (SkyProcess second = start(first.udp(), first.admin(), first.http())) {
        visit.await(drawnSumIs(30));
        sky.counter("again", 5);
        visit.await(drawnSumIs(35));
        visit.await("document.getElementById('notice').textContent.trim() === ''");
        visit.awaitTotal("counter:again", 35);
        assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
        assertThat(second.log()).doesNotContain("ERROR");
      }
    } finally {
      first.close();
    }
  }
}
