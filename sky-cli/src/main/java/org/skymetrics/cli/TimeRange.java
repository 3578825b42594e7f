package org.skymetrics.cli;

import java.util.function.LongSupplier;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.time.Period;
import org.skymetrics.ui.query.TimeText;
import picocli.CommandLine.Option;

/** The part of history that a command works on. */
final class TimeRange {
  private static final long REST_MS = 15 * 60_000;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      defaultValue = "",
      description =
          "The start: epoch seconds, or back from now: -7d. Default: the first day that there is.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      defaultValue = "",
      description = "The end. Default: 15 minutes ago, when all has come to rest.")
  private String to = "";

  /** From when, ms: the start of a period. */
  long fromMs(long nowMs, Period period, LongSupplier begin) {
    return period.startOf(from.isEmpty() ? begin.getAsLong() : read("--from", from, nowMs));
  }

  /** Up to when, ms: the start of a period. */
  long toMs(long nowMs, Period period) {
    return period.startOf(to.isEmpty() ? nowMs - REST_MS : read("--to", to, nowMs));
  }

  private static long read(String name, String text, long nowMs) {
    try {
      return TimeText.instantMs(name, text, nowMs);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
