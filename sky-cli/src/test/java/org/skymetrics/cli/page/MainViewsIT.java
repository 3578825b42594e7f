package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.cli.Asked;
import org.skymetrics.cli.SkyProcess;
import org.skymetrics.client.Sky;

/** The main views over hours of history: what they tell is what was counted. Their pictures. */
@InBrowser
final class MainViewsIT {
  private static final int MINUTES = 240;
  private static final List<String> CODES = List.of("200", "304", "404", "500");

  @TempDir static Path folder;

  private static MadeUpHours hours;
  private static SkyProcess standalone;
  private static Sky sky;

  @BeforeAll
  static void count() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    hours = new MadeUpHours(System.currentTimeMillis(), MINUTES);
    hours.putInto(data);
    standalone =
        SkyProcess.daemon(
            folder,
            "standalone",
            "--id=sky-1",
            "--data=" + data,
            "--udp=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--http=127.0.0.1:0");
    sky = Sky.connect(standalone.udp());
    annotate("v2.14", "deploy", hours.incident());
    annotate("rolled back", "warning", hours.incident() + 1500);
    Asked.until("the rollup is done", () -> status().path("lagSeconds").asLong(99) == 0);
  }

  @AfterAll
  static void end() {
    sky.close();
    standalone.close();
  }

  private static JsonNode status() {
    try {
      return Asked.json(standalone.http(), "/api/status");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void annotate(String label, String type, long time) throws Exception {
    String body =
        String.format("{\"label\":\"%s\",\"type\":\"%s\",\"time\":%d}", label, type, time);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + standalone.http() + "/api/annotations"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
  }

  private static Page open(
      Visit visit, Browser.NewContextOptions options, int minutes, String... charts) {
    String state = "span=" + minutes * 60 + "&chart=" + String.join("&chart=", charts);
    return visit.open(options, "http://" + standalone.http() + "/#" + state);
  }

  private static String stack(Visit visit) {
    return visit
        .chart(CODES.stream().map(code -> "counter:http_status|" + code).toArray(String[]::new))
        .replace("%7D", "%2C%22mode%22%3A%22stack%22%7D");
  }

  @Test
  void shouldShowHoursOfEachKindAsTheyWereCounted(Visit visit) {
    Page page =
        open(
            visit,
            new Browser.NewContextOptions(),
            MINUTES + 10,
            stack(visit),
            visit.chart("histogram:response_ms|GET"),
            visit.chart("counter:orders|web", "counter:orders|app"),
            visit.chart("gauge:queue_length"));

    for (String code : CODES) {
      visit.awaitTotal("counter:http_status|" + code, hours.sum("counter", "http_status|" + code));
    }
    visit.awaitTotal("counter:orders|web", hours.sum("counter", "orders|web"));
    visit.awaitTotal("counter:orders|app", hours.sum("counter", "orders|app"));
    visit.await("window.sky.completeness().points.length > 100");
    assertThat(page.locator(".flag").count()).isPositive();
    visit.screenshotForReadme("charts");
  }

  @Test
  void shouldShowThemInTheDark(Visit visit) {
    open(
        visit,
        new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK),
        90,
        visit.chart("histogram:response_ms|GET"));

    visit.await("window.sky.charts()[0].drawn?.cells?.length > 1000");
    visit.await("window.sky.completeness().points.length > 60");
    visit.screenshotForReadme("heat-map");
  }

  @Test
  void shouldShowTheRing(Visit visit) {
    for (int i = 0; i < 300; i++) {
      sky.counter("ring_picture|" + i);
    }
    visit.open(
        new Browser.NewContextOptions().setViewportSize(1280, 600),
        "http://" + standalone.http() + "/ring.html");

    visit.await("window.sky?.ring?.()?.members[0]?.recordsRate > 0");
    visit.screenshotForReadme("ring");
  }
}
