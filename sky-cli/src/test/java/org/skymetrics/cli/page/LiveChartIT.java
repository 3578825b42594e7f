package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A live chart begins with what the minute had and goes on in seconds: each count once. */
@InBrowser
final class LiveChartIT {
  private static String sumIs(String key, int n) {
    return "(d => d?.step === 1 && Math.abs(d.lines.find(l => l.series === 'counter:"
        + key
        + "').values.reduce((a, b) => a + (b || 0), 0) - "
        + n
        + ") < 1e-6)(window.sky.charts().find(c => c.series[0] === 'counter:"
        + key
        + "')?.drawn)";
  }

  @Test
  void shouldDrawEachCountOnceThroughMinuteAndSeconds(Visit visit) {
    for (int i = 0; i < 20; i++) {
      visit.sky().counter("live_chart");
    }
    visit.openCharts("counter:live_chart");
    visit.page().keyboard().press("2");
    visit.await(sumIs("live_chart", 20));
    for (int sent = 25; sent <= 60; sent += 5) {
      visit.sky().counter("live_chart", 5);
      visit.await(sumIs("live_chart", sent));
    }
    visit.screenshot("live");
  }

  @Test
  void shouldBackFillAfterTheConnectionIsLost(Visit visit) {
    visit.sky().counter("live_again", 3);
    visit.openCharts("counter:live_again");
    visit.page().keyboard().press("2");
    visit.await(sumIs("live_again", 3));
    // The network is away as the browser sees it, and what it says of that is no fault of the page.
    visit.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket");
    visit.page().context().setOffline(true);
    visit.sky().counter("live_again", 4);
    visit.page().context().setOffline(false);
    visit.sky().counter("live_again", 5);
    visit.await(sumIs("live_again", 12));
    assertThat(visit.faults()).isEmpty();
  }
}
