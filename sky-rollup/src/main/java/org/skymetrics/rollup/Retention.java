package org.skymetrics.rollup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long each level of history is kept; {@link #FOR_EVER} is longer than anything.
 *
 * @param periods the base periods
 * @param fiveMinutes the level of 5 minutes
 * @param hours the level of 1 hour
 * @param days the level of 1 day
 */
public record Retention(Duration periods, Duration fiveMinutes, Duration hours, Duration days) {
  /** Nothing is removed. */
  public static final Duration FOR_EVER = Duration.ofDays(365_000);

  /** Keeps all. */
  public static final Retention ALL = new Retention(FOR_EVER, FOR_EVER, FOR_EVER, FOR_EVER);

  private static final List<String> LEVELS = List.of("period", "5m", "1h", "1d");
  private static final Pattern TIME = Pattern.compile("(\\d{1,5})([hdwy])");

  public Retention {
    List<String> faults = new ArrayList<>();
    requireOrder(faults, "period", periods, "5m", fiveMinutes);
    requireOrder(faults, "5m", fiveMinutes, "1h", hours);
    requireOrder(faults, "1h", hours, "1d", days);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  /**
   * Reads {@code period=30d,5m=1y,1h=5y}: of each level that is named how long it is kept, as a
   * number of {@code h}, {@code d}, {@code w} or {@code y} (365 days). A level that is not named is
   * kept as long as the next one above it that is, and for ever where there is none.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static Retention parse(String text) {
    Map<String, Duration> named = new HashMap<>();
    for (String part : text.split(",", -1)) {
      String[] sides = part.trim().split("=", -1);
      if (sides.length != 2 || !LEVELS.contains(sides[0])) {
        throw new IllegalArgumentException(
            "LEVEL=TIME,... with levels " + String.join(", ", LEVELS) + ", not \"" + part + "\"");
      }
      if (named.put(sides[0], duration(sides[1])) != null) {
        throw new IllegalArgumentException(sides[0] + " is there twice");
      }
    }
    Duration days = named.getOrDefault("1d", FOR_EVER);
    Duration hours = named.getOrDefault("1h", days);
    Duration fiveMinutes = named.getOrDefault("5m", hours);
    return new Retention(named.getOrDefault("period", fiveMinutes), fiveMinutes, hours, days);
  }

  private static Duration duration(String text) {
    Matcher match = TIME.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "a time to keep is a number with h, d, w or y (30d, 1y), not \"" + text + "\"");
    }
    long n = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "h" -> Duration.ofHours(n);
      case "d" -> Duration.ofDays(n);
      case "w" -> Duration.ofDays(7 * n);
      default -> Duration.ofDays(365 * n);
    };
  }

  private static void requireOrder(
      List<String> faults, String finer, Duration kept, String coarser, Duration longer) {
    if (kept.compareTo(longer) > 0) {
      faults.add(
          finer
              + " is kept "
              + kept.toDays()
              + " days, longer than "
              + coarser
              + " with "
              + longer.toDays());
    }
  }
}
