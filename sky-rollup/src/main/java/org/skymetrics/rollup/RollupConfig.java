package org.skymetrics.rollup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How a rollup runs.
 *
 * @param holder the name under which it takes leases, unique among the rollups of a store
 * @param pollInterval how often it looks for mailboxes that are not empty
 * @param maxBackoff the longest that it waits before it asks a store again that was away
 * @param leaseLength how long a shard stays with a rollup that died; a lease saves work, nothing
 *     depends on it
 * @param auditHorizon how old a period may be for the period store's sums still to be compared with
 *     history; not longer than the period store keeps them
 * @param compactionInterval how often it looks whether blocks are to be made into columns
 * @param lateHorizon how old a count may be when it arrives: blocks are kept as long
 * @param keep how long each level of history is kept
 */
public record RollupConfig(
    String holder,
    Duration pollInterval,
    Duration maxBackoff,
    Duration leaseLength,
    Duration auditHorizon,
    Duration compactionInterval,
    Duration lateHorizon,
    Retention keep) {

  private static final Duration LEAST_KEPT = Duration.ofDays(2);

  public RollupConfig {
    List<String> faults = new ArrayList<>();
    if (holder.isBlank()) {
      faults.add("holder is empty; it must name this rollup");
    }
    requirePositive(faults, "pollInterval", pollInterval);
    requirePositive(faults, "maxBackoff", maxBackoff);
    requirePositive(faults, "leaseLength", leaseLength);
    if (auditHorizon.isNegative()) {
      faults.add("auditHorizon is " + auditHorizon + "; it must be 0 or more");
    }
    requirePositive(faults, "compactionInterval", compactionInterval);
    requirePositive(faults, "lateHorizon", lateHorizon);
    if (keep.periods().compareTo(lateHorizon.plus(LEAST_KEPT)) < 0) {
      faults.add(
          "keep has periods for "
              + keep.periods()
              + "; it must be 2 days longer than the late horizon of "
              + lateHorizon);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static void requirePositive(List<String> faults, String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      faults.add(name + " is " + value + "; it must be more than 0");
    }
  }

  public static RollupConfig defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; each has a default. */
  public static final class Builder {
    private String holder = "rollup-" + UUID.randomUUID();
    private Duration pollInterval = Duration.ofMillis(500);
    private Duration maxBackoff = Duration.ofSeconds(30);
    private Duration leaseLength = Duration.ofSeconds(10);
    private Duration auditHorizon = Duration.ofHours(24);
    private Duration compactionInterval = Duration.ofSeconds(10);
    private Duration lateHorizon = Duration.ofHours(24);
    private Retention keep = Retention.ALL;

    private Builder() {}

    public Builder holder(String name) {
      holder = name;
      return this;
    }

    public Builder pollInterval(Duration interval) {
      pollInterval = interval;
      return this;
    }

    public Builder maxBackoff(Duration backoff) {
      maxBackoff = backoff;
      return this;
    }

    public Builder leaseLength(Duration length) {
      leaseLength = length;
      return this;
    }

    public Builder auditHorizon(Duration horizon) {
      auditHorizon = horizon;
      return this;
    }

    public Builder compactionInterval(Duration interval) {
      compactionInterval = interval;
      return this;
    }

    public Builder lateHorizon(Duration horizon) {
      lateHorizon = horizon;
      return this;
    }

    public Builder keep(Retention retention) {
      keep = retention;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming all that is wrong
     */
    public RollupConfig build() {
      return new RollupConfig(
          holder,
          pollInterval,
          maxBackoff,
          leaseLength,
          auditHorizon,
          compactionInterval,
          lateHorizon,
          keep);
    }
  }
}
