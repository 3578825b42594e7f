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
import org.skymetrics.common.cell.Kind;

/** Asks a server's HTTP. */
public final class Asked {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Asked() {}

  public static HttpResponse<String> get(String address, String path) throws IOException {
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

  public static JsonNode json(String address, String path) throws IOException {
    return JSON.readTree(get(address, path).body());
  }

  /** The points of a counter from a time on, in epoch seconds. */
  public static JsonNode series(String http, String key, long from) throws IOException {
    return series(http, Kind.COUNTER, key, from);
  }

  private static JsonNode series(String http, Kind kind, String key, long from) throws IOException {
    String series = URLEncoder.encode(kind.label() + ":" + key, StandardCharsets.UTF_8);
    return json(http, "/api/series?series=" + series + "&from=" + from + "&to=now&points=20000");
  }

  public static long total(JsonNode answer) {
    return answer.path("series").path(0).path("total").asLong();
  }

  /** One of a server's own counters. */
  public static long counter(String admin, String name) throws IOException {
    return json(admin, "/status").path("counters").path(name).asLong();
  }

  /** Whether all points of a counter are in history. */
  public static boolean isInHistory(String http, String key, long from) {
    return isInHistory(http, Kind.COUNTER, key, from);
  }

  /** Whether all points of a series are in history: none is open. */
  public static boolean isInHistory(String http, Kind kind, String key, long from) {
    try {
      JsonNode points = series(http, kind, key, from).path("series").path(0).path("points");
      return !points.isEmpty() && points.findValues("open").stream().noneMatch(JsonNode::asBoolean);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for something that will be so before long. */
  public static void until(String what, BooleanSupplier isSo) {
    until(what, PATIENCE, isSo);
  }

  public static void until(String what, Duration patience, BooleanSupplier isSo) {
    long end = System.nanoTime() + patience.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
