package org.skymetrics.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * An access log, and what it holds.
 *
 * @param totals of the counters that it makes
 */
record AccessLog(Path path, Map<String, Long> totals) {

  /** The log of a real site, where it is beside the repository. */
  static AccessLog real() {
    Map<String, Long> totals = new LinkedHashMap<>();
    totals.put("http_status", 10_000L);
    totals.put("http_status|200", 9126L);
    totals.put("http_status|304", 445L);
    totals.put("http_status|404", 213L);
    totals.put("http_status|301", 164L);
    totals.put("http_status|206", 45L);
    totals.put("http_status|500", 3L);
    totals.put("http_status|416", 2L);
    totals.put("http_status|403", 2L);
    totals.put("http_bytes", 2_747_282_740L);
    return new AccessLog(realPath(), totals);
  }

  private static Path realPath() {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !Files.exists(root.resolve("sky"))) {
      root = root.getParent();
    }
    Path beside = Path.of("..", "shared", "data", "access.log.gz");
    Path found = root == null ? beside : root.resolve(beside).normalize();
    // In a working copy that is one folder deeper.
    Path deeper = root == null ? beside : root.resolve("..").resolve(beside).normalize();
    return Files.exists(found) ? found : deeper;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** A log made up, of so many lines. */
  static AccessLog madeUp(Path folder, int lines, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Long> totals = new TreeMap<>();
    StringBuilder text = new StringBuilder();
    int[] statuses = {200, 200, 200, 200, 304, 301, 404, 500};
    String[] methods = {"GET", "GET", "GET", "HEAD", "POST"};
    for (int i = 0; i < lines; i++) {
      int status = statuses[random.nextInt(statuses.length)];
      String method = methods[random.nextInt(methods.length)];
      long size = random.nextInt(5) == 0 ? -1 : random.nextLong(3_000_000);
      text.append("10.0.0.1 - - [22/Nov/2026:10:05:03 +0000] \"")
          .append(method)
          .append(" /a HTTP/1.1\" ")
          .append(status)
          .append(' ')
          .append(size < 0 ? "-" : Long.toString(size))
          .append(" \"-\" \"made up\"\n");
      totals.merge("http_status", 1L, Long::sum);
      totals.merge("http_status|" + status, 1L, Long::sum);
      totals.merge("http_method", 1L, Long::sum);
      totals.merge("http_method|" + method, 1L, Long::sum);
      totals.merge("http_bytes", Math.max(0, size), Long::sum);
    }
    return new AccessLog(Files.writeString(folder.resolve("access.log"), text), totals);
  }
}
