package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A live chart begins with what the minute had and goes on in seconds: each count once. */
@InBrowser
final class LiveChartIT {
  private static final String SUM = "line.values.reduce((a, b) => a + (b || 0), 0)";

  /** The values of the line that the stream told, second by second, and not the minute. */
  private static final String TOLD =
      """
      async ([series, expression]) => {
        const { live } = await import('./live.js');
        const { drawn } = window.sky.charts().find((c) => c.series[0] === series);
        const { from } = live.seconds(series);
        const told = (values) => Array.from(values).filter((v, i) => drawn.from + i * drawn.step >= from && !Number.isNaN(v));
        return drawn.step === 1 ? told(expression === 'cells' ? drawn.counts : drawn.lines[0][expression]) : [];
      }""";

  /** An expression of {@code line} and {@code drawn}: what is drawn of a series, in seconds. */
  private static String drawn(String series, String expression) {
    return "(drawn => drawn?.step === 1 && (line => "
        + expression
        + ")(drawn.lines.find(l => l.series === '"
        + series
        + "')))(window.sky.charts().find(c => c.series[0] === '"
        + series
        + "')?.drawn)";
  }

  private static String sumIs(String series, int n) {
    return drawn(series, "Math.abs(" + SUM + " - " + n + ") < 1e-6");
  }

  /** Waits until the stream tells the seconds of these series. */
  private static void awaitSeconds(Visit visit, String... series) {
    Page page = visit.page();
    String told =
        """
        async (names) => {
          const { live } = await import('./live.js');
          return names.every((name) => (live.seconds(name)?.from ?? null) !== null);
        }""";
    page.waitForCondition(() -> Boolean.TRUE.equals(page.evaluate(told, List.of(series))));
  }

