package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.MouseButton;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.skymetrics.cli.Asked;

/**
 * Annotations: made, shown on every chart, edited, deleted, and there as soon as a script posts
 * one.
 */
@InBrowser
final class AnnotateIT {
  private static Locator flags(Page page, String label) {
    return page.locator(".flag[aria-label*='" + label + "']");
  }

  /** The annotation of this label as the API has it; a missing node where it has none. */
  private static JsonNode kept(Visit visit, String label) throws IOException {
    for (JsonNode one :
        Asked.json(visit.http(), "/api/annotations?from=-1h&to=now").get("annotations")) {
      if (one.get("label").asText().equals(label)) {
        return one;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  /**
   * Opens the one of this label by keys; where others are near, they share a flag, and a list asks
   * which.
   */
  private static void open(Page page, String label) {
    flags(page, label).first().press("Enter");
    Locator choice = page.locator("dialog.annotations button").getByText(label).first();
    Locator input = page.locator("dialog input[name=label]");
    choice.or(input).first().waitFor();
    if (choice.isVisible()) {
      choice.press("Enter");
    }
    input.waitFor();
    assertThat(input.inputValue()).isEqualTo(label);
  }

  private static void post(Page page, Map<String, ?> annotation) {
    page.request()
        .post(
            page.url().replaceFirst("/#.*", "/api/annotations"),
            com.microsoft.playwright.options.RequestOptions.create().setData(annotation));
  }

  @Test
  void shouldMarkTheMomentThatIsClickedOnEveryChart(Visit visit) throws IOException {
    visit.sky().counter("marked_orders", 4);
    visit.sky().counter("marked_visits", 9);
    Page page = visit.openCharts("counter:marked_orders", "counter:marked_visits");
    visit.awaitTotal("counter:marked_orders", 4);
    visit.awaitTotal("counter:marked_visits", 9);

    BoundingBox box = page.locator(".chart .plot").first().boundingBox();
    page.mouse()
        .click(
            box.x + box.width / 2,
            box.y + box.height / 2,
            new Mouse.ClickOptions().setButton(MouseButton.RIGHT));
    long now = System.currentTimeMillis() / 1000;
    page.keyboard().type("clicked here");
    page.locator("dialog input[name=type]").fill("deploy");
    page.locator("dialog textarea").fill("by hand");
    page.locator("dialog button.first").click();
    flags(page, "clicked here").first().waitFor();
    assertThat(flags(page, "clicked here").count()).isEqualTo(2);

    JsonNode kept = kept(visit, "clicked here");
    assertThat(kept.get("type").asText()).isEqualTo("deploy");
    assertThat(kept.get("text").asText()).isEqualTo("by hand");
    // The middle of a plot of 15 minutes, whose axis is on the left.
    assertThat(kept.get("time").asLong()).isBetween(now - 600, now - 400);
    // Where it is drawn is where it was clicked.
    BoundingBox flag = flags(page, "clicked here").first().boundingBox();
    assertThat(flag.x).isBetween(box.x + box.width / 2 - 6, box.x + box.width / 2 + 6);
    visit.screenshot("annotations");
  }

  @Test
  void shouldEditAndDeleteByKeys(Visit visit) throws IOException {
    visit.sky().counter("edited_orders");
    Page page = visit.openCharts("counter:edited_orders");
    visit.awaitTotal("counter:edited_orders", 1);
    page.keyboard().press("a");
    page.keyboard().type("first words");
    page.keyboard().press("Enter");
    open(page, "first words");
    page.locator("dialog input[name=label]").fill("second words");
    page.keyboard().press("Enter");
    flags(page, "second words").first().waitFor();
    assertThat(kept(visit, "second words").get("version").asInt()).isEqualTo(2);
    assertThat(flags(page, "first words").count()).isZero();

    open(page, "second words");
    page.locator("dialog").getByText("Delete").press("Enter");
    page.waitForCondition(() -> flags(page, "second words").count() == 0);
    assertThat(kept(visit, "second words").isMissingNode()).isTrue();
  }

  @Test
  void shouldShowWhatAScriptPostsAndWhatComesAsTextWithoutAReload(Visit visit) throws IOException {
    visit.sky().counter("scripted_orders");
    Page page = visit.openCharts("counter:scripted_orders");
    visit.awaitTotal("counter:scripted_orders", 1);
    page.evaluate("window.neverReloaded = true");

    post(page, Map.of("label", "v7.1", "type", "deploy"));
    flags(page, "v7.1").first().waitFor();
    long now = System.currentTimeMillis() / 1000;
    post(page, Map.of("label", "backup", "time", now - 600, "end", now - 300));
    flags(page, "backup").first().waitFor();

    byte[] event = "_e{7,4}:restart|soon|t:warning".getBytes(StandardCharsets.UTF_8);
    String[] at = visit.udp().split(":", -1);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(
              event, event.length, new InetSocketAddress(at[0], Integer.parseInt(at[1]))));
    }
    page.waitForFunction("() => sky.annotations().some((one) => one.label === 'restart')");
    assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
  }

  @Test
  void shouldTellTheSecondOfTwoEditors(Visit visit) throws IOException {
    visit.sky().counter("shared_orders");
    Page page = visit.openCharts("counter:shared_orders");
    visit.awaitTotal("counter:shared_orders", 1);
    post(page, Map.of("label", "contended"));
    open(page, "contended");
    page.waitForCondition(() -> page.locator("dialog input[name=label]").isVisible());

    JsonNode seen = kept(visit, "contended");
    int status =
        page.request()
            .put(
                page.url().replaceFirst("/#.*", "/api/annotations/" + seen.get("id").asText()),
                com.microsoft.playwright.options.RequestOptions.create()
                    .setHeader("If-Match", "\"1\"")
                    .setData(Map.of("label", "theirs", "time", seen.get("time").asLong())))
            .status();
    assertThat(status).isEqualTo(200);
    visit.expect("412");
    page.locator("dialog input[name=label]").fill("mine");
    page.keyboard().press("Enter");
    page.locator("dialog .told").getByText("Show theirs").waitFor();
    assertThat(page.locator("dialog input[name=label]").inputValue()).isEqualTo("mine");
    page.locator("dialog .told").getByText("Save mine over it").click();
    flags(page, "mine").first().waitFor();
    assertThat(kept(visit, "mine").get("version").asInt()).isEqualTo(3);
  }
}
