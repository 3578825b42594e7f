package org.skymetrics.cli.accesslog;

import org.jspecify.annotations.Nullable;

/**
 * One request, as a line of an access log in combined or common format tells it:
 *
 * <pre>{@code
 * host ident user [time] "METHOD /path HTTP/1.1" status size "referer" "agent"
 * }</pre>
 *
 * <p>Only what is counted is looked at, so lines with more in front or behind are read as well. A
 * request that does not begin with a method (a TLS hello sent to a plain port, say) is still a
 * request: its method is {@link #OTHER_METHOD}.
 *
 * @param status the three digits, 0 to 999
 * @param method letters, {@code -} and {@code _}, 20 at most
 * @param sizeBytes the size of the answer, {@link #NO_SIZE} where the log has {@code -}
 */
public record AccessLogLine(int status, String method, long sizeBytes) {
  public static final String OTHER_METHOD = "OTHER";
  public static final long NO_SIZE = -1;

  private static final int MAX_METHOD_LENGTH = 20;
  private static final int MAX_SIZE_DIGITS = 18;

  /** Reads a line; null where it is not one of an access log. Takes any text. */
  public static @Nullable AccessLogLine parse(String line) {
    int time = line.indexOf('[');
    int request = time < 0 ? -1 : line.indexOf("] \"", time);
    if (request < 0) {
      return null;
    }
    int start = request + 3;
    // A quote ends the request where it is not escaped and a status and a size follow.
    for (int quote = line.indexOf('"', start); quote >= 0; quote = line.indexOf('"', quote + 1)) {
      if (!isEscaped(line, start, quote)) {
        AccessLogLine read = parseTail(line, start, quote);
        if (read != null) {
          return read;
        }
      }
    }
    return null;
  }

  private static boolean isEscaped(String line, int start, int quote) {
    int slashes = 0;
    while (quote - 1 - slashes >= start && line.charAt(quote - 1 - slashes) == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }

  /** Reads {@code " 200 1234"} behind the quote that ends the request. */
  private static @Nullable AccessLogLine parseTail(String line, int requestStart, int quote) {
    int at = quote + 1;
    if (at + 5 >= line.length() || line.charAt(at) != ' ' || line.charAt(at + 4) != ' ') {
      return null;
    }
    int status = 0;
    for (int i = at + 1; i < at + 4; i++) {
      if (!isDigit(line.charAt(i))) {
        return null;
      }
      status = status * 10 + (line.charAt(i) - '0');
    }
    int sizeStart = at + 5;
    int sizeEnd = line.indexOf(' ', sizeStart);
    long size = parseSize(line, sizeStart, sizeEnd < 0 ? line.length() : sizeEnd);
    return size < NO_SIZE
        ? null
        : new AccessLogLine(status, method(line, requestStart, quote), size);
  }

  /** The size, {@link #NO_SIZE} for {@code -}, less where it is neither. */
  private static long parseSize(String line, int start, int end) {
    if (end - start == 1 && line.charAt(start) == '-') {
      return NO_SIZE;
    }
    if (end == start || end - start > MAX_SIZE_DIGITS) {
      return Long.MIN_VALUE;
    }
    long size = 0;
    for (int i = start; i < end; i++) {
      if (!isDigit(line.charAt(i))) {
        return Long.MIN_VALUE;
      }
      size = size * 10 + (line.charAt(i) - '0');
    }
    return size;
  }

  private static String method(String line, int start, int end) {
    int stop = start;
    while (stop < end && isMethodChar(line.charAt(stop))) {
      stop++;
    }
    boolean whole = stop == end || line.charAt(stop) == ' ';
    boolean fits = stop > start && stop - start <= MAX_METHOD_LENGTH;
    return whole && fits && isLetter(line.charAt(start))
        ? line.substring(start, stop)
        : OTHER_METHOD;
  }

  private static boolean isMethodChar(char c) {
    return isLetter(c) || c == '-' || c == '_';
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
