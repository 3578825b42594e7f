package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.skymetrics.client.Sky;

/**
 * How long the page's search box waits: the whole HTTP answer of {@code /api/search} over 100,000
 * keys that a client counted, one request after the other on one connection.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.SearchTimes [requests]
 * </pre>
 */
public final class SearchTimes {
  private static final int SERVICES = 50;
  private static final int HOSTS = 100;
  private static final int ROUTES = 20;
  private static final int KEYS = SERVICES * HOSTS * ROUTES;
  private static final String LIMIT = "&limit=200";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern KEYS_TOLD = Pattern.compile("\"keys\":(\\d+)");

  /** Of all keys, of many, of few, of none; as in the benchmark of the index alone. */
  private static final List<String> TEXTS = List.of("e", "host-7", "route-13", "nowhere");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private SearchTimes() {}

  /**
   * Runs it.
   *
   * @param arguments how many requests for each text; 500 where nothing is said
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
    Path data = Files.createTempDirectory("sky-search").resolve("data");
    List<String> options = List.of("--max-keys=300000", "--session-keys=300000");
    try (RunningSky sky = RunningSky.start(data, "-Xmx1g", options);
        Sky client = Sky.builder().servers(RunningSky.UDP).keyLimit(2 * KEYS).build()) {
      count(client);
      new SearchTimes().run(requests);
    }
  }

  private static void count(Sky client) {
    for (int service = 0; service < SERVICES; service++) {
      for (int host = 0; host < HOSTS; host++) {
        for (int route = 0; route < ROUTES; route++) {
          client.counter("service-" + service + ">requests|host-" + host + "|route-" + route);
        }
      }
    }
  }

  private void run(int requests) throws IOException, InterruptedException {
    long keys = awaitKeys();
    for (String text : TEXTS) {
      ask(text, requests);
    }
    System.out.printf(Locale.ROOT, "%,d keys, %d requests for each text%n", keys, requests);
    for (String text : TEXTS) {
      ask(text, requests).print(text);
    }
  }

  private long awaitKeys() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Matcher told = KEYS_TOLD.matcher(get("/api/status"));
      if (told.find() && Long.parseLong(told.group(1)) >= KEYS) {
        return Long.parseLong(told.group(1));
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    throw new IOException("the keys do not come");
  }

  private record Times(Histogram us, int length) {
    void print(String text) {
      System.out.printf(
          Locale.ROOT,
          "%-10s ms: median %.1f, 99 %% %.1f, max %.1f; %,d bytes%n",
          text,
          us.getValueAtPercentile(50) / 1e3,
          us.getValueAtPercentile(99) / 1e3,
          us.getMaxValue() / 1e3,
          length);
    }
  }

  private Times ask(String text, int requests) throws IOException, InterruptedException {
    Histogram us = new Histogram(3);
    int length = 0;
    for (int i = 0; i < requests; i++) {
      long began = System.nanoTime();
      length = get("/api/search?q=" + text + LIMIT).length();
      us.recordValue((System.nanoTime() - began) / 1000);
    }
    return new Times(us, length);
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + RunningSky.HTTP + path))
            .timeout(Duration.ofSeconds(60))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }
}