  /** Of a field of the line of a series, the seconds that were told; of a heat map its counts. */
  private static List<Double> told(Visit visit, String series, String field) {
    List<?> values = (List<?>) visit.page().evaluate(TOLD, List.of(series, field));
    return values.stream().map(value -> ((Number) value).doubleValue()).toList();
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  @Test
  void shouldDrawEachCountOnceThroughMinuteAndSeconds(Visit visit) {
    for (int i = 0; i < 20; i++) {
      visit.sky().counter("live_chart");
    }
    visit.openCharts("counter:live_chart");
    visit.page().keyboard().press("2");
    visit.await(sumIs("counter:live_chart", 20));
    for (int sent = 25; sent <= 60; sent += 5) {
      visit.sky().counter("live_chart", 5);
      visit.await(sumIs("counter:live_chart", sent));
    }
    visit.screenshot("live");
  }

  @Test
  void shouldDrawTheSecondsOfGaugesHistogramsAndSets(Visit visit) {
    visit.openCharts("gauge:live_gauge", "histogram:live_histogram", "set:live_set");
    awaitSeconds(visit, "gauge:live_gauge", "histogram:live_histogram", "set:live_set");
    for (double value : new double[] {5, 12, 9}) {
      visit.sky().gauge("live_gauge", value);
    }
    for (double value : new double[] {3, 3, 250}) {
      visit.sky().histogram("live_histogram", value);
    }
    for (String member : List.of("ann", "bob", "eve")) {
      visit.sky().set("live_set", member);
    }
    // The calls may lie on both sides of a second's end: what all its seconds come to is the same.
    Page page = visit.page();
    page.waitForCondition(() -> told(visit, "gauge:live_gauge", "values").contains(9.0));
    assertThat(told(visit, "gauge:live_gauge", "values")).endsWith(9.0);
    assertThat(told(visit, "gauge:live_gauge", "low")).contains(5.0).allMatch(low -> low >= 5);
    assertThat(told(visit, "gauge:live_gauge", "high")).contains(12.0).allMatch(h -> h <= 12);

    page.waitForCondition(() -> sum(told(visit, "histogram:live_histogram", "cells")) == 3);
    visit.await(
        "(cells => cells.reduce((n, c) => n + c[3], 0) === 3"
            + " && cells.filter(c => c[1] <= 3 && c[2] >= 3).reduce((n, c) => n + c[3], 0) === 2"
            + " && cells.filter(c => c[1] <= 250 && c[2] >= 250).length === 1)"
            + "(window.sky.charts().find(c => c.series[0] === 'histogram:live_histogram').drawn.cells)");

    page.waitForCondition(() -> sum(told(visit, "set:live_set", "values")) == 3);
    // The same ones, once more: as many in its second, and no more in all.
    visit.sky().set("live_set", "bob");
    page.waitForCondition(() -> sum(told(visit, "set:live_set", "values")) == 4);
    visit.awaitTotal("set:live_set", 3);
    visit.screenshot("live-kinds");
  }

  @Test
  void shouldDrawTheSecondsOfASumOfKeysAndOfThoseThatComeToIt(Visit visit) {
    visit.sky().counter("live_sum|a", 3);
    visit.sky().counter("live_sum|b", 4);
    visit.sky().gauge("live_sum|a", 30);
    visit.sky().gauge("live_sum|b", 12);
    visit.sky().histogram("live_sum|a", 7);
    visit.sky().histogram("live_sum|b", 7);
    String counters = "sum:counter:live_sum|*";
    String gauges = "sum:gauge:live_sum|*";
    visit.openCharts(counters, gauges, "sum:histogram:live_sum|*");
    visit.page().keyboard().press("2");
    visit.await(sumIs(counters, 7));
    awaitSeconds(visit, "counter:live_sum|a", "counter:live_sum|b", "gauge:live_sum|a");

    // A number that no even share of a minute comes to.
    visit.sky().counter("live_sum|a", 1000);
    visit.await(drawn(counters, "line.values.includes(1000) && " + SUM + " === 1007"));
    visit.sky().counter("live_sum|c", 500);
    visit.await(sumIs(counters, 1507));
    awaitSeconds(visit, "counter:live_sum|c");
    visit.sky().counter("live_sum|c", 2000);
    visit.await(drawn(counters, "line.values.includes(2000)"));
    visit.await(sumIs(counters, 3507));
    visit.awaitTotal(counters, 3507);

    // What was not set stays: the sum is of what each was last.
    String last = "line.values.filter(v => !Number.isNaN(v)).at(-1)";
    visit.await(drawn(gauges, last + " === 42"));
    visit.sky().gauge("live_sum|b", 15);
    visit.await(drawn(gauges, last + " === 45"));

    visit.sky().histogram("live_sum|b", 900);
    visit.awaitTotal("sum:histogram:live_sum|*", 3);
    visit.await(
        drawn(
            "sum:histogram:live_sum|*",
            "drawn.lines.find(l => l.percentile === 100).values.includes(900)"));
    assertThat(visit.page().locator(".chart .read").first().innerText())
        .doesNotContain("in steps of");
    visit.screenshot("live-sum");
  }

  @Test
  void shouldSayThatASumOfTooManyKeysIsReadByPeriod(Visit visit) {
    for (int i = 0; i < 101; i++) {
      visit.sky().counter("live_many|" + i, 2);
    }
    visit.openCharts("sum:counter:live_many|*");
    visit.awaitTotal("sum:counter:live_many|*", 202);
    assertThat(visit.page().locator(".chart .read").innerText()).contains("in steps of 1 min");
  }

  @Test
  void shouldKeepTheColoursOfChildrenWhoseRankChanges(Visit visit) {
    visit.sky().counter("live_rank|a", 10);
    visit.sky().counter("live_rank|b", 5);
    visit.open("span=300&chart=" + visit.chart("each:counter:live_rank|*"));
    visit.awaitTotal("counter:live_rank|b", 5);
    visit.sky().counter("live_rank|b", 20);
    visit.sky().counter("live_rank|c", 100);
    visit.awaitTotal("counter:live_rank|c", 100);
    visit.awaitTotal("counter:live_rank|b", 25);
    assertThat(visit.page().evaluate("window.sky.charts()[0].drawn.lines.map(l => l.series)"))
        .isEqualTo(List.of("counter:live_rank|a", "counter:live_rank|b", "counter:live_rank|c"));
  }

  @Test
  void shouldWatchNoMoreThanAServerLetsAPage(Visit visit) {
    Page page = visit.open("");
    page.evaluate(
        """
        async () => {
          const { Live } = await import('./live.js');
          const socket = Object.assign(new EventTarget(), { readyState: 1, sent: [], close() {}, send(text) { this.sent.push(JSON.parse(text)); } });
          const live = new Live('ws://none', () => socket);
          const names = (from, to) => Array.from({ length: to - from }, (_, i) => `counter:k${from + i}`);
          window.told = (field) => socket.sent.flatMap((message) => message[field] ?? []);
          window.endFirst = live.watch(names(0, 200), () => {});
          live.watch(names(200, 600), () => {});
          socket.dispatchEvent(new Event('open'));
          window.longest = () => Math.max(...socket.sent.map((message) => message.watch?.length ?? 0));
        }""");
    assertThat(page.evaluate("window.told('watch').length")).isEqualTo(500);
    assertThat(page.evaluate("window.longest()")).isEqualTo(100);
    page.evaluate("window.endFirst()");
    visit.await("window.told('watch').length === 600");
    assertThat(page.evaluate("window.told('watch').at(-1)")).isEqualTo("counter:k599");
    assertThat(page.evaluate("window.told('unwatch').length")).isEqualTo(200);
  }

  @Test
  void shouldBackFillAfterTheConnectionIsLost(Visit visit) {
    visit.sky().counter("live_again", 3);
    visit.openCharts("counter:live_again");
    visit.page().keyboard().press("2");
    visit.await(sumIs("counter:live_again", 3));
    // The network is away as the browser sees it, and what it says of that is no fault of the page.
    visit.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket");
    visit.page().context().setOffline(true);
    visit.sky().counter("live_again", 4);
    visit.page().context().setOffline(false);
    visit.sky().counter("live_again", 5);
    visit.await(sumIs("counter:live_again", 12));
    assertThat(visit.faults()).isEmpty();
  }
}
