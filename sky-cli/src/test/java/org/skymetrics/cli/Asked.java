package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Asks a server's HTTP. */
final class Asked {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Asked() {}

  static HttpResponse<String> get(String address, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  static JsonNode json(String address, String path) throws IOException {
    return JSON.readTree(get(address, path).body());
  }

  /** The total of a counter from a time on, in epoch seconds. */
  static JsonNode series(String http, String key, long from) throws IOException {
    String series = URLEncoder.encode("counter:" + key, StandardCharsets.UTF_8);
    return json(http, "/api/series?series=" + series + "&from=" + from + "&to=now&points=20000");
  }

  static long total(JsonNode answer) {
    return answer.path("series").path(0).path("total").asLong();
  }

  /** One of a server's own counters. */
  static long counter(String admin, String name) throws IOException {
    return json(admin, "/status").path("counters").path(name).asLong();
  }

  /** Whether all points of a counter are in history: none is open. */
  static boolean isInHistory(String http, String key, long from) {
    try {
      JsonNode points = series(http, key, from).path("series").path(0).path("points");
      return !points.isEmpty() && points.findValues("open").stream().noneMatch(JsonNode::asBoolean);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for something that will be so before long. */
  static void until(String what, BooleanSupplier isSo) {
    until(what, PATIENCE, isSo);
  }

  static void until(String what, Duration patience, BooleanSupplier isSo) {
    long end = System.nanoTime() + patience.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
