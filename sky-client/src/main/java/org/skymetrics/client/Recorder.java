package org.skymetrics.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;

/**
 * The calls of application threads in one scope. The first 16 platform threads have a table each,
 * whose totals and sources they alone write; all others, and virtual threads, share. On a hit
 * nothing is made and no lock is taken.
 *
 * <p>The races, and why none loses a count:
 *
 * <ul>
 *   <li>A writer and the sender at one source: sources only grow, and the sender takes the growth
 *       since it last looked ({@link CounterSource}, {@link Fold}).
 *   <li>A source is made while the sender walks: it is put into its entry before its first count,
 *       and taken up at the sender's next look at the latest.
 *   <li>A source is retired while its thread counts in it: it is harvested for a minute more, and
 *       twice at least, before it is forgotten: a thread that found it needs some nanoseconds to
 *       count in it. A bound one is never retired, decided by one compare-and-set.
 *   <li>A thread ends and another goes on with its table: the end of a thread happens before
 *       isAlive() says so.
 *   <li>A thread has found the place of a counter that is retired, and the place is let to another
 *       name before it counts there: not within that minute, as above.
 *   <li>A row of totals is copied while the sender reads it: its thread alone writes and copies it,
 *       and the sender reads the old one or the new one, each total not older than it read before.
 * </ul>
 */
final class Recorder {
  private final String prefix;
  private final Registry registry;
  private final ThreadTables tables;
  private final CounterColumns counters;
  private final ThreadTable[] tablesAtHand;
  private final NameTable places;
  private final PairTable pairs;
  private final SharedTable shared = new SharedTable();

  Recorder(String prefix, Registry registry, boolean sharedOnly) {
    this.prefix = prefix;
    this.registry = registry;
    tables = new ThreadTables(sharedOnly);
    counters = new CounterColumns(tables);
    tablesAtHand = tables.atHand();
    places = counters.places();
    pairs = counters.pairs();
    registry.enlist(this);
  }

  String prefix() {
    return prefix;
  }

  void count(@Nullable String name, long n) {
    if (name == null) {
      refuseNull(Kind.COUNTER);
      return;
    }
    int place = places.find(name);
    if (!ThreadTables.of(tablesAtHand).add(place, n)) {
      countOtherwise(name, place, n);
    }
  }

  /** See {@link ThreadTables#atHand}. */
  ThreadTable[] tablesAtHand() {
    return tablesAtHand;
  }

  /**
   * Counts in a bound name.
   *
   * @return the place that it is held at from now on; {@link NameTable#MISSING} where it has none
   *     of its own: the name is no key, or past the limit of keys
   */
  int countBound(@Nullable String name, int place, long n) {
    if (name == null) {
      refuseNull(Kind.COUNTER);
      return NameTable.MISSING;
    }
    if (place != NameTable.MISSING) {
      counters.addOtherwise(place, n);
      return place;
    }
    CounterColumn column = countNew(name, source -> source.add(n));
    return column != null && column.bind() ? column.place : NameTable.MISSING;
  }

  /** Counts where the thread has no total at hand. */
  private void countOtherwise(String name, int place, long n) {
    if (place != NameTable.MISSING) {
      counters.addOtherwise(place, n);
    } else {
      var unused = countNew(name, source -> source.add(n));
    }
  }

  void count(@Nullable String name, double value) {
    if (name == null || isBad(value)) {
      refuseIfNull(name, Kind.COUNTER);
      return;
    }
    CounterColumn column = counters.find(name);
    if (column != null) {
      column.add(value);
    } else {
      var unused = countNew(name, source -> source.add(value));
    }
  }

  void countIn(@Nullable String name, long last) {
    if (name == null) {
      refuseNull(Kind.COUNTER);
      return;
    }
    int place = pairs.find(name, last);
    if (place != NameTable.MISSING) {
      counters.add(place, 1);
    } else {
      countNewIn(name, last);
    }
  }

  void countIn(@Nullable String name, @Nullable String last) {
    if (name == null || last == null) {
      refuseNull(Kind.COUNTER);
      return;
    }
    int place = pairs.find(name, last);
    if (place != NameTable.MISSING) {
      counters.add(place, 1);
    } else {
      countNewIn(name, last);
    }
  }

  private void countNewIn(String name, long last) {
    CounterColumn column = countNew(name + '|' + last, source -> source.add(1));
    if (column != null) {
      counters.put(name, last, column);
    }
  }

  private void countNewIn(String name, String last) {
    CounterColumn column = countNew(name + '|' + last, source -> source.add(1));
    if (column != null) {
      counters.put(name, last, column);
    }
  }

  void gauge(@Nullable String name, double value) {
    ThreadTable table = tables.mine();
    if (name == null || isBad(value)) {
      refuseIfNull(name, Kind.GAUGE);
      return;
    }
    SampleSource source =
        table == null ? SharedTable.find(shared.gauges, name) : table.gauges.find(name);
    if (source != null) {
      source.record(value);
    } else {
      recordNew(table, name, Kind.GAUGE, value, 1);
    }
  }

  void histogram(@Nullable String name, double value) {
    ThreadTable table = tables.mine();
    if (name == null || isBad(value)) {
      refuseIfNull(name, Kind.HISTOGRAM);
      return;
    }
    SampleSource source =
        table == null ? SharedTable.find(shared.histograms, name) : table.histograms.find(name);
    if (source != null) {
      source.record(value);
    } else {
      recordNew(table, name, Kind.HISTOGRAM, value, 1);
    }
  }

