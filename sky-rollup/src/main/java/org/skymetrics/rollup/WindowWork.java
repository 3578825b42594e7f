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
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.period.PeriodStore;

/**
 * The road of the batches of one shard and window from their mailboxes to history.
 *
 * <pre>
 *   mailboxes read -> hours named in the catalogue, key list written
 *     -> blocks united and written -> blocks read back
 *     -> catalogue marked -> done: the names that were in the mailbox and read back
 * </pre>
 *
 * <p>Hours and key list are first: a block lasts though this rollup dies and all other copies of
 * its batches are lost; so it is found when the blocks of its hour are to go, and what is made from
 * it has no series that nobody can find.
 *
 * <p>A name leaves its mailbox only after its block, its series and the marks of all that is made
 * from the block are durable. So it may be cut at any point and begun again, by any rollup and by
 * several at once: each step is a union or a pure function, and the last one says only what was
 * found in history.
 */
final class WindowWork {
  private final PeriodStore periods;
  private final BlockShelf blocks;
  private final CatalogWork catalogs;
  private final KeyListShelf keyLists;
  private final SumAudit audit;
  private final Counters counters;

  WindowWork(
      PeriodStore periods,
      BlockShelf blocks,
      CatalogWork catalogs,
      KeyListShelf keyLists,
      SumAudit audit,
      Counters counters) {
    this.periods = periods;
    this.blocks = blocks;
    this.catalogs = catalogs;
    this.keyLists = keyLists;
    this.audit = audit;
    this.counters = counters;
  }

  /**
   * Moves what is in these mailboxes, which are of one window.
   *
   * @return how many batches were moved
   */
  int run(int shard, List<ShardPeriod> places) throws DamagedValueException {
    Mail mail = readMail(places);
    Catalog catalog = catalogs.read(shard);
    int refused = refuseForgotten(catalog, mail);
    if (mail.batches.isEmpty()) {
      return refused;
    }
    catalogs.expectBlocks(shard, mail.batches.keySet(), catalog);
    keyLists.add(shard, mail.all());
    blocks.add(mail.batches);
    SortedMap<ShardPeriod, Block> readBack = blocks.read(mail.batches.keySet());
    catalogs.mark(shard, mail.batches.keySet());
    int moved = refused;
    for (Map.Entry<ShardPeriod, List<Batch>> entry : mail.batches.entrySet()) {
      ShardPeriod place = entry.getKey();
      Block block = readBack.getOrDefault(place, Block.empty(place));
      moved += finish(place, entry.getValue(), block);
    }
    return moved;
  }

  /** Batches of days whose periods are no longer kept have nothing to be united with. */
  private int refuseForgotten(Catalog catalog, Mail mail) {
    int refused = 0;
    for (ShardPeriod place : List.copyOf(mail.batches.keySet())) {
      Catalog.Files day = catalog.files(Span.DAY).get(Span.DAY.startOf(place.startMs()));
      if (day != null && day.kept() != Catalog.DAY_PERIODS) {
        List<Batch> batches = mail.batches.getOrDefault(place, List.of());
        mail.batches.remove(place);
        periods.done(place, batches.stream().map(Batch::name).toList());
        counters.add(RollupCounter.BATCHES_PAST_RETENTION, batches.size());
        refused += batches.size();
      }
    }
    return refused;
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

  /** The good batches of some mailboxes. */
  private static final class Mail {
    final SortedMap<ShardPeriod, List<Batch>> batches = new TreeMap<>();

    /** Takes a batch, unless a cell of it can't be read: that one stays where it is. */
    boolean take(Batch batch) {
      try {
        batch.check();
      } catch (CorruptException e) {
        return false;
      }
      batches.computeIfAbsent(batch.place(), p -> new ArrayList<>()).add(batch);
      return true;
    }

    List<Batch> all() {
      return batches.values().stream().flatMap(List::stream).toList();
    }
  }
}
