package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tree of keys and the search over all of them, by keys and by pointer. */
@InBrowser
final class FindIT {
  private static final int CROWD = 4_000;

  private static Locator row(Page page, String name) {
    return page.locator("#tree .row")
        .filter(
            new Locator.FilterOptions()
                .setHas(page.locator(".name >> text=/^(› )?" + name + "$/")));
  }

  private static List<String> names(Page page) {
    return page.locator("#tree .row .name").allInnerTexts();
  }

  /** Presses an arrow until the tree is at this name. */
  private static void walkTo(Page page, String arrow, String name) {
    for (int i = 0; i < 200; i++) {
      String at = page.locator("#tree .row.at .name").innerText();
      if (at.equals(name)) {
        return;
      }
      page.keyboard().press(arrow);
    }
    throw new AssertionError("no row " + name + " on the way; last: " + names(page));
  }

  @Test
  void shouldWalkTheTreeByKeysAndShowWhatWasCounted(Visit visit) {
    visit.sky().counter("walked_status|200", 3);
    visit.sky().counter("walked_status|404", 2);
    visit.sky().gauge("walked_status>queue", 7);
    Page page = visit.open("");
    row(page, "walked_status").waitFor();

    page.keyboard().press("t");
    walkTo(page, "ArrowDown", "walked_status");
    Locator parent = page.locator("#tree .row.at");
    assertThat(parent.getAttribute("aria-expanded")).isEqualTo("false");
    assertThat(parent.locator("abbr").getAttribute("title")).isEqualTo("counter");
    page.keyboard().press("ArrowRight");
    row(page, "404").waitFor();
    assertThat(names(page)).containsSubsequence("walked_status", "› queue", "200", "404");
    walkTo(page, "ArrowDown", "404");
    page.keyboard().press("Enter");
    visit.awaitTotal("counter:walked_status|404", 2);
    assertThat(row(page, "404").getAttribute("aria-level")).isEqualTo("2");

    // Left goes to the parent, and closes it.
    page.keyboard().press("ArrowLeft");
    assertThat(page.locator("#tree .row.at .name").innerText()).isEqualTo("walked_status");
    page.keyboard().press("ArrowLeft");
    assertThat(page.locator("#tree .row.at").getAttribute("aria-expanded")).isEqualTo("false");
    assertThat(names(page)).doesNotContain("404");
    page.keyboard().press("Enter");
    visit.awaitTotal("counter:walked_status", 5);
  }

  @Test
  void shouldOpenDotsAsLevels(Visit visit) {
    visit.sky().counter("dotted.web.requests", 4);
    visit.sky().counter("dotted.web.errors", 1);
    visit.sky().counter("dotted.db.alone", 2);
    visit.sky().counter("1.5");
    Page page = visit.open("");

    row(page, "dotted").click();
    row(page, "web").click();
    // What has no sister below it is one row.
    row(page, "db\\.alone").waitFor();
    row(page, "1\\.5").waitFor();
    row(page, "requests").click();
    visit.awaitTotal("counter:dotted.web.requests", 4);
    assertThat(row(page, "requests").getAttribute("aria-level")).isEqualTo("3");
  }

  @Test
  void shouldKeepAFewRowsInTheDocumentHoweverManyThereAre(Visit visit) {
    for (int i = 0; i < CROWD; i++) {
      visit.sky().counter("crowd|member-%04d".formatted(i));
    }
    Page page = visit.open("");
    page.keyboard().press("t");
    row(page, "crowd").waitFor();
    walkTo(page, "ArrowDown", "crowd");
    page.keyboard().press("ArrowRight");
    page.waitForFunction(
        "n => Number(document.querySelector('#tree .row')?.getAttribute('aria-setsize')) >= n",
        CROWD);
    assertThat(page.locator("#tree .row").count()).isLessThan(80);

    // As a wheel does it: all the way, a few hundred pixels at a time, and always with rows in
    // view.
    Object blank =
        page.evaluate(
            """
            async () => {
              const tree = document.getElementById('tree');
              let blank = 0;
              for (let top = 0; top < tree.scrollHeight; top += 1300) {
                tree.scrollTop = top;
                await new Promise(requestAnimationFrame);
                const box = tree.getBoundingClientRect();
                const middle = document.elementFromPoint(box.left + 60, box.top + box.height / 2);
                if (!middle?.closest('.row')) blank++;
              }
              return blank;
            }""");
    assertThat(blank).isEqualTo(0);
    assertThat(page.locator("#tree .row").count()).isLessThan(80);

    page.keyboard().press("Home");
    walkTo(page, "ArrowDown", "member-0000");
    for (int i = 0; i < 10; i++) {
      page.keyboard().press("PageDown");
    }
    String at = page.locator("#tree .row.at .name").innerText();
    assertThat(at).startsWith("member-").isGreaterThan("member-0100");
    page.keyboard().press("Enter");
    visit.awaitTotal("counter:crowd|" + at, 1);
    visit.screenshot("crowd");

    // The greatest of them as layers of one chart, and all that is left as another.
    visit.open("span=900&chart=" + visit.chart("each:counter:crowd|*"));
    visit.awaitTotal("rest:counter:crowd", CROWD - 20);
  }

