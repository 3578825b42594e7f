package org.skymetrics.rollup;

import java.util.Map;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;

/** A rollup without its thread, whose turns are made from outside. */
public final class SimulatedRollup {
  private final Rollup rollup;

  public SimulatedRollup(
      RollupConfig config, PeriodStore periods, HistoryStore history, Clock clock) {
    rollup = Rollup.create(config, periods, history, clock);
  }

  /** One turn, with regard to leases; gives how long it rests after it, ns. */
  public long turn() {
    return rollup.turn();
  }

  /** One pass without regard to leases, as {@code sky rollup --once} makes it. */
  public void runOnce() {
    rollup.runOnce();
  }

  public Map<RollupCounter, Long> counters() {
    return rollup.counters();
  }
}
