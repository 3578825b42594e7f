package org.skymetrics.benchmarks.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;

/**
 * Sky's page in a real Chromium, with one live chart of one counter: when each count of it was
 * drawn. It is driven by the DevTools protocol, of which two commands are needed.
 */
final class RealPage implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String KEY = "pixel";
  private static final long PATIENCE_NS = 60_000_000_000L;

  /** Looks at each frame what the chart shows, and keeps when that became more. */
  private static final String LOOK =
      """
      globalThis.seen = [];
      let shown = 0;
      const look = () => {
        const values = globalThis.sky.charts()[0]?.drawn?.lines[0]?.values ?? [];
        const total = Math.round(values.reduce((sum, value) => sum + (value || 0), 0));
        if (total > shown) {
          shown = total;
          globalThis.seen.push([performance.timeOrigin + performance.now(), total]);
        }
        requestAnimationFrame(look);
      };
      look();
      true
      """;

  private final Process chromium;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket devTools;
  private volatile CompletableFuture<JsonNode> answer = new CompletableFuture<>();
  private final List<Double> countedMs = new ArrayList<>();
  private int asked;

  /** Opens the page; {@code program} is a Chromium. */
  RealPage(String program, String address) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("sky-chromium");
    String chart = "{\"series\":[\"counter:" + KEY + "\"],\"per\":\"step\"}";
    String url =
        "http://"
            + address
            + "/#span=600&chart="
            + URLEncoder.encode(chart, StandardCharsets.UTF_8);
    Started.endsWithThis();
    chromium =
        new ProcessBuilder(
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--window-size=1280,800",
                "--user-data-dir=" + profile,
                url)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("said").toFile())
            .start();
    devTools =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(socketOf(awaitPort(profile))), new Answers())
            .join();
  }

  private static String awaitPort(Path profile) throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + PATIENCE_NS;
    while (!Files.exists(file) || Files.readAllLines(file).isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IOException("Chromium did not start; see " + profile + "/said");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return Files.readAllLines(file).get(0);
  }

  private String socketOf(String port) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_NS;
    while (System.nanoTime() < end) {
      HttpResponse<String> list =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build(),
              HttpResponse.BodyHandlers.ofString());
      for (JsonNode target : JSON.readTree(list.body())) {
        if (target.path("type").asText().equals("page")) {
          return target.path("webSocketDebuggerUrl").asText();
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("Chromium has no page");
  }

  /** Counts one, and keeps when. */
  void count(Sky client) {
    countedMs.add(nowMs());
    client.counter(KEY, 1);
  }

  private static double nowMs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
  }

  /** Waits until the chart shows what was counted so far, and begins to look at it. */
  boolean look() throws InterruptedException {
    return awaitShown(
            "Math.round((globalThis.sky?.charts()[0]?.drawn?.lines[0]?.values ?? [])"
                + ".reduce((sum, value) => sum + (value || 0), 0))")
        && evaluate(LOOK).asBoolean();
  }

  private boolean awaitShown(String expression) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NS;
    while (System.nanoTime() < end) {
      if (Math.round(evaluate(expression).asDouble()) == countedMs.size()) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return false;
  }

  /**
   * How long each count since {@link #look} took to be drawn, in microseconds; null where one never
   * was.
   */
  @Nullable Histogram drawnAfterUs(int since) throws InterruptedException, IOException {
    if (!awaitShown("globalThis.seen.at(-1)?.[1] ?? 0")) {
      return null;
    }
    JsonNode seen = JSON.readTree(evaluate("JSON.stringify(globalThis.seen)").asText());
    Histogram us = new Histogram(3);
    int at = 0;
    for (int n = since; n < countedMs.size(); n++) {
      while (seen.get(at).get(1).asInt() < n + 1) {
        at++;
      }
      us.recordValue(
          Math.max(0, (long) (1e3 * (seen.get(at).get(0).asDouble() - countedMs.get(n)))));
    }
    return us;
  }

  private JsonNode evaluate(String expression) {
    asked++;
    CompletableFuture<JsonNode> mine = new CompletableFuture<>();
    answer = mine;
    ObjectNode command = JSON.createObjectNode().put("id", asked).put("method", "Runtime.evaluate");
    command.putObject("params").put("expression", expression).put("returnByValue", true);
    devTools.sendText(command.toString(), true).join();
    return mine.join().path("result").path("result").path("value");
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          JsonNode said = JSON.readTree(text.toString());
          if (said.path("id").asInt() > 0) {
            answer.complete(said);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void close() {
    devTools.abort();
    chromium.descendants().forEach(ProcessHandle::destroy);
    chromium.destroy();
  }
}
