package org.skymetrics.simulation;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.rollup.RollupCounter;
import org.skymetrics.rollup.SimulatedRollup;
import org.skymetrics.server.fixture.CrashingFiles.Crash;
import org.skymetrics.store.StoreException;

/** A rollup, started again whenever it dies. */
final class RollupHost {
  private static final long REST_NS = 300_000_000L;

  private final World world;
  private final String name;
  private final NodeClock clock;
  private Life life = new Life();
  private StoreGate gate;
  private SimulatedRollup rollup;
  private int starts;

  RollupHost(World world, String name, NodeClock clock) {
    this.world = world;
    this.name = name;
    this.clock = clock;
  }

  NodeClock clock() {
    return clock;
  }

  void start() {
    Life mine = new Life();
    life = mine;
    gate = new StoreGate(world, name, mine, this::kill);
    RollupConfig config =
        RollupConfig.builder()
            .holder(name + "." + ++starts)
            .maxBackoff(Duration.ofSeconds(5))
            .leaseLength(Duration.ofSeconds(3))
            .compactionInterval(Duration.ofSeconds(2))
            .lateHorizon(Duration.ofSeconds(5))
            .build();
    SimulatedRollup started =
        new SimulatedRollup(
            config,
            gate.periods(world.newPeriodStore()),
            gate.history(world.parts().ofRollup(world.newHistoryStore())),
            clock);
    rollup = started;
    turnIn(mine, started, (long) (world.random().nextDouble() * 5e8));
  }

  private void turnIn(Life mine, SimulatedRollup turning, long ns) {
    world
        .timeline()
        .in(
            ns,
            () -> {
              if (mine.isOver()) {
                return;
              }
              long restNs = 0;
              try {
                restNs = turn(turning);
              } catch (Crash e) {
                // It is dead, and another is started in its time.
                world.timeline().throwIfBroken();
              }
              world.timeline().throwIfBroken();
              if (!mine.isOver()) {
                turnIn(mine, turning, Math.max(1_000_000, restNs));
              }
            });
  }

  /** Half as the thread does; leases only save work, so half without regard to them. */
  private long turn(SimulatedRollup turning) {
    if (world.random().nextBoolean()) {
      return turning.turn();
    }
    try {
      turning.runOnce();
    } catch (StoreException e) {
      world.timeline().trace(name + " finds a store away", 0, 0);
    }
    return REST_NS;
  }

  /** It dies, wherever it is, and is started again after a while. */
  void kill() {
    if (life.isOver()) {
      return;
    }
    world.timeline().trace(name + " dies", 0, 0);
    world.counts.deaths++;
    check();
    life.end();
    Random random = world.random();
    world.timeline().in((long) (random.nextDouble() * 3e9), this::start);
  }

  void dieAfter(int calls) {
    gate.dieAfter(calls);
  }

  void check() {
    Map<RollupCounter, Long> counters = rollup.counters();
    for (RollupCounter never :
        new RollupCounter[] {
          RollupCounter.BLOCKS_DAMAGED,
          RollupCounter.CATALOGS_DAMAGED,
          RollupCounter.CHUNKS_DAMAGED,
          RollupCounter.BATCHES_PAST_RETENTION,
          RollupCounter.KEY_LISTS_DAMAGED,
          RollupCounter.BATCHES_FOREIGN,
          RollupCounter.BATCHES_DAMAGED,
          RollupCounter.BATCHES_IN_CONFLICT,
          RollupCounter.WINDOWS_FAILED,
        }) {
      if (counters.getOrDefault(never, 0L) > 0 && !life.isOver()) {
        throw world.timeline().fail(name + " counted " + never);
      }
    }
    if (!world.redisWasHarmed && counters.getOrDefault(RollupCounter.PERIODS_DIFFERENT, 0L) > 0) {
      throw world.timeline().fail(name + " found sums that differ from those of history");
    }
  }
}