  void histogram(@Nullable String name, double value, long times) {
    ThreadTable table = tables.mine();
    if (name == null || isBad(value)) {
      refuseIfNull(name, Kind.HISTOGRAM);
      return;
    }
    SampleSource source =
        table == null ? SharedTable.find(shared.histograms, name) : table.histograms.find(name);
    if (source != null) {
      source.record(value, times);
    } else {
      recordNew(table, name, Kind.HISTOGRAM, value, times);
    }
  }

  void set(@Nullable String name, @Nullable String member) {
    if (name == null || member == null) {
      refuseNull(Kind.SET);
      return;
    }
    long hash = SetCell.hash(member);
    SetSource source = SharedTable.find(shared.sets, name);
    if (source != null) {
      source.add(hash);
      return;
    }
    Registry.Place place = registry.place(prefix + name, Kind.SET);
    if (place == null) {
      return;
    }
    if (place.spilled()) {
      for (Entry entry : registry.spillsTo(place)) {
        ((SetSource) registry.spill(entry)).add(hash);
      }
    } else {
      ((SetSource) shared.putIfDead(name, place.entry(), registry)).add(hash);
    }
  }

  /** Whether a value can't be counted; says so. */
  boolean isBad(double value) {
    if (Math.abs(value) <= Double.MAX_VALUE) {
      return false;
    }
    registry.refuseValue(value);
    return true;
  }

  private void refuseIfNull(@Nullable String name, Kind kind) {
    if (name == null) {
      refuseNull(kind);
    }
  }

  private void refuseNull(Kind kind) {
    registry.place(null, kind);
  }

  /**
   * The source that this thread has for a bound gauge or histogram, held from now on; null where
   * there is none of its own: the name is no key, or past the limit of keys.
   */
  @Nullable Source bind(@Nullable ThreadTable table, @Nullable String name, Kind kind) {
    if (name == null) {
      return null;
    }
    while (true) {
      Source source = find(table, name, kind);
      if (source == null) {
        Registry.Place place = registry.place(prefix + name, kind);
        if (place == null || place.spilled()) {
          return null;
        }
        source = make(table, name, place.entry());
      }
      if (source.bind()) {
        return source;
      }
    }
  }

  /**
   * Counts in a new source with its total at this place, which no table has. Null where the name
   * has no place of its own: it is no key, or past the limit of keys, where it is counted as any.
   */
  @Nullable PlacedCounter count(String name, long n, long[] totals, int index) {
    Registry.Place place = registry.place(prefix + name, Kind.COUNTER);
    if (place == null) {
      return null;
    }
    if (place.spilled()) {
      spill(place, source -> source.add(n));
      return null;
    }
    PlacedCounter source = new PlacedCounter(totals, index);
    registry.add(place.entry(), source);
    source.add(n);
    return source;
  }

  private void spill(Registry.Place place, Consumer<CounterSource> add) {
    for (Entry entry : registry.spillsTo(place)) {
      add.accept((CounterSource) registry.spill(entry));
    }
  }

  /** The source that this thread counts a name in, if it has one that is not retired. */
  @Nullable Source find(String name, Kind kind) {
    return kind == Kind.COUNTER ? counters.find(name) : find(tables.mine(), name, kind);
  }

  /** This thread's table; null where it uses the shared one. */
  @Nullable ThreadTable table() {
    return tables.mine();
  }

  /** Lets no thread find what is retired. The sender's. */
  void purge() {
    counters.purge();
    shared.purge();
  }

  /** Lets go of threads that have ended. The sender's. */
  void releaseThreads() {
    tables.release();
  }

  /** What threads have counted in totals of their own. */
  long countedByThreads() {
    return counters.accepted();
  }

  /**
   * Counts a name that may have no column; the column that it has from now on, or null: it is no
   * key, or past the limit of keys.
   */
  private @Nullable CounterColumn countNew(String name, Consumer<CounterSource> add) {
    CounterColumn column = counters.find(name);
    if (column == null) {
      Registry.Place place = registry.place(prefix + name, Kind.COUNTER);
      if (place == null) {
        return null;
      }
      if (place.spilled()) {
        spill(place, add);
        return null;
      }
      column = counters.open(name, place.entry(), registry);
    }
    add.accept(column);
    return column;
  }

  private void recordNew(
      @Nullable ThreadTable table, String name, Kind kind, double value, long times) {
    Registry.Place place = registry.place(prefix + name, kind);
    if (place == null) {
      return;
    }
    if (place.spilled()) {
      for (Entry entry : registry.spillsTo(place)) {
        ((SampleSource) registry.spill(entry)).record(value, times);
      }
    } else {
      ((SampleSource) make(table, name, place.entry())).record(value, times);
    }
  }

  private @Nullable Source find(@Nullable ThreadTable table, String name, Kind kind) {
    return table == null ? SharedTable.find(shared.of(kind), name) : table.of(kind).find(name);
  }

  private Source make(@Nullable ThreadTable table, String name, Entry entry) {
    if (table == null) {
      return shared.putIfDead(name, entry, registry);
    }
    SampleSource source = registry.factory().owned(entry.kind, name);
    registry.add(entry, source);
    table.of(entry.kind).put(source);
    return source;
  }
}
