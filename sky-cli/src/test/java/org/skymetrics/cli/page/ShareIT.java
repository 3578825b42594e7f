package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The address holds all that is shown: who opens it sees the same. */
@InBrowser
final class ShareIT {
  private static String content(Page page) {
    return String.valueOf(page.evaluate("JSON.stringify(sky.state.content)"));
  }

  @Test
  void shouldShowTheSameToWhoOpensTheAddress(Visit visit) {
    visit.sky().counter("shared_status|200", 8);
    visit.sky().counter("shared_status|404", 2);
    visit.sky().histogram("shared_ms", 12);
    Page page = visit.openCharts("counter:shared_status|200", "histogram:shared_ms");
    visit.awaitTotal("counter:shared_status|200", 8);
    page.keyboard().press("/");
    page.keyboard().type("shared_status|404");
    page.locator("#tree .row").first().waitFor();
    page.locator(".chart").first().dispatchEvent("pointerdown");
    page.keyboard().press("Shift+Enter");
    visit.awaitTotal("counter:shared_status|404", 2);
    page.keyboard().press("Escape");
    for (String key : new String[] {"4", "u", "g"}) {
      page.keyboard().press(key);
    }
    assertThat(content(page)).contains("\"span\":3600").contains("\"utc\":true").contains("day");

    Page other = visit.open(new Browser.NewContextOptions(), page.url());
    visit.awaitTotal("counter:shared_status|404", 2);
    assertThat(content(other)).isEqualTo(content(page));

    // A span of the past, from one moment to another.
    other.keyboard().press("r");
    other.locator("dialog input").first().fill("2026-01-02T03:04:05");
    other.locator("dialog input").last().fill("2026-01-02T04:04:05");
    other.keyboard().press("Enter");
    other.waitForFunction("() => !sky.state.live");
    assertThat(other.locator("#now").innerText())
        .isEqualTo("2026-01-02 03:04:05 UTC to 2026-01-02 04:04:05 UTC");
    Page third = visit.open(new Browser.NewContextOptions(), other.url());
    third.waitForFunction("() => sky.charts().length === 2");
    assertThat(content(third)).isEqualTo(content(other));
    assertThat(third.locator("#now").innerText()).isEqualTo(other.locator("#now").innerText());
    // Back to what was shown before.
    other.keyboard().press("Backspace");
    other.waitForFunction("() => sky.state.live && sky.state.seconds === 3600");
  }

  @Test
  void shouldGiveFilesAndTheAddressWhereThereIsNoClipboard(Visit visit) throws IOException {
    visit.sky().counter("shared_without", 6);
    String perStep =
        visit.chart("counter:shared_without").replace("%7D", "%2C%22per%22%3A%22step%22%7D");
    Page page = visit.open("span=900&chart=" + perStep);
    visit.awaitTotal("counter:shared_without", 6);
    // As a browser has it for a page that comes without TLS from another machine.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");

    List<String> csv = Files.readAllLines(saved(page, "CSV", "sky.csv"));
    assertThat(csv.get(0)).isEqualTo("time,shared_without");
    assertThat(
            csv.stream()
                .skip(1)
                .map(line -> line.replaceFirst("[^,]*,", ""))
                .filter(value -> !value.isEmpty())
                .mapToDouble(Double::parseDouble)
                .sum())
        .isCloseTo(6, within(1e-9));
    assertThat(Files.readString(saved(page, "JSON", "sky.json"))).contains("\"total\": 6");
    assertThat(Files.readAllBytes(saved(page, "PNG", "sky.png"))).startsWith(0x89, 'P', 'N', 'G');

    page.keyboard().press("c");
    Locator address = page.locator("dialog input");
    assertThat(address.inputValue()).isEqualTo(page.url());
    assertThat(address.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)"))
        .isEqualTo(page.url());
  }

  /** Presses a button of the chart, which saves a file of this name. */
  private static Path saved(Page page, String label, String name) {
    Locator button = page.locator(".chart .buttons button").getByText(label);
    Download file = page.waitForDownload(button::click);
    assertThat(file.suggestedFilename()).isEqualTo(name);
    page.locator(".chart .buttons").getByText("saved").waitFor();
    page.locator(".chart .buttons").getByText(label).waitFor();
    return file.path();
  }

  @Test
  void shouldPassOverNonsenseInTheAddress(Visit visit) {
    visit.sky().counter("sound_orders", 3);
    Page page =
        visit.open(
            "span=-5&to=x&ghost=year&dashboard=none&chart=%7B&chart=null&chart=%5B1%5D"
                + "&chart=%7B%22series%22%3A%5B%22nothing%22%5D%7D"
                + "&chart=%7B%22series%22%3A%5B%22counter%3Asound_orders%22%5D%7D");
    visit.awaitTotal("counter:sound_orders", 3);
    assertThat(content(page))
        .isEqualTo("{\"charts\":[{\"series\":[\"counter:sound_orders\"]}],\"span\":900}");
  }

  @Test
  void shouldSayWhenADashboardIsGone(Visit visit) {
    visit.expect("404");
    Page page = visit.open("dashboard=0000000000000001");
    page.locator(".toast").getByText("was deleted").waitFor();
    assertThat(page.url()).doesNotContain("dashboard");
  }
}
