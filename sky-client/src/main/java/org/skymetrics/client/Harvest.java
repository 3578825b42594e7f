package org.skymetrics.client;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * Takes from all sources what they have gathered, in order of key, and retires those that gather
 * nothing any more. The sender's alone.
 */
final class Harvest {
  private static final long SECOND_NS = 1_000_000_000;
  private static final int HARVESTS_AFTER_RETIRING = 2;
  private static final int AFTER_RETIRING_SECONDS = 60;

  /** Series that are looked at together before they are harvested. */
  private static final int AT_ONCE = 64;

  private final Registry registry;
  private final Mishaps mishaps;
  private final FoldTimes times;
  private final long retireAfterSeconds;

  private List<Entry> inOrder = List.of();
  private long changesSeen = -1;
  private boolean retired;
  private final Map<Integer, Cell> cells = new TreeMap<>();

  /** Kept so that no compiler leaves out what was looked at. */
  @SuppressWarnings("UnusedVariable")
  private long looked;

  Harvest(Registry registry, Mishaps mishaps, FoldTimes times, long retireAfterNs) {
    this.registry = registry;
    this.mishaps = mishaps;
    this.times = times;
    retireAfterSeconds = retireAfterNs / SECOND_NS;
  }

  /** Takes what was harvested. */
  interface Crop {
    /** Whether this series is to be harvested now. */
    boolean wants(Entry entry);

    void counter(Entry entry, long sum);

    /** A counter that has a fraction, too; it need not be less than 1. */
    default void counter(Entry entry, long sum, double fraction) {
      samples(entry, cell(sum, fraction), 0);
    }

    /** Both in one cell. */
    static CounterCell cell(long sum, double fraction) {
      CounterCell cell = new CounterCell();
      cell.add(sum);
      cell.add(fraction);
      return cell;
    }

    /** Samples of one fold, whose reference instant is given on the monotonic clock. */
    void samples(Entry entry, Cell cell, long referenceNs);
  }

  /** All series, in order of key. */
  private List<Entry> inOrder() {
    long changes = registry.changes();
    if (changes != changesSeen) {
      List<Entry> all = registry.entries();
      all.forEach(Entry::list);
      all.sort(Comparator.<Entry, Key>comparing(e -> e.key).thenComparing(e -> e.kind));
      inOrder = all;
      changesSeen = changes;
    }
    return inOrder;
  }

  void take(long nowNs, Crop crop) {
    int second = (int) (nowNs / SECOND_NS);
    retired = false;
    List<Entry> all = inOrder();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Entry> some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
      look(some);
      for (Entry entry : some) {
        take(entry, second, crop);
      }
    }
    if (retired) {
      registry.purge();
    }
    registry.releaseThreads();
  }

  /**
   * Looks at what is to be harvested, each kind of place for all: series lie about in memory in
   * another order than that of their keys, and so it is waited for once and not for each.
   */
  private void look(List<Entry> some) {
    long sum = 0;
    for (Entry entry : some) {
      sum += entry.count();
    }
    for (Entry entry : some) {
      sum += entry.look();
    }
    for (Entry entry : some) {
      sum += entry.lookAtKey();
    }
    looked = sum;
  }

  private void take(Entry entry, int second, Crop crop) {
    if (!crop.wants(entry)) {
      return;
    }
    if (entry.kind == Kind.COUNTER) {
      takeCounter(entry, second, crop);
    } else {
      takeSamples(entry, second, crop);
    }
    prune(entry, second);
  }

  private void takeCounter(Entry entry, int second, Crop crop) {
    long sum = 0;
    double fraction = 0;
    int count = entry.count();
    for (int i = 0; i < count; i++) {
      CounterSource source = (CounterSource) entry.source(i);
      long grown = source.take();
      double more = source.takeFraction();
      if (grown != 0 || more != 0) {
        source.grownSecond = second;
        sum += grown;
        fraction += more;
      }
    }
    if (fraction != 0) {
      crop.counter(entry, sum, fraction);
    } else if (sum != 0) {
      crop.counter(entry, sum);
    }
  }

  private void takeSamples(Entry entry, int second, Crop crop) {
    int count = entry.count();
    for (int i = 0; i < count; i++) {
      CellSource source = (CellSource) entry.source(i);
      source.take(
          times,
          (epoch, cell) -> {
            source.grownSecond = second;
            if (cell.kind() == Kind.SET) {
              // Together they would have fewer members than were accepted apart.
              crop.samples(entry, cell, times.referenceNs(epoch));
              return;
            }
            Cell present = cells.putIfAbsent(epoch, cell);
            if (present != null) {
              present.merge(cell);
            }
          });
    }
    cells.forEach((epoch, cell) -> crop.samples(entry, cell, times.referenceNs(epoch)));
    cells.clear();
  }

  private void prune(Entry entry, int second) {
    for (int i = entry.count() - 1; i >= 0; i--) {
      Source source = entry.source(i);
      if (source.grownSecond == 0) {
        source.grownSecond = second;
      }
      if (source.isRetired()) {
        if (source.harvestsRetired <= HARVESTS_AFTER_RETIRING) {
          source.harvestsRetired++;
        }
        if (source.harvestsRetired > HARVESTS_AFTER_RETIRING
            && second - source.grownSecond > AFTER_RETIRING_SECONDS) {
          registry.keepAccepted(source.accepted());
          entry.drop(source);
          source.end();
        }
      } else if (second - source.grownSecond > retireAfterSeconds && source.retire()) {
        source.grownSecond = second;
        retired = true;
        mishaps.count(ClientCounter.SERIES_RETIRED);
      }
    }
    if (entry.count() == 0) {
      registry.forget(entry);
    }
  }
}
