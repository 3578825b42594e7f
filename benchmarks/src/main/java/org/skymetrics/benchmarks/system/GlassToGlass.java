package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;

/**
 * How long a count takes from {@code counter()} in an application to the message of a page's
 * WebSocket, at default settings, while 199 other pages watch 20 keys each, all of which are
 * counted.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.GlassToGlass [samples [chromium]]
 * </pre>
 *
 * <p>Ends with status 1 where a sample never comes.
 */
public final class GlassToGlass {
  private static final int OTHERS = 199;
  private static final int KEYS_A_PAGE = 20;
  private static final int MAX_REST_MS = 400;
  private static final int COUNTS_A_TURN = 40;
  private static final long TURN_NS = 10_000_000;
  private static final long PATIENCE_NS = 30_000_000_000L;
  private static final Pattern TO = Pattern.compile("\"to\":(\\d+)");
  private static final Pattern PROBE = Pattern.compile("counter:glass\\|(\\d+)\"");

  private static final double MOST_MS = 1_500;

  private final Figures figures = new Figures();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(1);

  /** When the running sample of each probe was counted; 0 where none runs. */
  private final AtomicLongArray countedNs = new AtomicLongArray(KEYS_A_PAGE);

  private final Histogram glass = new ConcurrentHistogram(3);
  private final Histogram afterTick = new ConcurrentHistogram(3);
  private final @Nullable RealPage page;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicBoolean ends = new AtomicBoolean();
  private final List<WebSocket> sockets = new ArrayList<>();

  private GlassToGlass(@Nullable RealPage page) {
    this.page = page;
  }

  /**
   * Runs it.
   *
   * @param arguments how many samples; 200 where nothing is said; and a Chromium, to look at the
   *     pixels of a real page, too
   */
  public static void main(String[] arguments) throws Exception {
    int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    String chromium = arguments.length > 1 ? arguments[1] : "";
    boolean all;
    Path data = Files.createTempDirectory("sky-glass").resolve("data");
    try (RunningSky sky = RunningSky.start(data, "-Xmx512m", List.of());
        Sky client = Sky.builder().servers(RunningSky.UDP).build()) {
      try (RealPage page = chromium.isEmpty() ? null : new RealPage(chromium, RunningSky.HTTP)) {
        all = new GlassToGlass(page).run(client, samples);
      }
    }
    System.exit(all ? 0 : 1);
  }

  private boolean run(Sky client, int samples) throws IOException, InterruptedException {
    Thread load = new Thread(() -> load(client), "load");
    load.start();
    for (int i = 0; i < OTHERS; i++) {
      open("other|" + i + "_", false);
    }
    open("glass|", true);
    TimeUnit.SECONDS.sleep(10);
    afterTick.reset();
    boolean all = (page == null || firstIsShown(page, client)) && sample(client, samples);
    Histogram drawn = all && page != null ? page.drawnAfterUs(1) : null;
    ends.set(true);
    load.join();
    print(samples);
    if (drawn != null) {
      print("counter() to pixel", drawn);
    }
    figures.end();
    sockets.forEach(WebSocket::abort);
    return all && (page == null || drawn != null);
  }

  /** One count before the samples, so that the chart has its series. */
  private static boolean firstIsShown(RealPage page, Sky client) throws InterruptedException {
    page.count(client);
    return page.look();
  }

  /** Counts what the other pages watch. */
  private void load(Sky client) {
    Random keys = new Random(2);
    while (!ends.get()) {
      for (int i = 0; i < COUNTS_A_TURN; i++) {
        client.counter("other|" + keys.nextInt(OTHERS) + "_" + keys.nextInt(KEYS_A_PAGE), 1);
      }
      LockSupport.parkNanos(TURN_NS);
    }
  }

  private void open(String prefix, boolean isProbe) {
    WebSocket socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://" + RunningSky.HTTP + "/api/live"), new Page(isProbe))
            .join();
    StringBuilder watch = new StringBuilder("{\"watch\":[");
    for (int i = 0; i < KEYS_A_PAGE; i++) {
      watch.append(i == 0 ? "" : ",").append("\"counter:").append(prefix).append(i).append('"');
    }
    socket.sendText(watch.append("]}"), true).join();
    sockets.add(socket);
  }

  private boolean sample(Sky client, int samples) throws InterruptedException {
    for (int i = 0; i < samples; i++) {
      TimeUnit.MICROSECONDS.sleep(random.nextInt(MAX_REST_MS * 1000));
      int probe = i % KEYS_A_PAGE;
      if (!awaitFree(probe)) {
        return false;
      }
      countedNs.set(probe, System.nanoTime());
      client.counter("glass|" + probe, 1);
      if (page != null) {
        page.count(client);
      }
    }
    for (int probe = 0; probe < KEYS_A_PAGE; probe++) {
      if (!awaitFree(probe)) {
        return false;
      }
    }
    return true;
  }

  private boolean awaitFree(int probe) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NS;
    while (countedNs.get(probe) != 0) {
      if (System.nanoTime() > end) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return true;
  }

  private void print(int samples) {
    System.out.printf(
        "%d of %d samples, %d messages%n", glass.getTotalCount(), samples, messages.get());
    print("counter() to message", glass);
    print("end of the second to message, all pages", afterTick);
  }

  private void print(String what, Histogram us) {
    figures.add(what + ", median", us.getValueAtPercentile(50) / 1e3, "ms");
    figures.add(what + ", 99 %", us.getValueAtPercentile(99) / 1e3, "ms", MOST_MS);
    System.out.printf(
        "%s, ms: median %.0f, 90 %% %.0f, 99 %% %.0f, max %.0f%n",
        what,
        us.getValueAtPercentile(50) / 1e3,
        us.getValueAtPercentile(90) / 1e3,
        us.getValueAtPercentile(99) / 1e3,
        us.getMaxValue() / 1e3);
  }

  private final class Page implements WebSocket.Listener {
    private final boolean isProbe;
    private final StringBuilder text = new StringBuilder();

    Page(boolean isProbe) {
      this.isProbe = isProbe;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      long now = System.nanoTime();
      text.append(part);
      if (last) {
        messages.incrementAndGet();
        Matcher to = TO.matcher(text);
        if (to.find()) {
          long lateMs = System.currentTimeMillis() - Long.parseLong(to.group(1)) * 1000;
          afterTick.recordValue(Math.max(0, lateMs * 1000));
        }
        if (isProbe) {
          take(now);
        }
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void take(long now) {
      // A message that says from when on the probes are kept names them too, but none runs then.
      for (Matcher probe = PROBE.matcher(text); probe.find(); ) {
        long before = countedNs.getAndSet(Integer.parseInt(probe.group(1)), 0);
        if (before != 0) {
          glass.recordValue((now - before) / 1000);
        }
      }
    }
  }
}
