package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.cli.Asked;

/** Dashboards: kept, opened by another, renamed, duplicated, deleted; and two who edit one. */
@InBrowser
final class KeepIT {
  private static List<String> names(Visit visit) throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode one : Asked.json(visit.http(), "/api/dashboards").get("dashboards")) {
      names.add(one.get("name").asText());
    }
    return names;
  }

  private static void awaitName(Page page, String name) {
    page.locator("#dashboards .name").getByText(name, exactly()).waitFor();
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static void choose(Page page, String label) {
    page.keyboard().press("d");
    page.locator("dialog").getByText(label, exactly()).click();
  }

  private static void saveAs(Page page, String name) {
    page.keyboard().press("s");
    page.locator("dialog input").fill(name);
    page.keyboard().press("Enter");
    awaitName(page, name);
  }

  private static String series(Page page) {
    return String.valueOf(page.evaluate("sky.charts().map((c) => c.series.join()).join(' ')"));
  }

  /** The address of a dashboard alone, as somebody would write it down. */
  private static String address(Page page) {
    return page.url().replaceFirst("#.*dashboard=([0-9a-f]{16}).*", "#dashboard=$1");
  }

  @Test
  void shouldKeepRenameDuplicateAndDelete(Visit visit) throws IOException {
    visit.sky().counter("kept_orders", 12);
    visit.sky().gauge("kept_queue", 3);
    Page page = visit.openCharts("counter:kept_orders", "gauge:kept_queue");
    visit.awaitTotal("counter:kept_orders", 12);
    page.keyboard().press("5");
    saveAs(page, "Shop");
    assertThat(names(visit)).contains("Shop");

    // Another browser sees what was kept, from its id alone.
    Page other = visit.open(new Browser.NewContextOptions(), address(page));
    awaitName(other, "Shop");
    visit.awaitTotal("counter:kept_orders", 12);
    assertThat(series(other)).isEqualTo("counter:kept_orders gauge:kept_queue");
    assertThat(other.evaluate("sky.state.seconds")).isEqualTo(21600);

    choose(other, "Rename…");
    other.locator("dialog input").fill("Shop of all");
    other.keyboard().press("Enter");
    awaitName(other, "Shop of all");
    choose(other, "Duplicate");
    awaitName(other, "Shop of all copy");
    assertThat(names(visit)).contains("Shop of all", "Shop of all copy").doesNotContain("Shop");

    choose(other, "Delete");
    other.locator(".toast").getByText("Undo").waitFor();
    assertThat(names(visit)).doesNotContain("Shop of all copy");
    other.locator(".toast").getByText("Undo").click();
    awaitName(other, "Shop of all copy");
    assertThat(names(visit)).contains("Shop of all copy");
    other.keyboard().press("d");
    other.locator("dialog li").first().waitFor();
    visit.screenshot("dashboards");
    other.locator("dialog").getByText("Shop of all", exactly()).click();
    awaitName(other, "Shop of all");
    choose(other, "New");
    assertThat(series(other)).isEmpty();
  }

  @Test
  void shouldTellTheSecondOfTwoEditorsAndLoseNothing(Visit visit) throws IOException {
    for (String key : List.of("both_a", "both_b", "both_c")) {
      visit.sky().counter(key, 2);
    }
    Page mine = visit.openCharts("counter:both_a");
    visit.awaitTotal("counter:both_a", 2);
    saveAs(mine, "Both");
    Page theirs = visit.open(new Browser.NewContextOptions(), address(mine));
    awaitName(theirs, "Both");
    add(theirs, "both_b");
    theirs.keyboard().press("s");
    theirs.locator(".toast").getByText("Saved “Both”.").waitFor();

    add(mine, "both_c");
    mine.locator("#dashboards .edited").waitFor();
    visit.expect("412");
    mine.keyboard().press("s");
    Locator told = mine.locator("dialog.overtaken");
    told.waitFor();
    assertThat(told.innerText()).contains("Theirs has 2 charts, yours has 2 charts");
    told.getByText("Save mine as a copy").click();
    awaitName(mine, "Both (mine)");
    assertThat(names(visit)).contains("Both", "Both (mine)");
    assertThat(series(mine)).isEqualTo("counter:both_a counter:both_c");

    // The other way: who is second takes what is there.
    add(theirs, "both_c");
    theirs.keyboard().press("s");
    theirs.locator(".toast").getByText("Saved “Both”.").waitFor();
    Page third = visit.open(new Browser.NewContextOptions(), address(theirs));
    awaitName(third, "Both");
    theirs.locator(".chart .close").first().press("Enter");
    theirs.keyboard().press("s");
    theirs.waitForCondition(() -> theirs.locator("#dashboards .edited").count() == 0);
    third.locator(".chart .close").last().press("Enter");
    third.keyboard().press("s");
    third.locator("dialog.overtaken").getByText("Take theirs").click();
    third.waitForFunction("() => sky.charts().length === 2");
    assertThat(series(third)).isEqualTo("counter:both_b counter:both_c");
    third.waitForCondition(() -> third.locator("#dashboards .edited").count() == 0);
  }

  private static void add(Page page, String key) {
    page.keyboard().press("/");
    page.keyboard().type(key);
    page.locator("#tree .row .name").getByText(key, exactly()).waitFor();
    page.keyboard().press("Enter");
    page.waitForFunction(
        "key => sky.charts().some((c) => c.series.includes('counter:' + key))", key);
    page.keyboard().press("Escape");
  }

  @Test
  void shouldFitTheChartsIntoTheWindow(Visit visit) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      visit.sky().counter("fitted_" + i, i + 1);
      keys.add("counter:fitted_" + i);
    }
    Page page = visit.openCharts(keys.toArray(new String[0]));
    visit.awaitTotal("counter:fitted_8", 9);
    for (int n = 9; n > 0; n--) {
      int charts = n;
      page.waitForFunction("n => document.querySelectorAll('.chart').length === n", charts);
      page.waitForFunction(
          """
          () => {
            const board = document.getElementById('board');
            const box = board.getBoundingClientRect();
            return board.scrollHeight <= board.clientHeight + 1
              && [...document.querySelectorAll('.chart')].every((chart) => {
                const own = chart.getBoundingClientRect();
                return own.right <= box.right + 1 && own.bottom <= box.bottom + 1 && own.height > 150;
              });
          }""");
      if (n == 6) {
        visit.screenshot("grid");
      }
      page.locator(".chart .close").last().press("Enter");
    }
  }

  @Test
  void shouldMoveChartsByKeysAndByPointer(Visit visit) {
    for (String key : List.of("moved_a", "moved_b", "moved_c")) {
      visit.sky().counter(key);
    }
    Page page = visit.openCharts("counter:moved_a", "counter:moved_b", "counter:moved_c");
    visit.awaitTotal("counter:moved_c", 1);
    page.locator(".chart").first().focus();
    page.keyboard().press("Shift+ArrowRight");
    assertThat(series(page)).isEqualTo("counter:moved_b counter:moved_a counter:moved_c");
    page.locator(".chart h2").last().dragTo(page.locator(".chart").first());
    assertThat(series(page)).isEqualTo("counter:moved_c counter:moved_b counter:moved_a");
    page.locator(".chart").first().focus();
    page.keyboard().press("Delete");
    assertThat(series(page)).isEqualTo("counter:moved_b counter:moved_a");
    // One that is changed stays where it is.
    page.locator(".chart").first().getByText("log", exactly()).click();
    page.locator(".chart").first().getByText("children", exactly()).click();
    assertThat(series(page)).isEqualTo("each:counter:moved_b|* counter:moved_a");
  }
}
