package org.skymetrics.server.statsd;

import org.jspecify.annotations.Nullable;

/**
 * Which of two meanings a listener gives to lines that both families of servers read differently.
 */
public enum Dialect {
  /** The original: a gauge with a sign is a change of its value. */
  STATSD,
  /** Datadog's: a gauge with a sign is an absolute value. */
  DOGSTATSD;

  /** The dialect that an option spells, or null. */
  public static @Nullable Dialect parse(String text) {
    return switch (text) {
      case "statsd" -> STATSD;
      case "dogstatsd" -> DOGSTATSD;
      default -> null;
    };
  }
}
