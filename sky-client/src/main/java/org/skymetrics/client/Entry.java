package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/** A series that this client counts, and all sources that gather for it. */
final class Entry {
  private static final Source[] NO_SOURCES = {};
  private static final VarHandle BORN;

  static {
    try {
      BORN = MethodHandles.lookup().findVarHandle(Entry.class, "born", Born.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Key key;
  final Kind kind;

  /** Sources that threads have made and the sender has not seen yet: a stack. */
  @SuppressWarnings("UnusedVariable") // read and written through BORN
  private @Nullable Born born;

  /** Replaced by the sender alone. */
  private volatile Source[] sources = NO_SOURCES;

  private record Born(Source source, @Nullable Born before) {}

  /** Whether the sender's list of all series holds this one. */
  private volatile boolean listed;

  private volatile boolean closed;

  /** The sender's: the index in the ring of the key's owner, and the version of that ring. */
  private int owner = -1;

  private long ownerOfRing;
  private final long ringHash;

  /** Where counts of keys past the limit go that have this one as their nearest parent. */
  private volatile @Nullable Source spill;

  Entry(Key key, Kind kind) {
    this.key = key;
    this.kind = kind;
    ringHash = key.ringHash();
  }

  /**
   * Adds a source; false where the sender is forgetting this entry, and the source has to go into a
   * new one as well.
   */
  boolean add(Source source) {
    Born top;
    do {
      top = (Born) BORN.getAcquire(this);
    } while (!BORN.compareAndSet(this, top, new Born(source, top)));
    return !closed;
  }

  /** The sender has taken this series into its list. */
  void list() {
    listed = true;
  }

  boolean isListed() {
    return listed;
  }

  /**
   * The sources as the sender knows them, in an array that does not change; it alone calls this.
   */
  Source[] sources() {
    Born top = (Born) BORN.getAcquire(this);
    if (top != null) {
      List<Source> all = new ArrayList<>(List.of(sources));
      takeBorn().stream().filter(source -> !all.contains(source)).forEach(all::add);
      sources = all.toArray(NO_SOURCES);
    }
    return sources;
  }

  /** The sender's. */
  boolean hasNoSources() {
    return sources().length == 0;
  }

  private List<Source> takeBorn() {
    List<Source> taken = new ArrayList<>();
    for (Born b = (Born) BORN.getAndSet(this, null); b != null; b = b.before()) {
      taken.add(b.source());
    }
    return taken;
  }

  /** The sender's: a retired source that was harvested to its end. */
  void drop(Source source) {
    List<Source> left = new ArrayList<>(List.of(sources));
    left.remove(source);
    sources = left.toArray(NO_SOURCES);
  }

  /**
   * Ends the entry. A thread that added a source before this may not have seen the end: such
   * sources are returned. One that adds a source after sees it.
   */
  List<Source> close() {
    closed = true;
    return takeBorn();
  }

  /** What was accepted by the sources that there are, up to some moment. */
  long accepted() {
    long accepted = 0;
    for (Source source : sources) {
      accepted += source.accepted();
    }
    for (Born b = (Born) BORN.getAcquire(this); b != null; b = b.before()) {
      accepted += b.source().accepted();
    }
    return accepted;
  }

  /**
   * The index in the ring of the server that the key belongs to; found once for each version of the
   * ring. The sender's.
   */
  int owner(RingView ring) {
    if (owner < 0 || ownerOfRing != ring.version()) {
      owner = ring.ownerIndex(ringHash);
      ownerOfRing = ring.version();
    }
    return owner;
  }

  /** Who comes next on the ring, from the owner on, among the eligible; -1 where none is. */
  int owner(RingView ring, IntPredicate eligible) {
    return ring.ownerIndex(ringHash, eligible);
  }

  /**
   * The source for what spills over from keys past the limit; of two made at once both are
   * harvested, and one is kept.
   */
  Source spill(Registry registry) {
    Source present = spill;
    if (present == null) {
      present = registry.factory().shared(kind, key.toString());
      present.bind();
      registry.add(this, present);
      spill = present;
    }
    return present;
  }
}
