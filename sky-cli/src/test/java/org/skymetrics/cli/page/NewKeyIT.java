package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** What an application counts for the first time is in the page, without a reload. */
@InBrowser
final class NewKeyIT {
  @Test
  void shouldShowAKeySoonAfterItsFirstCountWithTheNumberThatWasSent(Visit visit) {
    Page page = visit.open("");
    page.evaluate("window.neverReloaded = true");

    visit.sky().counter("fresh_orders", 41);
    long counted = System.nanoTime();
    Locator row = page.locator("#tree .row", new Page.LocatorOptions().setHasText("fresh_orders"));
    row.waitFor();
    System.out.printf(
        "new key in the page after %d ms%n", (System.nanoTime() - counted) / 1_000_000);

    row.click();
    visit.sky().counter("fresh_orders");
    visit.awaitTotal("counter:fresh_orders", 42);
    assertThat(page.locator(".chart .read").innerText()).contains("total 42");
    assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
    visit.screenshot("new-key");
  }
}
