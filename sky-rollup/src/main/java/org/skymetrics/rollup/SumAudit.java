package org.skymetrics.rollup;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the sums that the period store kept beside its mailboxes with those of the batches that
 * history got from it. History is right in any case; a difference says that the period store was
 * rolled back, or that its sums were touched.
 *
 * <p>Only a place at rest can be compared. The block is read before the sums and again after the
 * mailbox was seen empty: where both have the same names, no batch came in between that only one
 * side counts. Where sums differ the files above are asked too: a block that came again after the
 * first went into those has only what came late.
 */
final class SumAudit {
  private static final Logger LOG = LoggerFactory.getLogger(SumAudit.class);

  private final PeriodStore periods;
  private final BlockShelf blocks;
  private final Retirement retirement;
  private final Counters counters;
  private final FirstTimes firstTimes;
  private final Clock clock;
  private final long horizonMs;

  SumAudit(
      PeriodStore periods,
      BlockShelf blocks,
      Retirement retirement,
      Counters counters,
      FirstTimes firstTimes,
      Clock clock,
      long horizonMs) {
    this.periods = periods;
    this.blocks = blocks;
    this.retirement = retirement;
    this.counters = counters;
    this.firstTimes = firstTimes;
    this.clock = clock;
    this.horizonMs = horizonMs;
  }

  /** Compares one place; {@code before} is its block as it was read last. */
  void compare(ShardPeriod place, Block before) throws DamagedValueException {
    if (place.startMs() < clock.wallMs() - horizonMs) {
      return;
    }
    Map<Key, Long> sums = periods.counters(place);
    if (!periods.mailbox(place).isEmpty()) {
      return;
    }
    Set<BatchName> names = before.batches().keySet();
    Map<BatchName, BatchState> states = periods.states(place, names);
    Block after = blocks.read(Set.of(place)).getOrDefault(place, Block.empty(place));
    if (!after.batches().keySet().equals(names)) {
      return;
    }
    if (!names.stream().allMatch(name -> states.get(name) == BatchState.DONE)) {
      report(
          RollupCounter.PERIODS_FORGOTTEN,
          place,
          "has forgotten batches that history holds; it was rolled back or wiped");
      return;
    }
    if (sumsAreWhole(place) && !areSame(sums, after) && retirement.isWhole(after)) {
      report(
          RollupCounter.PERIODS_DIFFERENT,
          place,
          "has sums that differ from those of the batches in history, which are right");
    }
  }

  /** Not those of which the store may have forgotten the first: half its time, if clocks differ. */
  private boolean sumsAreWhole(ShardPeriod place) {
    return place.startMs() >= clock.wallMs() - PeriodStore.SUMS_RETENTION.toMillis() / 2;
  }

  private void report(RollupCounter counter, ShardPeriod place, String what) {
    if (firstTimes.isFirst(counter + " " + place)) {
      counters.count(counter);
      LOG.warn(
          "{} {} (shard {}, period {})",
          periods.describe(),
          what,
          place.shard(),
          place.startMs() / 1000);
    }
  }

  private static boolean areSame(Map<Key, Long> sums, Block block) throws DamagedValueException {
    try {
      return block.batches().size() == 1
          ? areSame(sums, block.batches().values().iterator().next())
          : areSame(sums, sums(block));
    } catch (CorruptException e) {
      throw new DamagedValueException(
          RollupCounter.BATCHES_DAMAGED, Block.historyKey(block.place()) + ": " + e.getMessage());
    }
  }

  /** The usual case: with one batch there is nothing to add up. */
  private static boolean areSame(Map<Key, Long> sums, Batch batch) throws CorruptException {
    Comparison comparison = new Comparison(sums);
    batch.forEach(
        (series, cell) -> {
          if (cell instanceof CounterCell counter) {
            comparison.compare(series.key(), counter.sum());
          }
        });
    return comparison.isSame();
  }

  private static boolean areSame(Map<Key, Long> sums, Map<Key, Long> others) {
    Comparison comparison = new Comparison(sums);
    others.forEach(comparison::compare);
    return comparison.isSame();
  }

  private static Map<Key, Long> sums(Block block) throws CorruptException {
    Map<Key, Long> sums = new HashMap<>();
    for (Batch batch : block.batches().values()) {
      batch.forEach(
          (series, cell) -> {
            if (cell instanceof CounterCell counter) {
              sums.merge(series.key(), counter.sum(), Long::sum);
            }
          });
    }
    return sums;
  }

  /** Whether others, each compared once, are all that differs from 0 in some sums. */
  private static final class Comparison {
    private final Map<Key, Long> sums;
    private boolean differs;
    private int counting;

    Comparison(Map<Key, Long> sums) {
      this.sums = sums;
    }

    /** A store need not hold a counter that stands at 0. */
    void compare(Key key, long sum) {
      differs |= sums.getOrDefault(key, 0L) != sum;
      counting += sum == 0 ? 0 : 1;
    }

    boolean isSame() {
      int counts = 0;
      for (long sum : sums.values()) {
        counts += sum == 0 ? 0 : 1;
      }
      return !differs && counts == counting;
    }
  }
}
