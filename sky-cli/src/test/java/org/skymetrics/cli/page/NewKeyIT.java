package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What an application counts for the first time is in the page, without a reload. How long that
 * takes is printed, and not judged.
 */
@InBrowser
final class NewKeyIT {
  private static final int KEYS = 5;

  @Test
  void shouldShowAKeySoonAfterItsFirstCountWithTheNumberThatWasSent(Visit visit) {
    Page page = visit.open("");
    page.evaluate("window.neverReloaded = true");

    List<Long> tookMs = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "fresh_orders_" + i;
      long countedNs = System.nanoTime();
      visit.sky().counter(key, 41 + i);
      row(page, key).waitFor();
      tookMs.add((System.nanoTime() - countedNs) / 1_000_000);
    }
    System.out.println("from a key's first count to its row in the page, ms: " + tookMs);

    row(page, "fresh_orders_1").click();
    visit.sky().counter("fresh_orders_1", 100);
    visit.awaitTotal("counter:fresh_orders_1", 142);
    assertThat(page.locator(".chart .read").innerText()).contains("total 142");
    assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
    visit.screenshot("new-key");
  }

  private static Locator row(Page page, String key) {
    return page.locator("#tree .row", new Page.LocatorOptions().setHasText(key));
  }
}
