package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.cli.Asked;
import org.skymetrics.cli.LossyHop;
import org.skymetrics.cli.SkyProcess;
import org.skymetrics.client.Sky;

/** What a bad network lost and a server refused is seen below the charts, to the packet. */
@InBrowser
final class CompletenessIT {
  private static final int KEYS = 40_000;
  private static final int ROUNDS = 4;

  @TempDir static Path folder;

  private static LossyHop hop;
  private static SkyProcess standalone;

  /** The span that holds all that was sent, of periods of a second. */
  private static long from;

  private static long to;

  @BeforeAll
  static void sendThroughABadNetwork() throws IOException {
    hop = new LossyHop(20_261_122);
    standalone =
        SkyProcess.daemon(
            folder,
            "standalone",
            "--period=1s",
            // So few that the client has to be told to send less.
            "--session-packets=150",
            "--data=" + folder.resolve("data"),
            "--udp=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--http=127.0.0.1:0",
            "--advertise=" + hop.address());
    hop.leadTo(standalone.udp());
    from = System.currentTimeMillis() / 1000 - 1;
    try (Sky sky = Sky.connect(hop.address())) {
      for (int round = 1; round <= ROUNDS; round++) {
        for (int i : IntStream.range(0, KEYS).toArray()) {
          sky.counter("complete|" + i);
        }
        int sent = round * KEYS;
        Asked.until("all are here", () -> total() == sent);
      }
    }
    Asked.until("all is in history", () -> Asked.isInHistory(standalone.http(), "complete", from));
    to = System.currentTimeMillis() / 1000;
  }

  @AfterAll
  static void end() {
    standalone.close();
    hop.close();
  }

