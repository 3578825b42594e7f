package org.skymetrics.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.skymetrics.simulation.Simulation.Outcome;

/** What happened in many runs together. */
final class Tally {
  private final long startNs = System.nanoTime();
  private long runs;
  private long exact;
  private long events;
  private final World.Counts sum = new World.Counts();

  void add(Outcome outcome) {
    World.Counts counts = outcome.counts();
    runs++;
    exact += outcome.scenario().isExact() ? 1 : 0;
    events += outcome.events();
    sum.calls += counts.calls;
    sum.faults += counts.faults;
    sum.deaths += counts.deaths;
    sum.starts += counts.starts;
    sum.machineCrashes += counts.machineCrashes;
    sum.reads += counts.reads;
    sum.wholeReads += counts.wholeReads;
    sum.readsFailed += counts.readsFailed;
    sum.packets += counts.packets;
    sum.resent += counts.resent;
    sum.renumbered += counts.renumbered;
    sum.ambiguous += counts.ambiguous;
    sum.secondsToRest += counts.secondsToRest;
  }

  /** That nothing is lost proves nothing where nothing was done. */
  void requireThatMuchHappened() {
    assertThat(sum.calls).isGreaterThan(50 * runs);
    assertThat(sum.faults).isGreaterThan(5 * runs);
    assertThat(sum.deaths).isGreaterThan(2 * runs);
    assertThat(sum.reads).isGreaterThan(runs);
    assertThat(sum.wholeReads).isPositive();
    assertThat(sum.resent).isGreaterThan(runs);
    assertThat(sum.renumbered).isPositive();
  }

  @Override
  public String toString() {
    return String.format(
        "%d seeds (%d exact) in %.1f s: %d events, %d faults, %d deaths, %d starts of servers,"
            + " %d crashes of machines; %d calls in %d packets, %d sent again, %d renumbered,"
            + " %d given up; %d reads (%d whole, %d failed); %.1f s to rest",
        runs,
        exact,
        (System.nanoTime() - startNs) / 1e9,
        events,
        sum.faults,
        sum.deaths,
        sum.starts,
        sum.machineCrashes,
        sum.calls,
        sum.packets,
        sum.resent,
        sum.renumbered,
        sum.ambiguous,
        sum.reads,
        sum.wholeReads,
        sum.readsFailed,
        (double) sum.secondsToRest / Math.max(1, runs));
  }
}
