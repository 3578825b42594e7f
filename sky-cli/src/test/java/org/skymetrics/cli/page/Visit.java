package org.skymetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;

/**
 * One user at the page: a fresh browser context, in the zone of Berlin, 1280 x 800.
 *
 * <p>Whatever the console calls an error, a breach of the Content-Security-Policy among it, an
 * uncaught exception and a request to any other host fail the test in the end, unless it was {@link
 * #expect expected}.
 */
final class Visit {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path SCREENSHOTS = ROOT.resolve("sky-ui/target/screenshots");

  /** All that is drawn of one series: its total as the page tells it, in the first chart of it. */
  private static final String TOTAL =
      """
      series => {
        for (const chart of window.sky?.charts() ?? [])
          for (const line of chart.drawn?.lines ?? [])
            if (line.series === series) return line.total;
        return null;
      }""";

  private final Browser browser;
  private final CountingStandalone standalone;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<Pattern> expected = new ArrayList<>();
  private final Set<String> hosts = new HashSet<>();
  private @Nullable Page page;

  Visit(Browser browser, CountingStandalone standalone) {
    this.browser = browser;
    this.standalone = standalone;
    hosts.add(http());
  }

  /** The client that counts in the standalone, connected with its defaults. */
  Sky sky() {
    return standalone.sky();
  }

  /** HOST:PORT of the page and of the HTTP API. */
  String http() {
    return standalone.process().http();
  }

  /** HOST:PORT of the server's admin HTTP. */
  String admin() {
    return standalone.process().admin();
  }

  /** HOST:PORT for packets and for statsd text. */
  String udp() {
    return standalone.process().udp();
  }

  /** Opens the page, with what shall stand behind the {@code #}: the state of the page. */
  Page open(String state) {
    return open(new Browser.NewContextOptions(), "http://" + http() + "/#" + state);
  }

  /** Opens another page of the standalone, as {@code /ring.html}. */
  Page openPath(String path) {
    return open(new Browser.NewContextOptions(), "http://" + http() + path);
  }

  /** The page as it shows one chart for each series, in the mode that a user would get. */
  Page openCharts(String... series) {
    StringBuilder state = new StringBuilder("span=900");
    for (String one : series) {
      state.append("&chart=").append(chart(one));
    }
    return open(state.toString());
  }

  /** A chart of some series as it stands in the address, in the mode that a user would get. */
  String chart(String... series) {
    String mode = series[0].startsWith("histogram:") ? ",\"mode\":\"heat\"" : "";
    return encoded("{\"series\":[\"" + String.join("\",\"", series) + "\"]" + mode + "}");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Opens an address in a context of one's own making: a phone, another zone, dark, a login. */
  Page open(Browser.NewContextOptions options, String address) {
    hosts.add(URI.create(address.replaceFirst("#.*", "")).getAuthority());
    BrowserContext context =
        browser.newContext(
            options.viewportSize == null && options.isMobile == null
                ? settled(options).setViewportSize(1280, 800)
                : settled(options));
    contexts.add(context);
    context.onConsoleMessage(this::hear);
    context.onWebError(error -> fault("uncaught: " + error.error()));
    context.onRequest(request -> check(request.url()));
    Page opened = context.newPage();
    opened.navigate(address);
    page = opened;
    return opened;
  }

  private static Browser.NewContextOptions settled(Browser.NewContextOptions options) {
    if (options.timezoneId == null) {
      options.setTimezoneId("Europe/Berlin");
    }
    return options.locale == null ? options.setLocale("en-GB") : options;
  }

  private void hear(ConsoleMessage message) {
    if (message.type().equals("error")) {
      fault("console: " + message.text() + " (" + message.location() + ")");
    }
  }

  private void check(String url) {
    boolean own =
        hosts.stream().anyMatch(h -> url.matches("(http|ws)://" + Pattern.quote(h) + "/.*"));
    if (!own && !url.startsWith("blob:") && !url.startsWith("data:")) {
      fault("a request to another host: " + url);
    }
  }

  private void fault(String text) {
    faults.add(text);
  }

  /** What the browser found wrong so far. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Faults that hold this expression somewhere belong to the test. */
  void expect(String expression) {
    expected.add(Pattern.compile(expression));
  }

  /** The page that was opened last. */
  Page page() {
    if (page == null) {
      throw new IllegalStateException("no page is open");
    }
    return page;
  }

  /**
   * Waits until a script expression is true in the page. (Playwright's {@code waitForFunction} does
   * that for functions alone: an expression it hands to {@code eval} each time it looks, which the
   * policy of the page forbids.)
   */
  void await(String expression) {
    try {
      page().waitForCondition(() -> Boolean.TRUE.equals(page().evaluate("!!(" + expression + ")")));
    } catch (TimeoutError e) {
      throw new AssertionError("the page does not come to this: " + expression, e);
    }
  }

  /** Waits until a chart of the page tells this total of a series, as {@code counter:a|b}. */
  void awaitTotal(String series, double total) {
    try {
      page()
          .waitForCondition(
              () -> {
                Number told = total(series);
                return told != null && told.doubleValue() == total;
              });
    } catch (TimeoutError e) {
      throw new AssertionError(
          series + " is not drawn with the total " + total + " but " + total(series), e);
    }
  }

  /** What the page tells as the total of a series; null where no chart draws it. */
  @Nullable Number total(String series) {
    return (Number) page().evaluate(TOTAL, series);
  }

  /**
   * Keeps a picture of the page. Pictures are not compared: they are for people.
   *
   * @param name of the file, without {@code .png}
   */
  void screenshot(String name) {
    page().screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
  }

  /** Keeps a picture that the README shows: {@code -Dsky.screenshots=docs/images} renews it. */
  void screenshotForReadme(String name) {
    screenshot(name);
    String folder = System.getProperty("sky.screenshots");
    if (folder != null) {
      page()
          .screenshot(
              new Page.ScreenshotOptions().setPath(ROOT.resolve(folder).resolve(name + ".png")));
    }
  }

  /** Ends the visit; faults fail the test, and a test that failed leaves a picture behind. */
  void end(String test, boolean failed) {
    if (failed && page != null && !page.isClosed()) {
      screenshot("failed/" + test.replaceAll("\\W+", ""));
    }
    contexts.forEach(BrowserContext::close);
    faults.removeIf(fault -> expected.stream().anyMatch(e -> e.matcher(fault).find()));
    assertThat(faults).as("what the browser found wrong").isEmpty();
  }
}