  private static long total() {
    try {
      return Asked.total(Asked.series(standalone.http(), "complete", from));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Page open(Visit visit) {
    String state = "span=" + (to - from) + "&to=" + to + "&chart=";
    return visit.open(
        new Browser.NewContextOptions(),
        "http://" + standalone.http() + "/#" + state + visit.chart("counter:complete"));
  }

  @Test
  void shouldTellWhatBecameOfEachPacketBelowTheChart(Visit visit) throws IOException {
    Page page = open(visit);
    visit.awaitTotal("counter:complete", KEYS * ROUNDS);
    visit.await("window.sky.completeness().points.length > 0");

    JsonNode told =
        Asked.json(standalone.http(), "/api/ledger?resolution=1s&from=" + from + "&to=" + to)
            .path("totals");
    assertThat(told.path("lost").asLong()).isPositive();
    assertThat(told.path("refused").path("over_rate").asLong()).isPositive();
    for (String outcome : new String[] {"sent", "counted", "lost", "duplicate", "late"}) {
      visit.await(
          "window.sky.completeness().points.reduce((n, p) => n + p."
              + outcome
              + ", 0) === "
              + told.path(outcome).asLong());
    }
    visit.await(
        "window.sky.completeness().points.reduce((n, p) => n + (p.refused.over_rate ?? 0), 0) === "
            + told.path("refused").path("over_rate").asLong());
    // Nothing counted is missing, in spite of all that.
    assertThat(total()).isEqualTo(KEYS * ROUNDS);
    assertThat(page.locator(".completeness canvas").boundingBox().height).isEqualTo(11);
    visit.screenshot("completeness");
  }

  @Test
  void shouldExplainAStepByKeysAlone(Visit visit) throws IOException {
    Page page = open(visit);
    visit.await("window.sky.completeness().points.length > 0");
    Locator strip = page.locator(".completeness");
    strip.focus();
    strip.press("Home");
    int steps = 0;
    while (!strip.getAttribute("aria-valuetext").contains("refused (over rate)")) {
      assertThat(steps++).isLessThan((int) (to - from));
      strip.press("ArrowRight");
    }
    assertThat(page.locator(".completeness .tip").innerText())
        .isEqualTo(strip.getAttribute("aria-valuetext"));
    String said = strip.getAttribute("aria-valuetext");
    long time = from + Long.parseLong(strip.getAttribute("aria-valuenow"));
    strip.press("Enter");

    Locator panel = page.locator("dialog.explain");
    panel.locator("table").waitFor();
    JsonNode step =
        Asked.json(
            standalone.http(), "/api/explain?series=counter:complete&resolution=1s&time=" + time);
    assertThat(step.path("servers")).hasSize(1);
    JsonNode server = step.path("servers").path(0);
    JsonNode packets = server.path("packets");
    assertThat(panel.locator("tbody tr").innerText().split("\\t"))
        .containsExactly(
            server.path("name").asText(),
            value(server),
            shown(packets.path("sent").asLong()),
            shown(packets.path("counted").asLong()),
            shown(packets.path("lost").asLong()),
            shown(packets.path("duplicate").asLong()),
            shown(packets.path("late").asLong()),
            shown(packets.path("refused").path("over_rate").asLong()) + " over rate",
            "in history");
    assertThat(panel.innerText())
        .contains("refused: its client sent more packets a second than it may.")
        .contains(said.substring(0, 8));
    EveryoneIT.check(page, "an explanation");
    visit.screenshot("explain");
    page.keyboard().press("Escape");
    panel.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
    assertThat(strip.evaluate("e => document.activeElement === e")).isEqualTo(true);
    assertThat(strip.getAttribute("aria-valuetext")).isEqualTo(said);
  }

  @Test
  void shouldExplainAPointOfTheChartThatIsClicked(Visit visit) throws IOException {
    Page page = open(visit);
    visit.awaitTotal("counter:complete", KEYS * ROUNDS);
    // The middle of the column that has most; the axis of values is 56 pixels wide, the rest 12.
    String column =
        "(d => d.lines[0].values.indexOf(Math.max(...d.lines[0].values.filter(v => v > 0))))"
            + "(window.sky.charts()[0].drawn)";
    long time =
        ((Number) page.evaluate("window.sky.charts()[0].drawn.from + " + column)).longValue();
    BoundingBox plot = page.locator(".chart .plot").boundingBox();
    double share = (time + 0.5 - from) / (to - from);
    page.mouse().click(plot.x + 56 + share * (plot.width - 68), plot.y + 40);

    Locator panel = page.locator("dialog.explain");
    panel.locator("table").waitFor();
    JsonNode step =
        Asked.json(
            standalone.http(), "/api/explain?series=counter:complete&resolution=1s&time=" + time);
    JsonNode server = step.path("servers").path(0);
    assertThat(panel.locator("dl.values dt").innerText()).isEqualTo("complete");
    assertThat(panel.locator("dl.values dd").innerText())
        .isEqualTo(shown(step.path("series").path(0).path("point").path("value").asLong()));
    assertThat(panel.locator("tbody tr").innerText().split("\\t"))
        .startsWith(
            server.path("name").asText(),
            value(server),
            shown(server.path("packets").path("sent").asLong()));
    page.keyboard().press("Escape");
    // A drag is none: it zooms.
    page.mouse().move(plot.x + 80, plot.y + 40);
    page.mouse().down();
    page.mouse().move(plot.x + 400, plot.y + 42);
    page.mouse().up();
    visit.await("window.sky.state.seconds < " + (to - from));
    assertThat(page.locator("dialog.explain").count()).isZero();
  }

  private static String value(JsonNode of) {
    JsonNode point = of.path("series").path(0).path("point");
    return point.isNull() ? "\u2013" : shown(point.path("value").asLong());
  }

  /** As the page writes whole numbers. */
  private static String shown(long n) {
    return String.format(java.util.Locale.ROOT, "%,d", n).replace(',', '\u202f');
  }

  @Test
  void shouldExplainAStepThatIsPressed(Visit visit) {
    Page page = open(visit);
    visit.await("window.sky.completeness().points.length > 0");
    Locator strip = page.locator(".completeness");
    strip.hover();
    String tip = page.locator(".completeness .tip").innerText();
    strip.click();

    Locator panel = page.locator("dialog.explain");
    panel.locator("h2").waitFor();
    assertThat(panel.locator("h2").innerText()).contains(tip.substring(0, 8));
    panel.locator(".told-of h3").first().waitFor();
    assertThat(panel.innerText()).contains("Which servers", "What became of the packets");
  }
}
