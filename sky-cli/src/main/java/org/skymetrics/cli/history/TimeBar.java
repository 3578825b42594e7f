package org.skymetrics.cli.history;

import java.time.Instant;
import java.util.Locale;

/** A stretch of time, for people. */
final class TimeBar {
  private static final int BAR = 20;

  private TimeBar() {}

  /** What was done, how far it is between two times, and where. */
  static String progress(String done, long fromMs, long toMs, long atMs) {
    double share =
        toMs > fromMs ? Math.max(0, Math.min(1, (atMs - fromMs) / (double) (toMs - fromMs))) : 0;
    int full = (int) (share * BAR);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f %% %s up to %s",
        "#".repeat(full),
        "-".repeat(BAR - full),
        100 * share,
        done,
        atMs == 0 ? "the beginning" : Instant.ofEpochMilli(atMs));
  }
}
