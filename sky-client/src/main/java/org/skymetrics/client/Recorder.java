package org.skymetrics.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;

/**
 * The calls of application threads in one scope. The first 16 platform threads have a table each,
 * whose sources they alone write; all others, and virtual threads, use one shared table. On a hit
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
 * </ul>
 */
final class Recorder {
  private static final int MAX_THREAD_TABLES = 16;

  private final String prefix;
  private final Registry registry;
  private final boolean sharedOnly;
  private final SharedTable shared = new SharedTable();

  @SuppressWarnings("ThreadLocalUsage") // one for each scope, and scopes are few and live on
  private final ThreadLocal<ThreadTable> local = new ThreadLocal<>();

  /** In place of a table: the thread uses the shared one. */
  private static final ThreadTable NONE = new ThreadTable(Thread.currentThread());

  private final Queue<ThreadTable> tables = new ConcurrentLinkedQueue<>();
  private final AtomicInteger made = new AtomicInteger();

  Recorder(String prefix, Registry registry, boolean sharedOnly) {
    this.prefix = prefix;
    this.registry = registry;
    this.sharedOnly = sharedOnly;
    registry.enlist(shared);
  }

  String prefix() {
    return prefix;
  }

  void count(@Nullable String name, long n) {
    if (name == null) {
      refuseNull(Kind.COUNTER);
      return;
    }
    ThreadTable table = table();
    CounterSource source =
        table == null ? SharedTable.find(shared.counters, name) : table.counters.find(name);
    if (source != null) {
      source.add(n);
    } else {
      countNew(table, name, n);
    }
  }

  void count(@Nullable String name, double value) {
    if (name == null || isBad(value)) {
      refuseIfNull(name, Kind.COUNTER);
      return;
    }
    ThreadTable table = table();
    CounterSource source =
        table == null ? SharedTable.find(shared.counters, name) : table.counters.find(name);
    if (source != null) {
      source.add(value);
    } else {
      countNew(table, name, value);
    }
  }

  void countIn(@Nullable String name, long last) {
    if (name == null) {
      refuseNull(Kind.COUNTER);
      return;
    }
    ThreadTable table = table();
    CounterSource source =
        table == null ? shared.pairs.find(name, last) : table.pairs.find(name, last);
    if (source != null) {
      source.add(1);
      return;
    }
    source = countNew(table, name + '|' + last, 1);
    if (source != null && table != null) {
      table.pairs.put(name, last, source);
    } else if (source != null) {
      shared.putPair(name, last, source);
    }
  }

  void countIn(@Nullable String name, @Nullable String last) {
    if (name == null || last == null) {
      refuseNull(Kind.COUNTER);
      return;
    }
    ThreadTable table = table();
    CounterSource source =
        table == null ? shared.pairs.find(name, last) : table.pairs.find(name, last);
    if (source != null) {
      source.add(1);
      return;
    }
    source = countNew(table, name + '|' + last, 1);
    if (source != null && table != null) {
      table.pairs.put(name, last, source);
    } else if (source != null) {
      shared.putPair(name, last, source);
    }
  }

  void gauge(@Nullable String name, double value) {
    ThreadTable table = table();
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
    ThreadTable table = table();
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
    ThreadTable table = table();
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
        ((SetSource) entry.spill(registry)).add(hash);
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
   * The source that this thread counts a bound name in, held from now on; null where there is none
   * of its own: the name is no key, or past the limit of keys.
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
    PlacedCounter source = new PlacedCounter(name, totals, index);
    registry.add(place.entry(), source);
    source.add(n);
    return source;
  }

  private void spill(Registry.Place place, Consumer<CounterSource> add) {
    for (Entry entry : registry.spillsTo(place)) {
      add.accept((CounterSource) entry.spill(registry));
    }
  }

  /** The source that this thread counts a name in, if it has one that is not retired. */
  @Nullable Source find(String name, Kind kind) {
    return find(table(), name, kind);
  }

  /** This thread's table; null where it uses the shared one. */
  @Nullable ThreadTable table() {
    Thread thread = Thread.currentThread();
    if (sharedOnly || VirtualThreads.is(thread)) {
      return null;
    }
    ThreadTable table = local.get();
    if (table == null) {
      table = claimTable(thread);
      local.set(table);
    }
    return table == NONE ? null : table;
  }

  private ThreadTable claimTable(Thread thread) {
    for (ThreadTable table : tables) {
      if (table.claim(thread)) {
        return table;
      }
    }
    if (made.get() >= MAX_THREAD_TABLES || made.incrementAndGet() > MAX_THREAD_TABLES) {
      return NONE;
    }
    ThreadTable table = new ThreadTable(thread);
    tables.add(table);
    return table;
  }

  /** Counts a name that the table does not have; the source that it has from now on, if any. */
  private @Nullable CounterSource countNew(@Nullable ThreadTable table, String name, long n) {
    return countNew(table, name, source -> source.add(n));
  }

  private void countNew(@Nullable ThreadTable table, String name, double value) {
    var unused = countNew(table, name, source -> source.add(value));
  }

  private @Nullable CounterSource countNew(
      @Nullable ThreadTable table, String name, Consumer<CounterSource> add) {
    Source present = find(table, name, Kind.COUNTER);
    if (present == null) {
      Registry.Place place = registry.place(prefix + name, Kind.COUNTER);
      if (place == null) {
        return null;
      }
      if (place.spilled()) {
        spill(place, add);
        return null;
      }
      present = make(table, name, place.entry());
    }
    CounterSource source = (CounterSource) present;
    add.accept(source);
    return source;
  }

  private void recordNew(
      @Nullable ThreadTable table, String name, Kind kind, double value, long times) {
    Registry.Place place = registry.place(prefix + name, kind);
    if (place == null) {
      return;
    }
    if (place.spilled()) {
      for (Entry entry : registry.spillsTo(place)) {
        ((SampleSource) entry.spill(registry)).record(value, times);
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
    Source source = registry.factory().owned(entry.kind, name, table.totals);
    registry.add(entry, source);
    table.put(entry.kind, source);
    return source;
  }
}
