package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * A series that this client counts, and all sources that gather for it. Threads add sources, the
 * sender drops them, each by one atomic step; a new one comes behind those that there are.
 */
final class Entry {
  private static final VarHandle SOURCES;

  private static final int UNKNOWN = -1;

  /** The sender's list of all series does not hold this one yet. */
  private static final int UNLISTED = -2;

  /** In place of sources: the sender has forgotten the series. */
  private static final Source[] CLOSED = {};

  static {
    try {
      SOURCES = MethodHandles.lookup().findVarHandle(Entry.class, "sources", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Key key;
  final Kind kind;

  /** One, which is what most series have, or an array that does not change; null where none is. */
  @SuppressWarnings("UnusedVariable") // read and written through SOURCES
  private @Nullable Object sources;

  /**
   * The sender's: the index in the ring of the key's owner; before it is asked for {@link
   * #UNKNOWN}, and before that {@link #UNLISTED}.
   */
  private volatile int owner = UNLISTED;

  /** The version of that ring. */
  private int ownerOfRing;

  Entry(Key key, Kind kind) {
    this.key = key;
    this.kind = kind;
  }

  /**
   * Adds a source; false where the sender has forgotten this entry, and the source has to go into a
   * new one.
   */
  boolean add(Source source) {
    Object before;
    Object after;
    do {
      before = SOURCES.getAcquire(this);
      if (before == CLOSED) {
        return false;
      }
      after = with(before, source);
    } while (!SOURCES.compareAndSet(this, before, after));
    return true;
  }

  private static Object with(@Nullable Object present, Source source) {
    if (present == null) {
      return source;
    }
    int n = count(present);
    Source[] all = present instanceof Source[] many ? Arrays.copyOf(many, n + 1) : new Source[2];
    all[0] = source(present, 0);
    all[n] = source;
    return all;
  }

  /** The sender has taken this series into its list. */
  void list() {
    if (!isListed()) {
      owner = UNKNOWN;
    }
  }

  boolean isListed() {
    return owner != UNLISTED;
  }

  /** How many sources there are now. */
  int count() {
    return count(SOURCES.getAcquire(this));
  }

  private static int count(@Nullable Object present) {
    return present == null ? 0 : present instanceof Source[] many ? many.length : 1;
  }

  /** One of the sources that were counted. The sender's, who alone drops any. */
  Source source(int i) {
    return source(Objects.requireNonNull(SOURCES.getAcquire(this)), i);
  }

  private static Source source(Object present, int i) {
    return present instanceof Source[] many ? many[i] : (Source) present;
  }

  /** Looks at the total of the source that most counters have; what it says means nothing. */
  long look() {
    return SOURCES.getAcquire(this) instanceof CounterSource one ? one.total() : 0;
  }

  /** Looks at the key of a counter that has grown since, for it is to be written. */
  long lookAtKey() {
    boolean grown = SOURCES.getAcquire(this) instanceof CounterSource one && one.hasGrown();
    return grown ? key.byteAt(0) : 0;
  }

  /** The sender's: a retired source that was harvested to its end. */
  void drop(Source source) {
    Object before;
    Object after;
    do {
      before = SOURCES.getAcquire(this);
      after = without(before, source);
    } while (!SOURCES.compareAndSet(this, before, after));
  }

  private static @Nullable Object without(@Nullable Object present, Source source) {
    if (!(present instanceof Source[] many)) {
      return present == source ? null : present;
    }
    List<Source> left = new ArrayList<>(List.of(many));
    left.remove(source);
    return left.size() == 1 ? left.get(0) : left.toArray(new Source[0]);
  }

  /** Ends the entry; false where it has a source. The sender's. */
  boolean close() {
    return SOURCES.compareAndSet(this, null, CLOSED);
  }

  /** What was accepted by the sources that there are, up to some moment. */
  long accepted() {
    Object present = SOURCES.getAcquire(this);
    long accepted = 0;
    for (int i = 0; i < count(present); i++) {
      accepted += source(Objects.requireNonNull(present), i).accepted();
    }
    return accepted;
  }

  /**
   * The index in the ring of the server that the key belongs to; found once for each version of the
   * ring. The sender's.
   */
  int owner(RingView ring) {
    if (owner < 0 || ownerOfRing != (int) ring.version()) {
      owner = ring.ownerIndex(key.ringHash());
      ownerOfRing = (int) ring.version();
    }
    return owner;
  }

  /** Who comes next on the ring, from the owner on, among the eligible; -1 where none is. */
  int owner(RingView ring, IntPredicate eligible) {
    return ring.ownerIndex(key.ringHash(), eligible);
  }
}
