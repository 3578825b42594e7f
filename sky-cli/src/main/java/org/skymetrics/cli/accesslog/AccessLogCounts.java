package org.skymetrics.cli.accesslog;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;

/**
 * What the lines of access logs count: {@code http_status|CODE}, {@code http_method|METHOD}, {@code
 * http_bytes} (the sum of the sizes) and {@code http_response_bytes|METHOD} (their histogram). A
 * line counts at the time it is read; a size of {@code -} adds nothing. Lines that are none of an
 * access log are counted apart, and the first of them is kept to be shown.
 */
public final class AccessLogCounts implements LineSink {
  private static final int SHOWN_CHARS = 120;
  private static final int MAX_KEPT_KEYS = 256;

  private final Sky sky;
  private final Map<String, String> sizeKeys = new HashMap<>();
  private long lines;
  private long unreadable;
  private @Nullable String firstUnreadable;

  public AccessLogCounts(Sky sky) {
    this.sky = sky;
  }

  @Override
  public void line(String line) {
    lines++;
    AccessLogLine read = AccessLogLine.parse(line);
    if (read == null) {
      unreadable(line);
    } else {
      count(read);
    }
  }

  @Override
  public void tooLong() {
    lines++;
    unreadable("longer than " + LineSplitter.MAX_LINE_BYTES + " bytes");
  }

  private void count(AccessLogLine read) {
    sky.counterIn("http_status", read.status());
    sky.counterIn("http_method", read.method());
    if (read.sizeBytes() != AccessLogLine.NO_SIZE) {
      sky.counter("http_bytes", read.sizeBytes());
      sky.histogram(sizeKey(read.method()), (double) read.sizeBytes());
    }
  }

  /** The key for a method. Those that are kept are limited: a log may hold any method. */
  private String sizeKey(String method) {
    String known = sizeKeys.get(method);
    if (known != null) {
      return known;
    }
    String key = "http_response_bytes|" + method;
    if (sizeKeys.size() < MAX_KEPT_KEYS) {
      sizeKeys.put(method, key);
    }
    return key;
  }

  private void unreadable(String line) {
    unreadable++;
    if (firstUnreadable == null) {
      String shown = line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS) + "...";
      firstUnreadable = "line " + lines + ": " + shown.replaceAll("\\p{Cntrl}", "?");
    }
  }

  /** All lines so far, those too that can't be read. */
  public long lines() {
    return lines;
  }

  public long unreadable() {
    return unreadable;
  }

  /** The first line that could not be read, with its number; null where there is none. */
  public @Nullable String firstUnreadable() {
    return firstUnreadable;
  }
}
