package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.skymetrics.cli.Asked;

/** What operates Sky is seen on the ring page, with the numbers that the server itself tells. */
@InBrowser
final class RingPageIT {
  @Test
  void shouldShowTheMemberItsShareSessionsAndLag(Visit visit) throws IOException {
    visit.sky().counter("ring_page|a", 3);
    Page page = visit.openPath("/ring.html");

    Locator members = page.locator("table:has(caption:text-is('Members')) tbody tr");
    members.first().waitFor();
    visit.await("window.sky.ring()?.members[0].recordsRate != null");
    visit.sky().counter("ring_page|a", 4);
    visit.await("window.sky.ring().members[0].load === 1");

    JsonNode status = Asked.json(visit.http(), "/api/status").path("members").path(0);
    assertThat(members.count()).isEqualTo(1);
    assertThat(members.first().innerText()).contains(status.path("name").asText(), "100 %");
    assertThat(((Number) page.evaluate("window.sky.ring().members[0].share")).doubleValue())
        .isCloseTo(1, offset(1e-9));
    assertThat(page.evaluate("window.sky.ring().lagSeconds")).isEqualTo(0);
    assertThat(page.evaluate("window.sky.ring().flushLagSeconds")).isEqualTo(0);
    assertThat(page.locator(".figures .bad").count()).isZero();
    visit.screenshot("ring");
    // What its stores meet is told by all parts, too.
    assertThat(Asked.get(visit.admin(), "/metrics").body())
        .contains("\nsky_store_call_failed_total 0\n", "\nsky_server_records_counted_total ");
    assertThat(Asked.get(visit.http(), "/metrics").body())
        .contains("\nsky_store_call_failed_total 0\n", "\nsky_rollup_passes_total ");
  }

  @Test
  void shouldShowSessionsWithWhatBecameOfTheirPackets(Visit visit) {
    visit.sky().counter("ring_page|b", 1);
    Page page = visit.openPath("/ring.html");
    visit.await("window.sky.ring()?.sessions.length > 0");

    // The same numbers as the server tells, at a moment when both tell the same.
    page.waitForCondition(
        () -> {
          try {
            JsonNode told = Asked.json(visit.admin(), "/v1/sessions").path("sessions");
            Map<?, ?> shown =
                (Map<?, ?>)
                    page.evaluate(
                        "Object.fromEntries(window.sky.ring().sessions.map("
                            + "s => [s.session, [s.packets.sent, s.packets.counted].join()]))");
            for (JsonNode session : told) {
              String sums = session.path("sent").asLong() + "," + session.path("counted").asLong();
              if (!sums.equals(shown.get(session.path("session").asText()))) {
                return false;
              }
            }
            return !told.isEmpty();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(page.locator("table:has(caption:text-is('Sessions')) tbody tr").count())
        .isEqualTo(page.evaluate("window.sky.ring().sessions.length"));
  }

  @Test
  void shouldNameWhoSendsBadLines(Visit visit) throws IOException {
    Page page = visit.openPath("/ring.html");
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] bad = "ring_page_bad:x|c\nring_page_bad:7|zz".getBytes(StandardCharsets.UTF_8);
      String[] udp = visit.udp().split(":", -1);
      InetSocketAddress server = new InetSocketAddress(udp[0], Integer.parseInt(udp[1]));
      socket.send(new DatagramPacket(bad, bad.length, server));
    }

    Locator offender =
        page.locator("table:has(caption:text-is('Offenders')) tbody tr")
            .filter(new Locator.FilterOptions().setHasText("sends bad lines of text"));
    offender.waitFor();
    assertThat(offender.innerText()).contains("127.0.0.1", "2");
    Locator notes = page.locator("table:has(caption:text-is('Lost, refused or wrong')) tbody tr");
    notes.filter(new Locator.FilterOptions().setHasText("text bad value")).waitFor();
    notes.filter(new Locator.FilterOptions().setHasText("text bad type")).waitFor();
    EveryoneIT.check(page, "the ring");
    visit.screenshot("ring-offenders");
  }

  @Test
  void shouldShowTheLatestValueOfEveryKeyOfAMember(Visit visit) {
    for (int i : IntStream.range(0, 150).toArray()) {
      visit.sky().counter("latest_of_member|" + i, i + 1);
    }
    visit.sky().gauge("latest_of_member|level", 21.5);
    visit.sky().histogram("latest_of_member|ms", 3);
    Page page = visit.openPath("/ring.html");
    Locator link = page.locator("text=latest values").first();
    link.waitFor();
    Asked.until("the keys are listed", () -> listed(visit) >= 152);
    link.click();

    visit.await("window.sky.latest()?.length > 0");
    // More are read as long as there are more, for other tests count here, too.
    Locator more = page.getByText("More keys");
    Locator told = page.locator(".latest .heading [role=status]");
    page.waitForCondition(
        () -> {
          more.evaluate("button => button.hidden || button.disabled || button.click()");
          return !told.innerText().contains("and more");
        });
    visit.await(
        "window.sky.latest()?.filter(r => r.key.startsWith('latest_of_member|')"
            + " && r.point).length === 152");
    for (int i : List.of(0, 77, 149)) {
      assertThat(
              page.evaluate(
                  "i => window.sky.latest().find(r => r.key === 'latest_of_member|' + i).point.value",
                  i))
          .isEqualTo(i + 1);
    }

    // Those in view are followed: what is told now is seen without a reload.
    page.locator("input[type=search]").fill("latest_of_member|1");
    EveryoneIT.check(page, "the latest of a member");
    visit.screenshot("ring-latest");
    page.locator("input[type=search]").fill("MEMBER|level");
    Locator row = page.locator("tbody tr");
    assertThat(row.count()).isEqualTo(1);
    assertThat(row.innerText()).contains("latest_of_member|level", "gauge", "21.5");
    visit.sky().gauge("latest_of_member|level", 42.25);
    page.waitForCondition(() -> row.innerText().contains("42.25"));
    row.locator("a").click();
    visit.await("window.sky?.charts?.()[0]?.series[0] === 'gauge:latest_of_member|level'");
  }

  @Test
  void shouldBeReadableInTheDarkAndOnAPhone(Visit visit) {
    Page page =
        visit.open(
            new Browser.NewContextOptions()
                .setColorScheme(ColorScheme.DARK)
                .setViewportSize(390, 844)
                .setIsMobile(true)
                .setHasTouch(true),
            "http://" + visit.http() + "/ring.html");
    page.locator("table tbody tr").first().waitFor();

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    EveryoneIT.check(page, "the ring on a phone");
    visit.screenshot("ring-phone");
  }

  private static int listed(Visit visit) {
    try {
      return Asked.json(visit.http(), "/api/keys?prefix=latest_of_member").path("keys").size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
