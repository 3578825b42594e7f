package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.cli.SkyProcess;

/**
 * The same span of the day or of the week before lies behind the lines, moved to where it would be
 * today.
 */
@InBrowser
final class GhostIT {
  private static final int MINUTES = 60;
  private static final long HOUR_MS = 3_600_000;

  @TempDir static Path folder;

  private static MadeUpHours yesterday;
  private static MadeUpHours lastWeek;
  private static SkyProcess standalone;

  @BeforeAll
  static void count() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    yesterday = new MadeUpHours(System.currentTimeMillis() - 22 * HOUR_MS, MINUTES);
    yesterday.putInto(data);
    lastWeek = new MadeUpHours(System.currentTimeMillis() - (7 * 24 - 2) * HOUR_MS, MINUTES);
    lastWeek.putInto(data);
    standalone =
        SkyProcess.daemon(
            folder,
            "standalone",
            "--data=" + data,
            // So that what was counted a week ago is not late.
            "--late-horizon=192h",
            "--udp=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--http=127.0.0.1:0");
  }

  @AfterAll
  static void end() {
    standalone.close();
  }

  @Test
  void shouldDrawTheDayAndTheWeekBeforeByOneKey(Visit visit) {
    long to = System.currentTimeMillis() / 1000 + 3 * 3600;
    Page page =
        visit.open(
            new Browser.NewContextOptions(),
            "http://"
                + standalone.http()
                + "/#span=14400&to="
                + to
                + "&chart="
                + visit
                    .chart("counter:http_status")
                    .replace("%7D", "%2C%22per%22%3A%22step%22%7D"));
    visit.await("window.sky.charts()[0]?.drawn?.ghost === null");
    for (MadeUpHours before : List.of(yesterday, lastWeek)) {
      page.keyboard().press("g");
      long sum = before.sum("counter", "http_status");
      visit.await(
          "(g => g && g.lines[0].values.reduce((a, b) => a + (b || 0), 0) === "
              + sum
              + ")(window.sky.charts()[0].drawn.ghost)");
      // A day, or a week, later than it was.
      Number first =
          (Number)
              page.evaluate(
                  "(g => g.from + g.lines[0].values.findIndex(v => v > 0) * g.step)(window.sky.charts()[0].drawn.ghost)");
      assertThat(first.longValue()).isBetween(to - 2 * 3600 - 600, to - 2 * 3600 + 600);
    }
    assertThat(yesterday.sum("counter", "http_status"))
        .isNotEqualTo(lastWeek.sum("counter", "http_status"));
    assertThat(page.locator("#ranges").innerText()).contains("Ghost: week before");
    page.keyboard().press("g");
    visit.await("window.sky.charts()[0].drawn.ghost === null");
  }
}
