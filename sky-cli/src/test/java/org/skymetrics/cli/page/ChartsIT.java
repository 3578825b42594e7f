package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.cli.Asked;

/** What is drawn of each kind is what was counted, and a user gets at it by pointer and keys. */
@InBrowser(period = "1s")
final class ChartsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The chart that shows a series first. */
  private static final String CHART =
      "window.sky.charts().find(c => c.series.some(s => s.includes('%s')))";

  private static String drawn(String key) {
    return String.format(CHART, key) + "?.drawn";
  }

  /** Of the line whose series ends so: an expression of {@code line}. */
  private static String line(String key, String series, String expression) {
    return "(line => line && ("
        + expression
        + "))("
        + drawn(key)
        + "?.lines.find(l => l.series.endsWith('"
        + series
        + "')))";
  }

  private static final String SUM = "line.values.reduce((a, b) => a + (b || 0), 0)";

  private static double number(Visit visit, String expression) {
    return ((Number) visit.page().evaluate(expression)).doubleValue();
  }

  private static void awaitTotal(Visit visit, String series, long total) {
    Asked.until(series + " has come", () -> total == total(visit, series));
  }

  private static long total(Visit visit, String series) {
    try {
      return Asked.json(visit.http(), "/api/series?from=-10m&series=" + encoded(series))
          .path("series")
          .path(0)
          .path("total")
          .asLong();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A fixed span of ten minutes that ends soon after now: nothing moves. */
  private static Page open(Visit visit, Browser.NewContextOptions options, String description) {
    long to = System.currentTimeMillis() / 1000 + 20;
    return visit.open(
        options,
        "http://" + visit.http() + "/#span=600&to=" + to + "&chart=" + encoded(description));
  }

  private static Page open(Visit visit, String description) {
    return open(visit, new Browser.NewContextOptions(), description);
  }

  private static void press(Page page, String label) {
    page.locator(".chart").first().hover();
    page.locator(".chart .buttons button")
        .getByText(label, new Locator.GetByTextOptions().setExact(true))
        .first()
        .click();
  }

  private static void ask(Page page, String label, String text) {
    press(page, label);
    page.locator(".chart .ask input").fill(text);
    page.locator(".chart .ask input").press("Enter");
  }

  @Test
  void shouldDrawCountersPerStepAndPerSecondWithTheBandOfTheirPeriods(Visit visit)
      throws IOException {
    for (int i = 0; i < 37; i++) {
      visit.sky().counter("charts_counter");
    }
    awaitTotal(visit, "counter:charts_counter", 37);
    for (int i = 0; i < 5; i++) {
      visit.sky().counter("charts_counter");
    }
    awaitTotal(visit, "counter:charts_counter", 42);
    JsonNode seconds =
        Asked.json(
                visit.http(), "/api/series?series=counter:charts_counter&resolution=1s&from=-10m")
            .path("series")
            .path(0)
            .path("points");
    double most = 0;
    for (JsonNode point : seconds) {
      most = Math.max(most, point.path("value").asDouble());
    }

    String width = "{\"series\":[\"counter:charts_counter\"]}";
    Page page =
        visit.open(
            new Browser.NewContextOptions(),
            "http://"
                + visit.http()
                + "/#span=14400&to="
                + (System.currentTimeMillis() / 1000 + 600)
                + "&chart="
                + encoded(width));
    visit.awaitTotal("counter:charts_counter", 42);
    assertThat(number(visit, drawn("charts_counter") + ".step")).isGreaterThan(5);
    press(page, "per s");
    visit.await(line("charts_counter", "charts_counter", SUM + " === 42"));
    press(page, "per step");
    visit.await(
        line(
            "charts_counter",
            "charts_counter",
            "line.high && Math.max(...line.high.filter(v => v >= 0)) === " + most));
    assertThat(
            number(
                visit,
                line(
                    "charts_counter",
                    "charts_counter",
                    "line.values.filter((v, i) => v > 0 && !(line.low[i] <= v && v <= line.high[i])).length")))
        .isZero();
  }

  /** Two seconds of a minute are over, with five in one of them: one a second, of five at least. */
  @Test
  void shouldHaveTheRateOfAStepThatRunsInItsBand(Visit visit) {
    Page page = open(visit, "{\"series\":[\"counter:charts_runs\"]}");
    String lines =
        """
        async () => {
          const { toLines } = await import('./chart-data.js');
          const points = [
            { time: 0, value: 120, min: 2, max: 40, periods: 9, open: false },
            { time: 60, value: 5, min: 5, max: 5, periods: 1, open: true },
          ];
          const source = { series: 'counter:k', key: 'k', kind: 'counter', total: 125, points };
          const answer = { now: 62.5, period: 1, from: 0, to: 120, resolution: 60, sources: new Map([['counter:k', [source]]]), pulse: new Set([0, 60]) };
          const { lines } = toLines(answer, { entries: [{ entry: 'counter:k', sources: ['counter:k'] }] }, {});
          return [lines[0].low, lines[0].values, lines[0].high].map((column) => [...column].join());
        }""";
    assertThat(page.evaluate(lines)).isEqualTo(List.of("0,1", "2,1", "40,5"));
  }

  @Test
  void shouldTellGapsFromZeros(Visit visit) {
    visit.sky().counter("charts_gap");
    awaitTotal(visit, "counter:charts_gap", 1);
    // Sky counts on, but not this.
    visit.sky().counter("charts_gap_other");
    awaitTotal(visit, "counter:charts_gap_other", 1);
    Page page =
        visit.open(
            new Browser.NewContextOptions(),
            "http://"
                + visit.http()
                + "/#span=86400&chart="
                + encoded("{\"series\":[\"counter:charts_gap\"],\"per\":\"step\"}")
                + "&chart="
                + encoded("{\"series\":[\"counter:charts_never\"],\"per\":\"step\"}"));
    visit.awaitTotal("counter:charts_gap", 1);
    page.keyboard().press("2");
    // Before the standalone was there nothing is known; since, it is zero.
    visit.await(line("charts_gap", "charts_gap", "line.values.some(v => v === 0)"));
    page.keyboard().press("6");
    visit.await(
        drawn("charts_gap")
            + "?.step > 1 && Number.isNaN("
            + drawn("charts_gap")
            + ".lines[0].values[0])");
  }

  @Test
  void shouldStackChildrenByOneClickAndShowThemAsShares(Visit visit) {
    for (int i = 0; i < 30; i++) {
      visit.sky().counter("charts_status|200");
    }
    for (int i = 0; i < 10; i++) {
      visit.sky().counter("charts_status|500");
    }
    visit.sky().counter("charts_status");
    awaitTotal(visit, "counter:charts_status", 41);
    Page page = open(visit, "{\"series\":[\"counter:charts_status\"],\"per\":\"step\"}");
    visit.awaitTotal("counter:charts_status", 41);

    press(page, "children");
    visit.awaitTotal("counter:charts_status|200", 30);
    visit.awaitTotal("counter:charts_status|500", 10);
    // What the key counted besides its children is a layer, too.
    visit.awaitTotal("rest:counter:charts_status", 1);
    visit.await(
        drawn("charts_status") + ".lines.at(-1).high.reduce((a, b) => a + (b || 0), 0) === 41");
    visit.screenshot("stack");

    press(page, "shares");
    visit.await(
        drawn("charts_status")
            + ".lines.at(-1).high.filter(v => v > 0).every(v => Math.abs(v - 100) < 1e-9)");
    press(page, "whole");
    visit.awaitTotal("counter:charts_status", 41);
  }

  @Test
  void shouldDrawAHistogramAsHeatMapWithPercentiles(Visit visit) {
    double[] values = {-2, 0, 0.25, 0.5, 3, 3, 3, 250};
    for (double value : values) {
      visit.sky().histogram("charts_heat", value);
    }
    awaitTotal(visit, "histogram:charts_heat", values.length);
    Page page =
        open(visit, "{\"series\":[\"histogram:charts_heat\"],\"mode\":\"heat\",\"per\":\"step\"}");
    visit.await(drawn("charts_heat") + "?.cells?.length > 0");

    String count = ".cells.reduce((n, c) => n + c[3], 0)";
    assertThat(number(visit, drawn("charts_heat") + count)).isEqualTo(values.length);
    assertThat(number(visit, drawn("charts_heat") + ".counts.reduce((a, b) => a + (b || 0), 0)"))
        .isEqualTo(values.length);
    for (double value : values) {
      visit.await(
          drawn("charts_heat")
              + ".cells.some(([, low, high]) => low <= "
              + value
              + " && high >= "
              + value
              + " && high - low <= 0.02 * Math.abs("
              + value
              + "))");
    }
    assertThat(
            number(
                visit,
                line(
                    "charts_heat",
                    "charts_heat",
                    "Math.max(..."
                        + drawn("charts_heat")
                        + ".lines[3].values.filter(v => v >= 0))")))
        .isEqualTo(250);
    visit.screenshot("heat-of-few");

    ask(page, "percentiles", "75, max");
    visit.await(drawn("charts_heat") + "?.lines.length === 2");
    ask(page, "percentiles", "175");
    assertThat(page.locator(".ask output").innerText()).contains("up to 100");
    page.keyboard().press("Escape");
    press(page, "log");
    visit.await(drawn("charts_heat") + count + " === " + values.length);
    press(page, "heat map");
    visit.await(
        "!("
            + drawn("charts_heat")
            + "?.cells) && "
            + drawn("charts_heat")
            + "?.lines.length === 2");
  }

  @Test
  void shouldTellRangeAndFrequencyOfACell(Visit visit) {
    for (int i = 0; i < 6; i++) {
      visit.sky().histogram("charts_cell", 40);
    }
    awaitTotal(visit, "histogram:charts_cell", 6);
    Page page = open(visit, "{\"series\":[\"histogram:charts_cell\"],\"mode\":\"heat\"}");
    visit.await(drawn("charts_cell") + "?.cells?.length > 0");
    double column = number(visit, drawn("charts_cell") + ".cells[0][0]");
    double n = number(visit, drawn("charts_cell") + ".n");
    double in = number(visit, drawn("charts_cell") + ".cells[0][3]");
    BoundingBox box = page.locator(".chart .plot").first().boundingBox();
    double x = box.x + 56 + (column + 0.5) / n * (box.width - 68);
    Locator cell = page.locator(".chart .cell");
    for (double y = box.y + 12; y < box.y + box.height - 66 && cell.count() == 0; y += 6) {
      page.mouse().move(x, y);
      page.evaluate(
          "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    }
    assertThat(cell.innerText()).startsWith((long) in + " × ").contains(" to ").contains(" in 1 s");
  }

  @Test
  void shouldDrawTheLastOfAGaugeItsBandAndMean(Visit visit) {
    visit.sky().gauge("charts_gauge", 5);
    awaitTotal(visit, "gauge:charts_gauge", 1);
    open(visit, "{\"series\":[\"gauge:charts_gauge\"]}");
    for (String of : List.of("values", "low", "high", "mean")) {
      visit.await(
          line(
              "charts_gauge",
              "charts_gauge",
              "line." + of + ".filter(v => !Number.isNaN(v)).join() === '5'"));
    }
  }

  @Test
  void shouldCalculateWithKeysAndTellWhereAFormulaIsWrong(Visit visit) {
    for (int i = 0; i < 8; i++) {
      visit.sky().counter("charts_all");
    }
    for (int i = 0; i < 2; i++) {
      visit.sky().counter("charts_bad");
    }
    awaitTotal(visit, "counter:charts_all", 8);
    awaitTotal(visit, "counter:charts_bad", 2);
    Page page =
        open(
            visit, "{\"series\":[\"counter:charts_all\",\"counter:charts_bad\"],\"per\":\"step\"}");
    visit.awaitTotal("counter:charts_all", 8);

    ask(page, "ƒ", "{charts_bad} / {charts_al} * 100");
    page.locator(".ask output code mark").waitFor();
    assertThat(page.locator(".ask output").innerText()).contains("There is no key charts_al.");
    page.locator(".ask input").fill("{charts_bad} / * 100");
    page.locator(".ask input").press("Enter");
    page.locator(".ask output").getByText("not *").waitFor();
    assertThat(page.locator(".ask output code").innerText()).isEqualTo("{charts_bad} / * 100");
    assertThat(page.locator(".ask output mark").innerText()).isEqualTo("*");
    page.locator(".ask input").fill("{charts_bad} / {charts_all} * 100");
    page.locator(".ask input").press("Enter");

    // In each step: where there is nothing to divide by, a gap.
    visit.await(
        "(([all, bad, part]) => part && part.values.some(v => v >= 0)"
            + " && part.values.every((v, i) => all.values[i] > 0"
            + " ? Math.abs(v - 100 * bad.values[i] / all.values[i]) < 1e-9 : Number.isNaN(v)))("
            + drawn("charts_bad")
            + "?.lines ?? [])");
    ask(page, "ƒ", "1 / ({charts_all} - {charts_all})");
    visit.await(
        drawn("charts_bad")
            + "?.lines.length === 4 && "
            + drawn("charts_bad")
            + ".lines[3].values.every(v => Number.isNaN(v))");
    assertThat(page.url()).contains("charts_bad");
  }

  @Test
  void shouldReadTheGrammarOfFormulas(Visit visit) {
    Page page = open(visit, "{\"series\":[\"counter:charts_grammar\"]}");
    String results =
        """
        async () => {
          const { parseFormula } = await import('./formula.js');
          const values = { a: 6, b: 3, zero: 0, gap: NaN };
          return ['{a}/{b}*100', '{a} - {b} - 1', '2 + 3 * {b}', '-({a}+{b})*2', '{a}/{zero}', '{a}+{gap}', '1e2*{b}', '.5*{a}', '--{a}', '{a.x}.p99']
            .map((text) => {
              const { operands, evaluate } = parseFormula(text);
              return String(evaluate((i) => values[operands[i].text] ?? 99));
            });
        }""";
    assertThat(page.evaluate(results))
        .isEqualTo(List.of("200", "2", "11", "-18", "NaN", "NaN", "300", "3", "6", "99"));
    String faults =
        """
        async () => {
          const { parseFormula } = await import('./formula.js');
          return ['', '{a', '{}', '{a} {b}', '({a}', '{a}.p12', '{a} +', '1 + 2', '{a} % 2', 'alert(1)', '('.repeat(60)].map((text) => {
            try { parseFormula(text); return 'read'; } catch (e) { return e.at; }
          });
        }""";
    assertThat(page.evaluate(faults)).isEqualTo(List.of(0, 0, 0, 4, 0, 4, 5, 0, 4, 0, 50));
  }

  @Test
  void shouldZoomMoveAndStepBackByPointer(Visit visit) {
    visit.sky().counter("charts_moves", 40);
    awaitTotal(visit, "counter:charts_moves", 40);
    Page page = open(visit, "{\"series\":[\"counter:charts_moves\"]}");
    visit.awaitTotal("counter:charts_moves", 40);
    BoundingBox box = page.locator(".chart .plot").first().boundingBox();
    double left = box.x + 56;
    double width = box.width - 68;
    double to = number(visit, "window.sky.state.to");

    drag(page, left + width / 4, box.y + 60, left + width * 3 / 4, box.y + 62);
    visit.await("Math.abs(window.sky.state.seconds - 300) <= 2");
    visit.await("Math.abs(window.sky.state.to - " + (to - 150) + ") <= 2");
    drag(page, left + width / 2, box.y + 40, left + width / 2 + 3, box.y + 120);
    visit.await("window.sky.charts()[0].values?.length === 2");
    page.mouse().dblclick(left + 20, box.y + 60);
    visit.await("!window.sky.charts()[0].values");
    page.keyboard().down("Shift");
    drag(page, left + width / 4, box.y + 60, left + width / 2, box.y + 62);
    page.keyboard().up("Shift");
    visit.await("Math.abs(window.sky.state.to - " + (to - 225) + ") <= 3");
    page.mouse().move(left + width, box.y + 60);
    page.mouse().wheel(0, -100);
    visit.await("Math.abs(window.sky.state.seconds - 240) <= 2");
    visit.await("Math.abs(window.sky.state.to - " + (to - 225) + ") <= 3");
    page.mouse().dblclick(left + 20, box.y + 60);
    visit.await("Math.abs(window.sky.state.seconds - 300) <= 2");
    page.mouse().dblclick(left + 20, box.y + 60);
    page.mouse().dblclick(left + 20, box.y + 60);
    visit.await("window.sky.state.seconds === 600 && window.sky.state.to === " + (long) to);
  }

  private static void drag(Page page, double x1, double y1, double x2, double y2) {
    page.mouse().move(x1, y1);
    page.mouse().down();
    page.mouse().move((x1 + x2) / 2, (y1 + y2) / 2);
    page.mouse().move(x2, y2);
    page.mouse().up();
  }

  @Test
  void shouldTellOfTheSameMomentOnAllChartsOfThePage(Visit visit) {
    Page page = visit.openCharts("counter:charts_hover|a", "counter:charts_hover|b");
    visit.await("window.sky.charts().every(c => c.drawn)");
    BoundingBox box = page.locator(".chart .plot").first().boundingBox();
    page.mouse().move(box.x + box.width / 2, box.y + box.height / 2);
    Asked.until("both tell", () -> page.locator(".chart .when").count() == 2);
    assertThat(page.locator(".chart .when").allInnerTexts().stream().distinct()).hasSize(1);
  }

  @Test
  void shouldAskForNoMorePointsThanItHasPixels(Visit visit) {
    open(visit, "{\"series\":[\"counter:charts_points\"]}");
    visit.await(drawn("charts_points") + "?.n > 0");
    visit.page().keyboard().press("5");
    visit.await(drawn("charts_points") + "?.step >= 20");
    assertThat(number(visit, drawn("charts_points") + ".n"))
        .isLessThanOrEqualTo(
            number(visit, "document.querySelector('.chart canvas').clientWidth - 68"));
  }

  @Test
  void shouldCopyPictureAndNumbers(Visit visit) throws IOException {
    visit.sky().counter("charts_copy", 12);
    awaitTotal(visit, "counter:charts_copy", 12);
    Page page =
        open(
            visit,
            new Browser.NewContextOptions()
                .setPermissions(List.of("clipboard-read", "clipboard-write")),
            "{\"series\":[\"counter:charts_copy\"],\"per\":\"step\"}");
    visit.awaitTotal("counter:charts_copy", 12);

    press(page, "CSV");
    page.locator(".buttons").getByText("copied").waitFor();
    String csv = (String) page.evaluate("navigator.clipboard.readText()");
    List<String> lines = csv.lines().toList();
    assertThat(lines.get(0)).isEqualTo("time,charts_copy");
    assertThat(
            lines.stream()
                .skip(1)
                .map(l -> l.split(",", -1)[1])
                .filter(v -> !v.isEmpty())
                .mapToDouble(Double::parseDouble)
                .sum())
        .isEqualTo(12);
    press(page, "JSON");
    Asked.until(
        "JSON is copied",
        () -> ((String) page.evaluate("navigator.clipboard.readText()")).startsWith("{"));
    JsonNode json = JSON.readTree((String) page.evaluate("navigator.clipboard.readText()"));
    assertThat(json.path("lines").path(0).path("total").asLong()).isEqualTo(12);
    double sum = 0;
    for (JsonNode value : json.path("lines").path(0).path("values")) {
      sum += value.asDouble();
    }
    assertThat(sum).isCloseTo(12, within(0.0));
    press(page, "PNG");
    String type = "navigator.clipboard.read().then(all => all[0].types.join())";
    Asked.until("PNG is copied", () -> "image/png".equals(page.evaluate(type)));
  }
}
