package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The page for those who can't see it, have no mouse, have a phone, or sit in the dark. */
@InBrowser
final class EveryoneIT {
  private static final String AXE = axe();

  /** What keeps somebody from using the page: rule and element, a line each. */
  private static final String FAULTS =
      """
      async () => (await axe.run()).violations
        .filter((v) => v.impact === 'serious' || v.impact === 'critical')
        .flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html} (${node.failureSummary})`))""";

  private static String axe() {
    try (InputStream in =
        EveryoneIT.class.getResourceAsStream(
            "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void check(Page page, String view) {
    page.evaluate(AXE);
    assertThat((List<?>) page.evaluate(FAULTS)).as(view).isEmpty();
  }

  /** The page with some charts, of keys of this name and below it. */
  private static Page open(Visit visit, Browser.NewContextOptions options, String key) {
    visit.sky().counter(key + "|200", 5);
    visit.sky().gauge(key + ">queue", 4);
    visit.sky().histogram(key + ">ms", 17);
    Page page =
        visit.open(
            options,
            "http://"
                + visit.http()
                + "/#span=900&chart=%7B%22series%22%3A%5B%22counter%3AKEY%22%5D%7D&chart=%7B%22series%22%3A%5B%22histogram%3AKEY%3Ems%22%5D%2C%22mode%22%3A%22heat%22%7D"
                    .replace("KEY", key));
    visit.awaitTotal("counter:" + key, 5);
    return page;
  }

  @Test
  void shouldHaveNoSeriousFaultInAnyViewLightOrDark(Visit visit) {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      String key = "seen_in_" + scheme.name().toLowerCase(Locale.ROOT);
      Page page = open(visit, new Browser.NewContextOptions().setColorScheme(scheme), key);
      page.keyboard().press("a");
      page.keyboard().type("seen by all");
      check(page, "the dialog of an annotation");
      page.keyboard().press("Enter");
      page.locator(".flag").first().waitFor();
      page.locator("#tree .row").first().waitFor();
      check(page, "charts");
      visit.screenshot("charts-" + scheme.name().toLowerCase(Locale.ROOT));
      view(page, "?", "help", view -> check(page, view));
      view(page, "d", "dashboards", view -> check(page, view));
      view(page, "r", "range", view -> check(page, view));
      page.keyboard().press("/");
      page.keyboard().type(key);
      page.waitForFunction("() => document.getElementById('found').textContent === '4 keys'");
      check(page, "search");
      page.keyboard().press("Escape");
      page.navigate("http://" + visit.http() + "/");
      page.locator("#tree .row").first().waitFor();
      check(page, "the empty page");
    }
  }

  private static void view(Page page, String key, String name, Consumer<String> look) {
    page.keyboard().press(key);
    page.locator("dialog[open]").waitFor();
    look.accept(name);
    page.keyboard().press("Escape");
    page.waitForCondition(() -> page.locator("dialog").count() == 0);
  }

  @Test
  void shouldBeUsedByKeysAlone(Visit visit) {
    visit.sky().counter("by_keys|200", 5);
    Page page = visit.open("");
    page.keyboard().press("/");
    page.keyboard().type("by_keys");
    page.locator("#tree .row").first().waitFor();
    page.keyboard().press("Enter");
    visit.awaitTotal("counter:by_keys", 5);
    page.keyboard().press("Escape");
    page.keyboard().press("2");
    page.waitForFunction("() => sky.state.seconds === 300");
    page.keyboard().press("[");
    page.waitForFunction("() => !sky.state.live");
    page.keyboard().press("l");
    page.waitForFunction("() => sky.state.live");
    page.keyboard().press("?");
    assertThat(page.locator("dialog.help").innerText()).contains("search all keys", "curl --json");
    page.keyboard().press("Escape");

    // All that can be pressed can be gone to, and says what it is.
    List<?> silent =
        (List<?>)
            page.evaluate(
                """
                () => [...document.querySelectorAll('button, input, [tabindex]')]
                  .filter((e) => e.checkVisibility() && (e.tabIndex < 0 || !(e.textContent.trim() || e.getAttribute('aria-label'))))
                  .map((e) => e.outerHTML)""");
    assertThat(silent).isEmpty();
  }

  @Test
  void shouldBeReadableOnAPhone(Visit visit) {
    Page page =
        open(
            visit,
            new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setIsMobile(true)
                .setHasTouch(true)
                .setDeviceScaleFactor(2),
            "on_a_phone");
    // Nothing is wider than the screen, and a chart fills it.
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    assertThat(page.locator(".chart").first().boundingBox().width).isGreaterThan(350);
    assertThat(page.locator("#keys").isVisible()).isFalse();
    check(page, "charts on a phone");
    visit.screenshot("phone");
    page.locator("#keys-button").tap();
    page.locator("#tree .row").first().waitFor();
    check(page, "keys on a phone");
    page.locator("#search").fill("on_a_phone|200");
    page.waitForFunction("() => document.getElementById('found').textContent === '1 key'");
    page.locator("#tree .row").first().tap();
    visit.awaitTotal("counter:on_a_phone|200", 5);
    assertThat(page.locator("#keys").isVisible()).isFalse();
  }
}