  @Test
  void shouldFindTheBestFirstAndShowItWithoutLeavingTheBox(Visit visit) {
    visit.sky().counter("sought|order", 6);
    visit.sky().counter("app>unsought", 5);
    Page page = visit.open("");
    page.keyboard().press("/");
    page.keyboard().type("SOUGHT");
    page.waitForFunction("() => document.querySelectorAll('#tree .row').length === 3");
    assertThat(names(page)).containsExactly("sought", "sought|order", "app>unsought");
    assertThat(page.locator("#tree mark").allInnerTexts()).containsOnly("sought");
    assertThat(page.locator("#found").innerText()).isEqualTo("3 keys");

    page.keyboard().press("Enter");
    visit.awaitTotal("counter:sought", 6);
    // Over the same chart: two lines in one.
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    assertThat(page.locator("#search").getAttribute("aria-activedescendant"))
        .isEqualTo(page.locator("#tree .row.at").getAttribute("id"));
    page.keyboard().press("Shift+Enter");
    visit.awaitTotal("counter:app>unsought", 5);
    assertThat(page.locator(".chart").count()).isEqualTo(1);

    page.locator("#search").fill("no key has this");
    page.waitForFunction("() => document.getElementById('found').textContent === 'No such key.'");
    page.keyboard().press("Escape");
    row(page, "sought").waitFor();
    assertThat(page.locator("#search").inputValue()).isEmpty();
  }

  @Test
  void shouldFindByAPatternAndOfferTheSum(Visit visit) {
    visit.sky().counter("patterned|500", 2);
    visit.sky().counter("patterned|503", 3);
    visit.sky().counter("patterned|200", 9);
    Page page = visit.open("");
    page.keyboard().press("/");
    page.keyboard().type("patterned|5*");
    page.waitForFunction("() => document.querySelectorAll('#tree .row').length === 3");
    assertThat(names(page)).containsExactly("patterned|5*", "patterned|500", "patterned|503");
  }

  @Test
  void shouldDrawTheTrendOfEachKeyInView(Visit visit) {
    visit.sky().counter("trending");
    Page page = visit.open("");
    // Half an hour that rises steadily, as if it had been counted.
    page.route(
        url -> url.contains("/api/series?") && url.contains("points=30"),
        route -> route.fulfill(new Route.FulfillOptions().setBody(rising())));
    page.keyboard().press("/");
    page.keyboard().type("trending");
    page.waitForFunction(
        """
        () => {
          const canvas = document.querySelector('#tree .row .trend');
          if (!canvas || canvas.width < 10) return false;
          const { width: w, height: h } = canvas;
          const data = canvas.getContext('2d').getImageData(0, 0, w, h).data;
          const inkAt = (x) => {
            for (let y = 0; y < h; y++) if (data[4 * (y * w + x) + 3] > 100) return y;
            return null;
          };
          const [first, middle, last] = [inkAt(3), inkAt(Math.floor(w / 2)), inkAt(w - 4)];
          return first !== null && first > middle && middle > last;
        }""");
  }

  private static String rising() {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      points.append(i == 0 ? "" : ",").append("{\"time\":" + i * 60 + ",\"value\":" + 10 * i + "}");
    }
    return "{\"from\":0,\"to\":1800,\"resolution\":60,\"period\":60,\"now\":1800,\"partial\":[],"
        + "\"series\":[{\"series\":\"counter:trending\",\"key\":\"trending\",\"kind\":\"counter\",\"points\":["
        + points
        + "]}]}";
  }
}
