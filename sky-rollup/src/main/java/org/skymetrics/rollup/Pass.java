package org.skymetrics.rollup;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all mailboxes: moves what waits, a window at a time, oldest first; then at what is to
 * be made of blocks, from time to time. A window that can't be moved holds up no other; a store
 * that is away ends the pass.
 */
final class Pass {
  private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

  /** Whether to leave shards alone on which another rollup works. */
  enum Leases {
    /** Takes the lease of each shard, and passes over those that another holds. */
    RESPECTED,
    /** Works on all shards: right at any time, and never held up by a rollup that died. */
    IGNORED
  }

  /** So long shards are looked at in one pass of many, and one shard at least. */
  private static final long LOOKS_NS = 500_000_000;

  private final RollupConfig config;
  private final PeriodStore periods;
  private final WindowWork work;
  private final Compaction compaction;
  private final long[] nextLookNs;
  private final Clock clock;
  private final AnnotationWork annotations;
  private final BooleanSupplier goOn;
  private final Counters counters;
  private final FirstTimes firstTimes = new FirstTimes();

  Pass(
      RollupConfig config,
      PeriodStore periods,
      HistoryStore history,
      Clock clock,
      Counters counters,
      BooleanSupplier goOn) {
    this.goOn = goOn;
    this.config = config;
    this.periods = periods;
    this.counters = counters;
    this.clock = clock;
    this.nextLookNs = new long[periods.layout().shards()];
    Arrays.fill(nextLookNs, clock.monotonicNs());
    this.annotations = new AnnotationWork(periods, history, counters, firstTimes);
    BlockShelf blocks = new BlockShelf(history, counters);
    KeyListShelf keyLists = new KeyListShelf(history, counters);
    CatalogWork catalogs = new CatalogWork(history, config.holder());
    this.compaction =
        new Compaction(
            config,
            periods.layout().period(),
            history,
            clock,
            blocks,
            keyLists,
            catalogs,
            counters,
            firstTimes,
            goOn);
    Retirement retirement =
        new Retirement(
            periods.layout().period(),
            blocks,
            new ChunkWriter(history, counters),
            catalogs,
            counters);
    long auditMs = config.auditHorizon().toMillis();
    SumAudit audit =
        new SumAudit(periods, blocks, retirement, counters, firstTimes, clock, auditMs);
    this.work = new WindowWork(periods, blocks, catalogs, keyLists, audit, counters);
  }

  /**
   * Runs once over the mailboxes.
   *
   * @return how many batches were moved
   * @throws StoreException where a store is away
   */
  int run(Leases leases) {
    int moved = 0;
    for (Map.Entry<Integer, SortedMap<ShardPeriod, List<ShardPeriod>>> entry :
        byShard().entrySet()) {
      if (takes(entry.getKey(), leases)) {
        moved += runWindows(entry.getValue());
        letGo(entry.getKey(), leases);
      }
    }
    lookAtShards(leases);
    if (goOn.getAsBoolean()) {
      annotations.run();
    }
    counters.count(RollupCounter.PASSES);
    return moved;
  }

  /** The windows that wait, by shard; the shard with the oldest first. */
  private Map<Integer, SortedMap<ShardPeriod, List<ShardPeriod>>> byShard() {
    Map<Integer, SortedMap<ShardPeriod, List<ShardPeriod>>> shards = new LinkedHashMap<>();
    Windows.group(periods.waiting())
        .forEach(
            (window, places) ->
                shards.computeIfAbsent(window.shard(), s -> new TreeMap<>()).put(window, places));
    return shards;
  }

  private boolean takes(int shard, Leases leases) {
    if (leases == Leases.IGNORED
        || periods.lease(lease(shard), config.holder(), config.leaseLength())) {
      return true;
    }
    counters.count(RollupCounter.SHARDS_LEASED_ELSEWHERE);
    return false;
  }

  private void letGo(int shard, Leases leases) {
    if (leases == Leases.RESPECTED) {
      periods.release(lease(shard), config.holder());
    }
  }

  private static String lease(int shard) {
    return "rollup/" + shard;
  }

  /**
   * Looks at the shards that are due, the one that waits longest first. A thread of its own stops
   * after a while and goes on in the next pass: hours come due in all shards at once, and to make
   * them all can take longer than a period, whose windows would wait meanwhile.
   */
  private void lookAtShards(Leases leases) {
    long startNs = clock.monotonicNs();
    List<Integer> due =
        IntStream.range(0, nextLookNs.length)
            .filter(shard -> leases == Leases.IGNORED || nextLookNs[shard] - startNs <= 0)
            .boxed()
            .sorted(Comparator.comparingLong(shard -> nextLookNs[shard] - startNs))
            .toList();
    for (int shard : due) {
      if (takes(shard, leases)) {
        look(shard);
        letGo(shard, leases);
      }
      if (leases == Leases.RESPECTED && clock.monotonicNs() - startNs >= LOOKS_NS) {
        return;
      }
    }
  }

  private void look(int shard) {
    long restNs = config.compactionInterval().toNanos();
    try {
      if (compaction.look(shard)) {
        restNs = 0;
      }
    } catch (StoreException e) {
      if (isAway(e)) {
        throw e;
      }
      counters.count(RollupCounter.of(e));
      fail("the columns of shard " + shard, e);
    } catch (RuntimeException e) {
      // The edge of one shard's work: whatever it met, the other shards go on.
      fail("the columns of shard " + shard, e);
    }
    nextLookNs[shard] = clock.monotonicNs() + restNs;
  }

  private int runWindows(SortedMap<ShardPeriod, List<ShardPeriod>> windows) {
    int moved = 0;
    for (List<ShardPeriod> places : windows.values()) {
      if (goOn.getAsBoolean()) {
        moved += runWindow(places);
      }
    }
    return moved;
  }

  private int runWindow(List<ShardPeriod> places) {
    try {
      return work.run(places.get(0).shard(), places);
    } catch (DamagedValueException e) {
      counters.count(e.counter());
      if (firstTimes.isFirst(e.toString())) {
        LOG.error(
            "{}; it is not touched, and what belongs to it waits in the mailbox until it is"
                + " repaired or removed",
            e.getMessage());
      }
    } catch (StoreException e) {
      if (isAway(e)) {
        throw e;
      }
      counters.count(RollupCounter.of(e));
      fail(places, e);
    } catch (RuntimeException e) {
      // The edge of one window's work: whatever it met, the other windows go on.
      fail(places, e);
    }
    return 0;
  }

  private static boolean isAway(StoreException e) {
    return e.fault() != Fault.FOREIGN_CONTENT && e.fault() != Fault.OTHER;
  }

  private void fail(Object places, RuntimeException e) {
    counters.count(RollupCounter.WINDOWS_FAILED);
    if (firstTimes.isFirst(e.toString())) {
      LOG.error("the work on {} failed and will be tried again", places, e);
    }
  }
}
