package org.skymetrics.ui.query;

import java.time.Duration;
import org.skymetrics.common.time.Clock;

/** Until when a question may be worked on. */
final class Deadline {
  private final Clock clock;
  private final long startNs;
  private final Duration limit;

  Deadline(Clock clock, Duration limit) {
    this.clock = clock;
    this.startNs = clock.monotonicNs();
    this.limit = limit;
  }

  void check() {
    if (clock.monotonicNs() - startNs > limit.toNanos()) {
      throw new TooSlowException(
          "reading took longer than "
              + limit.toSeconds()
              + " s; ask for a shorter range or fewer series");
    }
  }
}
