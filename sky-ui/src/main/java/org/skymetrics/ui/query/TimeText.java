package org.skymetrics.ui.query;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times and durations as people write them: {@code now}, {@code -1h}, {@code 1700000000}; {@code
 * 5m}, {@code 1d}. The one place that reads them.
 */
public final class TimeText {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,10})(s|m|h|d|w)?");
  private static final Pattern EPOCH = Pattern.compile("[0-9]{1,10}");
  private static final Pattern TOO_LONG_EPOCH = Pattern.compile("[0-9]{11,19}");

  private TimeText() {}

  /**
   * The instant that {@code text} says, ms since 1970.
   *
   * @param name of the parameter, for the sentence
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static long instantMs(String name, String text, long nowMs) {
    if (text.equals("now")) {
      return nowMs;
    }
    if (text.startsWith("-")) {
      Matcher matcher = DURATION.matcher(text.substring(1));
      if (matcher.matches() && matcher.group(2) != null) {
        long instant = nowMs - lengthMs(matcher);
        if (instant >= 0) {
          return instant;
        }
        throw new IllegalArgumentException(
            name + "=" + shown(text) + " is before 1970; give a shorter time back");
      }
    } else if (EPOCH.matcher(text).matches()) {
      return Long.parseLong(text) * 1000;
    } else if (TOO_LONG_EPOCH.matcher(text).matches()) {
      throw new IllegalArgumentException(
          name + "=" + shown(text) + " is too large for seconds since 1970; it may be in ms");
    }
    throw new IllegalArgumentException(
        name
            + " is now, a time back such as -90s, -15m, -1h or -7d, or seconds since 1970; not "
            + shown(text));
  }

  /**
   * The duration that {@code text} says, ms; a bare number is in seconds.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static long durationMs(String name, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long ms = lengthMs(matcher);
      if (ms > 0) {
        return ms;
      }
    }
    throw new IllegalArgumentException(
        name + " is a duration such as 10s, 1m, 5m, 1h or 1d, not " + shown(text));
  }

  private static long lengthMs(Matcher matcher) {
    long unitMs =
        switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
          case "m" -> 60_000L;
          case "h" -> 3_600_000L;
          case "d" -> 86_400_000L;
          case "w" -> 604_800_000L;
          default -> 1000L;
        };
    return Long.parseLong(matcher.group(1)) * unitMs;
  }

  /** A duration in the largest unit that it is a multiple of: {@code 5m}. */
  public static String duration(long ms) {
    long seconds = ms / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** What someone gave, quoted and short enough for a sentence. */
  public static String shown(String text) {
    String part = text.length() <= 60 ? text : text.substring(0, 57) + "...";
    StringBuilder shown = new StringBuilder("\"");
    part.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.append('"').toString();
  }
}
