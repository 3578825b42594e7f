package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.Level;
import org.skymetrics.store.period.PeriodStore;

/**
 * The road of the batches of one shard and window from their mailboxes to history.
 *
 * <pre>
 *   mailboxes read -> blocks united and written -> level's context read -> blocks read back
 *     -> level written -> key list written -> done: the names that were in the mailbox and read back
 * </pre>
 *
 * <p>A name leaves its mailbox only after its block, its level and its series are durable. So it
 * may be cut at any point and begun again, by any rollup and by several at once: each step is a
 * union or a pure function, and the last one says only what was found in history.
 */
final class WindowWork {
  private final PeriodStore periods;
  private final BlockShelf blocks;
  private final LevelShelf levels;
  private final KeyListShelf keyLists;
  private final SumAudit audit;
  private final Counters counters;

  WindowWork(
      PeriodStore periods,
      BlockShelf blocks,
      LevelShelf levels,
      KeyListShelf keyLists,
      SumAudit audit,
      Counters counters) {
    this.periods = periods;
    this.blocks = blocks;
    this.levels = levels;
    this.keyLists = keyLists;
    this.audit = audit;
    this.counters = counters;
  }

  /**
   * Moves what is in these mailboxes, which are of one window.
   *
   * @return how many batches were moved
   */
  int run(Level.Window window, List<ShardPeriod> places) throws DamagedValueException {
    Mail mail = readMail(places);
    if (mail.batches.isEmpty()) {
      return 0;
    }
    blocks.add(mail.batches);
    LevelShelf.Present level = levels.read(window);
    SortedMap<ShardPeriod, Block> readBack =
        blocks.read(Windows.places(window, periods.layout().period()));
    levels.write(level, periods.layout().period().lengthMs(), readBack);
    keyLists.add(window.shard(), mail.seenMs);
    int moved = 0;
    for (Map.Entry<ShardPeriod, List<Batch>> entry : mail.batches.entrySet()) {
      ShardPeriod place = entry.getKey();
      Block block = readBack.getOrDefault(place, Block.empty(place));
      moved += finish(place, entry.getValue(), block);
    }
    return moved;
  }

  private Mail readMail(List<ShardPeriod> places) {
    Mail mail = new Mail();
    long periodMs = periods.layout().period().lengthMs();
    for (ShardPeriod place : places) {
      for (Batch batch : periods.mailbox(place)) {
        if (!batch.place().equals(place) || batch.periodMs() != periodMs) {
          counters.count(RollupCounter.BATCHES_FOREIGN);
        } else if (!mail.take(batch)) {
          counters.count(RollupCounter.BATCHES_DAMAGED);
        }
      }
    }
    return mail;
  }

  private int finish(ShardPeriod place, Collection<Batch> mail, Block readBack)
      throws DamagedValueException {
    List<BatchName> inHistory = new ArrayList<>();
    for (Batch batch : mail) {
      if (readBack.batches().containsKey(batch.name())) {
        inHistory.add(batch.name());
      } else {
        counters.count(RollupCounter.BATCHES_NOT_READ_BACK);
      }
    }
    if (inHistory.isEmpty()) {
      return 0;
    }
    periods.done(place, inHistory);
    counters.add(RollupCounter.BATCHES_DONE, inHistory.size());
    audit.compare(place, readBack);
    return inHistory.size();
  }

  /** The good batches of some mailboxes, and their series with the start of the last period, ms. */
  private static final class Mail {
    final SortedMap<ShardPeriod, List<Batch>> batches = new TreeMap<>();
    final Map<Series, Long> seenMs = new TreeMap<>();

    /** Takes a batch, unless a cell of it can't be read: that one stays where it is. */
    boolean take(Batch batch) {
      List<Series> series = new ArrayList<>(batch.size());
      try {
        batch.forEach((s, cell) -> series.add(s));
      } catch (CorruptException e) {
        return false;
      }
      series.forEach(s -> seenMs.merge(s, batch.place().startMs(), Math::max));
      batches.computeIfAbsent(batch.place(), p -> new ArrayList<>()).add(batch);
      return true;
    }
  }
}
