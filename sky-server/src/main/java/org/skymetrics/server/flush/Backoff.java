package org.skymetrics.server.flush;

import java.time.Duration;

/** How long to wait after a failure: doubled each time, up to a limit. One thread. */
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** How long to wait now. */
  Duration failed() {
    Duration wait = next;
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(longest) < 0 ? twice : longest;
    return wait;
  }

  void succeeded() {
    next = first;
  }
}
