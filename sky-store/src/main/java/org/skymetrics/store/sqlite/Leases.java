package org.skymetrics.store.sqlite;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.skymetrics.common.time.Clock;

/**
 * Leases among the parts of one process. They are not stored: only one process has the period store
 * of a data directory, and what it held is free when it is gone.
 */
final class Leases {
  private final Clock clock;
  private final Map<String, Lease> byName = new HashMap<>();

  Leases(Clock clock) {
    this.clock = clock;
  }

  private record Lease(String holder, long untilNs) {}

  synchronized boolean take(String name, String holder, Duration length) {
    long now = clock.monotonicNs();
    byName.values().removeIf(lease -> lease.untilNs - now <= 0);
    Lease present = byName.get(name);
    if (present != null && !present.holder.equals(holder)) {
      return false;
    }
    byName.put(name, new Lease(holder, now + length.toNanos()));
    return true;
  }

  synchronized void release(String name, String holder) {
    byName.computeIfPresent(name, (n, lease) -> lease.holder.equals(holder) ? null : lease);
  }
}
