package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.cli.Asked;
import org.skymetrics.cli.SkyProcess;

/** How long a chart takes to paint, in this machine's Chromium, told and not judged. */
@InBrowser
@EnabledIfSystemProperty(named = "sky.benchmark.page", matches = "true")
final class PaintingIT {
  private static final int MINUTES = 1500;

  /** A chart of its own over the page's: from the answer's arrival to the last pixel. */
  private static final String DAY =
      """
      async (to) => {
        const { Chart } = await import('./chart.js');
        const element = document.createElement('article');
        element.style.cssText = 'position:fixed;inset:0;z-index:9';
        document.body.append(element);
        let came = 0;
        const page = { span: () => [to - 86400, to], live: () => false, now: () => to, utc: () => false, ghost: () => 0, hover: () => null,
          hoverAt() {}, show() {}, stepped() {}, stepBack() {}, changed() {}, add() {}, say(text) { throw new Error(text); },
          answered() { came = performance.now(); }, pick() {} };
        const chart = new Chart(element, { series: ['counter:http_status'] }, page);
        const painted = [], all = [];
        for (let i = 0; i < 60; i++) {
          const began = performance.now();
          await chart.refresh();
          element.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1);
          const ended = performance.now();
          painted.push(ended - came);
          all.push(ended - began);
        }
        const at = (times, q) => times.sort((a, b) => a - b)[Math.floor(q * (times.length - 1))];
        const points = Array.from(chart.drawn.lines[0].values).filter((v) => !Number.isNaN(v)).length;
        chart.close();
        element.remove();
        return { points, step: chart.drawn.step, painted50: at(painted, 0.5), painted99: at(painted, 0.99), all50: at(all, 0.5), all99: at(all, 0.99) };
      }""";

  private static final String HEAT =
      """
      async () => {
        const { densityOf, pictureOf } = await import('./heat-map.js');
        const cells = [];
        for (let column = 0; column < 1440; column++)
          for (let row = 0; row < 100; row++) cells.push([column, 1.1 ** row, 1.1 ** (row + 1), 1 + ((column * 31 + row * 17) % 97)]);
        const map = { n: 1440, cells, weights: new Float64Array(1440).fill(1 / 60) };
        const canvas = document.createElement('canvas');
        canvas.width = 1440;
        canvas.height = 300;
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.imageSmoothingEnabled = false;
        const picture = document.createElement('canvas');
        const times = [];
        for (let i = 0; i < 100; i++) {
          const began = performance.now();
          context.drawImage(pictureOf(densityOf(map, 100, [1, 1.1 ** 100], true), 1440, picture), 0, 0, 1440, 300);
          context.getImageData(0, 0, 1, 1);
          times.push(performance.now() - began);
        }
        times.sort((a, b) => a - b);
        return { cells: cells.length, drawn50: times[50], drawn99: times[98] };
      }""";

  @TempDir static Path folder;

  private static SkyProcess standalone;
  private static long to;

  @BeforeAll
  static void count() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    to = System.currentTimeMillis() / 60_000 * 60;
    new MadeUpHours(to * 1000, MINUTES).putInto(data);
    standalone =
        SkyProcess.daemon(
            folder,
            "standalone",
            "--data=" + data,
            "--udp=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--http=127.0.0.1:0");
    Asked.until("the rollup is done", Duration.ofMinutes(10), PaintingIT::isDone);
  }

  private static boolean isDone() {
    try {
      return Asked.json(standalone.http(), "/api/status").path("lagSeconds").asLong(99) == 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void end() {
    standalone.close();
  }

  /** Median and 99th percentile of the answer to what a chart of 24 h asks, as it is received. */
  private static String answerTimes() {
    String path =
        "/api/series?series=counter:http_status&resolution=1m&from=" + (to - 86_400) + "&to=" + to;
    double[] tookMs = new double[300];
    for (int i = -100; i < tookMs.length; i++) {
      long began = System.nanoTime();
      try {
        assertThat(Asked.get(standalone.http(), path).statusCode()).isEqualTo(200);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      tookMs[Math.max(0, i)] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(tookMs);
    return "median " + tookMs[150] + ", 99 % " + tookMs[297];
  }

  @Test
  void shouldTellHowLongPaintingTakes(Visit visit) {
    Page page =
        visit.open(
            new Browser.NewContextOptions().setViewportSize(1600, 600),
            "http://" + standalone.http() + "/");
    System.out.println("24 h at 1 m, the whole HTTP answer, ms: " + answerTimes());
    Map<?, ?> day = (Map<?, ?>) page.evaluate(DAY, (double) to);
    Map<?, ?> heat = (Map<?, ?>) page.evaluate(HEAT);
    System.out.println("24 h at 1 m, ms: " + day);
    System.out.println("heat map, ms: " + heat);
    assertThat(((Number) day.get("points")).intValue()).isEqualTo(1440);
    assertThat(((Number) heat.get("cells")).intValue()).isEqualTo(144_000);
  }
}
