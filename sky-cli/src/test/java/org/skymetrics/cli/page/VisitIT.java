package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The tests of the page notice what no test looks for. */
@InBrowser
final class VisitIT {
  @Test
  void shouldNoticeWhatThePolicyOfThePageForbids(Visit visit) {
    Page page = visit.open("");

    page.evaluate("fetch('http://elsewhere.example/').catch(() => {})");
    page.evaluate("document.body.setAttribute('onclick', 'alert(1)')");
    visit.expect("elsewhere\\.example");
    visit.expect("inline event handler");

    page.waitForCondition(() -> visit.faults().size() >= 2);
    assertThat(visit.faults())
        .anySatisfy(fault -> assertThat(fault).contains("elsewhere.example"))
        .anySatisfy(fault -> assertThat(fault).contains("inline event handler"));
  }

  @Test
  void shouldNoticeWhatIsThrownAndARequestToAnotherHost(Visit visit) {
    Page page = visit.open("");
    String other = "http://" + visit.admin() + "/healthz";

    page.evaluate("setTimeout(() => { throw new Error('thrown on purpose'); })");
    page.waitForCondition(() -> !visit.faults().isEmpty());
    assertThat(visit.faults()).anyMatch(fault -> fault.contains("thrown on purpose"));
    visit.expect("thrown on purpose");

    page.navigate(other);
    assertThat(visit.faults()).anyMatch(fault -> fault.contains("another host: " + other));
    visit.expect("another host: " + other);
    visit.expect("favicon");
  }
}
