package org.skymetrics.client;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;

/**
 * All series of a client. Application threads come here only with a key that their table does not
 * have; keys are judged here, and nowhere else. Takes no lock that the sender holds for longer than
 * a slot's change ({@link EntryTable}).
 */
final class Registry {
  private static final Key OVERFLOW = Key.of("sky>overflow");

  /** Where a count goes: the series it is of, or past the limit another one in its place. */
  record Place(Entry entry, boolean spilled) {}

  private final Map<Kind, EntryTable> entries = new EnumMap<>(Kind.class);
  private final Queue<Recorder> recorders = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicLong changes = new AtomicLong();

  /** Where counts of keys past the limit go, by the series that is their nearest parent. */
  private final Map<Entry, Source> spills = new ConcurrentHashMap<>();

  /** Counts of series that were forgotten since. */
  private final AtomicLong acceptedBefore = new AtomicLong();

  private final int limit;
  private final boolean strict;
  private final Mishaps mishaps;
  private final SourceFactory factory;
  private final PeriodFolds periodFolds;

  Registry(int limit, boolean strict, Mishaps mishaps, SourceFactory factory) {
    this.limit = limit;
    this.strict = strict;
    this.mishaps = mishaps;
    this.factory = factory;
    this.periodFolds = new PeriodFolds(limit);
    for (Kind kind : Kind.values()) {
      entries.put(kind, new EntryTable());
    }
  }

  private EntryTable of(Kind kind) {
    return Objects.requireNonNull(entries.get(kind));
  }

  /** Has a scope's tables looked after from now on. */
  void enlist(Recorder recorder) {
    recorders.add(recorder);
  }

  /** Lets go of retired sources. The sender's, when it has retired some. */
  void purge() {
    recorders.forEach(Recorder::purge);
  }

  /** Lets go of threads that have ended. The sender's. */
  void releaseThreads() {
    recorders.forEach(Recorder::releaseThreads);
  }

  /** What says of which period it is. */
  PeriodFolds periodFolds() {
    return periodFolds;
  }

  SourceFactory factory() {
    return factory;
  }

  /** The place of a key; null where it is not a key, which is counted by cause. */
  @Nullable Place place(@Nullable String text, Kind kind) {
    KeyFault fault = text == null ? KeyFault.EMPTY : Key.fault(text);
    if (text == null || fault != null) {
      refuse(fault == null ? KeyFault.EMPTY : fault, text);
      return null;
    }
    Key key = Key.of(text);
    Entry entry = of(kind).get(key);
    if (entry != null) {
      return new Place(entry, false);
    }
    if (size.get() < limit) {
      return new Place(admit(key, kind), false);
    }
    mishaps.count(ClientCounter.OVER_LIMIT);
    return new Place(nearest(key, kind), true);
  }

  /**
   * Where a count past the limit goes: to its nearest parent, and to {@code sky>overflow}, which
   * says what is missing in detail.
   */
  List<Entry> spillsTo(Place place) {
    Entry overflow = overflow(place.entry().kind);
    return place.entry() == overflow ? List.of(overflow) : List.of(place.entry(), overflow);
  }

  /** The source of a series for what spills over from keys past the limit. */
  Source spill(Entry entry) {
    Source present = spills.get(entry);
    return present == null ? spills.computeIfAbsent(entry, this::newSpill) : present;
  }

  private Source newSpill(Entry entry) {
    Source source = factory.shared(entry.kind, entry.key.toString());
    source.bind();
    add(entry, source);
    return source;
  }

  private Entry overflow(Kind kind) {
    Entry entry = of(kind).get(OVERFLOW);
    return entry == null ? admit(OVERFLOW, kind) : entry;
  }

  private Entry admit(Key key, Kind kind) {
    Entry made = new Entry(key, kind);
    Entry present = of(kind).putIfAbsent(made);
    if (present == null) {
      size.incrementAndGet();
      changes.incrementAndGet();
      return made;
    }
    return present;
  }

  /** Puts a source into its series. */
  void add(Entry entry, Source source) {
    Entry at = entry;
    while (!at.add(source)) {
      remove(at);
      at = admit(at.key, at.kind);
    }
    // Who made the entry may not have said so yet, and this thread may ask for its counts to be
    // sent.
    if (!at.isListed()) {
      changes.incrementAndGet();
    }
  }

  /** The sender's: forgets a series that has no sources left. */
  void forget(Entry entry) {
    if (entry.close()) {
      remove(entry);
    }
  }

  private void remove(Entry entry) {
    if (of(entry.kind).remove(entry)) {
      size.decrementAndGet();
      changes.incrementAndGet();
    }
  }

  private Entry nearest(Key key, Kind kind) {
    for (Key parent : key.parents()) {
      Entry entry = of(kind).get(parent);
      if (entry != null) {
        return entry;
      }
    }
    return overflow(kind);
  }

  /** A value that can't be counted. */
  void refuseValue(double value) {
    mishaps.count(ClientCounter.REFUSED_NOT_FINITE);
    if (strict) {
      throw new IllegalArgumentException(value + " is not a finite number");
    }
  }

  private void refuse(KeyFault fault, @Nullable String text) {
    mishaps.count(Mishaps.of(fault));
    if (strict) {
      throw new IllegalArgumentException("\"" + text + "\" is not a key: " + fault.description());
    }
  }

  /** All series, for the sender. */
  List<Entry> entries() {
    List<Entry> all = new ArrayList<>(size());
    entries.values().forEach(ofKind -> ofKind.addTo(all));
    return all;
  }

  int size() {
    return size.get();
  }

  /** Another number whenever series were added or forgotten. */
  long changes() {
    return changes.get();
  }

  /** Keeps the counts of a source that is forgotten. */
  void keepAccepted(long counts) {
    acceptedBefore.addAndGet(counts);
  }

  /** Everything accepted since the start: the sums of counters, and the number of samples. */
  long accepted() {
    long accepted = acceptedBefore.get() + periodFolds.accepted();
    for (Recorder recorder : recorders) {
      accepted += recorder.countedByThreads();
    }
    for (Entry entry : entries()) {
      accepted += entry.accepted();
    }
    return accepted;
  }
}
