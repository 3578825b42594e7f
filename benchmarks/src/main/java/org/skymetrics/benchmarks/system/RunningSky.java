package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code sky standalone} in a process of its own, from the sources around the working directory.
 */
final class RunningSky implements AutoCloseable {
  /** The first of the ports it takes; the property lets two be measured on one machine. */
  static final int PORT = Integer.getInteger("sky.benchmark.port", 18125);

  static final String UDP = "127.0.0.1:" + PORT;
  private static final String ADMIN = "127.0.0.1:" + (PORT + 1);
  private static final int HTTP_PORT = PORT + 55;
  static final String HTTP = "127.0.0.1:" + HTTP_PORT;
  private static final Duration START = Duration.ofMinutes(5);
  private static final long STOP_SECONDS = 120;

  /** How often a server is asked again that was too busy to answer. */
  private static final int MOST_TRIES = 60;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;

  private RunningSky(Process process) {
    this.process = process;
  }

  /** Starts it on this data directory, and waits until it is ready. */
  static RunningSky start(Path data, String javaOptions, List<String> more)
      throws IOException, InterruptedException {
    requireNoOther();
    Started.endsWithThis();
    List<String> command =
        new ArrayList<>(
            List.of("./sky", "standalone", "--udp", UDP, "--admin", ADMIN, "--http", HTTP));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(more);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(data.resolveSibling("sky.log").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("SKY_JAVA_OPTS", javaOptions);
    RunningSky sky = new RunningSky(builder.start());
    long end = System.nanoTime() + START.toNanos();
    while (!sky.isReady()) {
      if (!sky.process.isAlive() || System.nanoTime() > end) {
        throw new IOException("sky standalone did not start; see sky.log beside " + data);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return sky;
  }

  /** Another one's answers would be taken for those of the one that is started. */
  private static void requireNoOther() throws IOException {
    try {
      new ServerSocket(HTTP_PORT, 1, InetAddress.getLoopbackAddress()).close();
    } catch (BindException e) {
      throw new IOException(
          "another program is at " + HTTP + "; -Dsky.benchmark.port=N names other ports", e);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get(HTTP, "/readyz").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  ProcFigures figures() {
    return new ProcFigures(process.pid());
  }

  long pid() {
    return process.pid();
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM, and waits for the end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The points of counters from a time on, at a resolution: by key, then by time in seconds. */
  Map<String, Map<Long, Long>> counters(List<String> keys, long fromSeconds, String resolution)
      throws InterruptedException {
    Map<String, Map<Long, Long>> found = new HashMap<>();
    for (int i = 0; i < keys.size(); i += 100) {
      StringBuilder query = new StringBuilder("/api/series?format=csv&from=" + fromSeconds);
      query.append("&to=now&resolution=").append(resolution);
      for (String key : keys.subList(i, Math.min(keys.size(), i + 100))) {
        query
            .append("&series=")
            .append(URLEncoder.encode("counter:" + key, StandardCharsets.UTF_8));
      }
      readCsv(query.toString(), found);
    }
    return found;
  }

  /** What was counted in a counter since yesterday. */
  long total(String key) throws InterruptedException {
    return counters(List.of(key), System.currentTimeMillis() / 1000 - 86_400, "1d")
        .values()
        .stream()
        .flatMap(points -> points.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private void readCsv(String path, Map<String, Map<Long, Long>> found)
      throws InterruptedException {
    try {
      HttpResponse<String> answer = get(HTTP, path);
      for (int tries = 0; answer.headers().firstValue("Sky-Partial").isPresent(); tries++) {
        if (tries == MOST_TRIES) {
          throw new IOException(path + ": " + answer.headers().firstValue("Sky-Partial"));
        }
        TimeUnit.SECONDS.sleep(1);
        answer = get(HTTP, path);
      }
      if (answer.statusCode() != 200) {
        throw new IOException(answer.statusCode() + ": " + answer.body());
      }
      answer
          .body()
          .lines()
          .skip(1)
          .map(line -> line.split(",", 5))
          .forEach(
              fields ->
                  found
                      .computeIfAbsent(
                          fields[0].replace("\"", "").substring("counter:".length()),
                          k -> new HashMap<>())
                      .put(Long.parseLong(fields[1]), Long.parseLong(fields[3])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The value of one of the server's counters, as {@code /metrics} calls it; 0 where it is not
   * there.
   */
  long metric(String name) throws InterruptedException {
    return metrics().getOrDefault(name, 0.0).longValue();
  }

  /** All that the server tells of itself. */
  Map<String, Double> metrics() throws InterruptedException {
    return metrics(ADMIN);
  }

  /** All that the page's server tells, the rollup in its process among it. */
  Map<String, Double> pageMetrics() throws InterruptedException {
    return metrics(HTTP);
  }

  private Map<String, Double> metrics(String address) throws InterruptedException {
    try {
      Map<String, Double> all = new HashMap<>();
      get(address, "/metrics")
          .body()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .filter(words -> words.length == 2)
          .forEach(words -> all.put(words[0], Double.parseDouble(words[1])));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer of the page's server, whole. */
  byte[] ask(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + HTTP + path)).build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode());
    }
    return answer.body();
  }

  private HttpResponse<String> get(String address, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(Duration.ofSeconds(60))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
