package org.skymetrics.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/** A series that this client counts, and all sources that gather for it. */
final class Entry {
  final Key key;
  final Kind kind;

  /** Sources that threads have made and the sender has not seen yet. */
  private final Queue<Source> born = new ConcurrentLinkedQueue<>();

  /** Changed by the sender alone. */
  private final List<Source> sources = new CopyOnWriteArrayList<>();

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
    born.add(source);
    return !closed;
  }

  /** The sources as the sender knows them; it alone calls this. */
  List<Source> sources() {
    for (Source source = born.poll(); source != null; source = born.poll()) {
      if (!sources.contains(source)) {
        sources.add(source);
      }
    }
    return sources;
  }

  /** The sender's: a retired source that was harvested to its end. */
  void drop(Source source) {
    sources.remove(source);
  }

  /**
   * Ends the entry. A thread that added a source before this may not have seen the end: such
   * sources are returned. One that adds a source after sees it.
   */
  List<Source> close() {
    closed = true;
    List<Source> left = new ArrayList<>();
    for (Source source = born.poll(); source != null; source = born.poll()) {
      left.add(source);
    }
    return left;
  }

  /** What was accepted by the sources that there are, up to some moment. */
  long accepted() {
    long accepted = 0;
    for (Source source : sources) {
      accepted += source.accepted();
    }
    for (Source source : born) {
      accepted += source.accepted();
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
