package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/** A series that this client counts, and all sources that gather for it. */
final class Entry {
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

  /**
   * One, which is what most series have, or a list that does not change; null where there is none.
   * Replaced by the sender alone.
   */
  private volatile @Nullable Object sources;

  private record Born(Source source, @Nullable Born before) {}

  /** Whether the sender's list of all series holds this one. */
  private volatile boolean listed;

  private volatile boolean closed;

  /** The sender's: the index in the ring of the key's owner, and the version of that ring. */
  private int owner = -1;

  private int ownerOfRing;

  Entry(Key key, Kind kind) {
    this.key = key;
    this.kind = kind;
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

  /** How many sources there are now. The sender's. */
  int count() {
    if ((Born) BORN.getAcquire(this) != null) {
      List<Source> all = known();
      takeBorn().stream().filter(source -> !all.contains(source)).forEach(all::add);
      set(all);
    }
    Object present = sources;
    return present == null ? 0 : present instanceof Source[] many ? many.length : 1;
  }

  /** One of the sources as they were counted last. The sender's. */
  Source source(int i) {
    Object present = Objects.requireNonNull(sources);
    return present instanceof Source[] many ? many[i] : (Source) present;
  }

  private List<Source> known() {
    Object present = sources;
    return present == null
        ? new ArrayList<>()
        : new ArrayList<>(
            present instanceof Source[] many ? List.of(many) : List.of((Source) present));
  }

  private void set(List<Source> all) {
    sources =
        all.isEmpty() ? null : all.size() == 1 ? all.get(0) : all.toArray(new Source[all.size()]);
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
    List<Source> left = known();
    left.remove(source);
    set(left);
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
    for (Source source : known()) {
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
