package org.skymetrics.server.flush;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * The sealed batches that history is not known to hold: those held until the journal has them,
 * those to be put into the period store, and those that were. Safe from any thread; nothing is done
 * under its lock but looking things up.
 */
public final class Unconfirmed {
  /** A segment that the journal does not have yet. */
  public record Held(long segment, List<Batch> batches) {
    public Held {
      batches = List.copyOf(batches);
    }
  }

  /**
   * What there is of one segment.
   *
   * @param oldestMs the start of the oldest period of which it has a batch
   */
  public record SegmentView(long segment, int batches, long bytes, int toPut, long oldestMs) {}

  private record Id(ShardPeriod place, BatchName name) {
    static Id of(Batch batch) {
      return new Id(batch.place(), batch.name());
    }
  }

  private final TreeMap<Long, Held> held = new TreeMap<>();
  private final LinkedHashMap<Id, Batch> toPut = new LinkedHashMap<>();
  private final LinkedHashMap<Id, Batch> put = new LinkedHashMap<>();
  private volatile long bytes;

  /** Adds the batches of a segment, not to be put before they are {@link #release}d. */
  public synchronized void hold(long segment, List<Batch> batches) {
    held.put(segment, new Held(segment, batches));
    batches.forEach(batch -> addBytes(batch.bytes().length));
  }

  /** The segments that are held, oldest first. */
  public synchronized List<Held> held() {
    return List.copyOf(held.values());
  }

  /** The journal has the segment: its batches may leave. */
  public synchronized void release(long segment) {
    Held safe = held.remove(segment);
    if (safe != null) {
      safe.batches().forEach(batch -> toPut.put(Id.of(batch), batch));
    }
  }

  /** Adds batches that the journal has. */
  public synchronized void register(Collection<Batch> batches) {
    for (Batch batch : batches) {
      toPut.put(Id.of(batch), batch);
      addBytes(batch.bytes().length);
    }
  }

  /** The next batches to put: so many at most, and so many bytes, but one at least. */
  synchronized List<Batch> nextToPut(int maxBatches, long maxBytes) {
    List<Batch> next = new ArrayList<>();
    long size = 0;
    for (Batch batch : toPut.values()) {
      size += batch.bytes().length;
      if (next.size() == maxBatches || (size > maxBytes && !next.isEmpty())) {
        break;
      }
      next.add(batch);
    }
    return next;
  }

  /** The period store took these. */
  synchronized void wasPut(Collection<Batch> batches) {
    for (Batch batch : batches) {
      if (toPut.remove(Id.of(batch)) != null) {
        put.put(Id.of(batch), batch);
      }
    }
  }

  /** Lets others go first. */
  synchronized void postpone(Collection<Batch> batches) {
    for (Batch batch : batches) {
      if (toPut.remove(Id.of(batch)) != null) {
        toPut.put(Id.of(batch), batch);
      }
    }
  }

  /** The names that were put, by place. */
  synchronized SortedMap<ShardPeriod, List<BatchName>> waiting() {
    TreeMap<ShardPeriod, List<BatchName>> names = new TreeMap<>();
    for (Id id : put.keySet()) {
      names.computeIfAbsent(id.place(), p -> new ArrayList<>()).add(id.name());
    }
    return names;
  }

  /** History holds this one. */
  synchronized void confirm(ShardPeriod place, BatchName name) {
    Batch batch = put.remove(new Id(place, name));
    if (batch != null) {
      addBytes(-batch.bytes().length);
    }
  }

  /** The period store does not know this one any more. */
  synchronized void putAgain(ShardPeriod place, BatchName name) {
    Id id = new Id(place, name);
    Batch batch = put.remove(id);
    if (batch != null) {
      toPut.put(id, batch);
    }
  }

  /** All batches, in no particular order. */
  synchronized List<Batch> all() {
    return stream().toList();
  }

  private Stream<Batch> stream() {
    return Stream.of(heldBatches(), toPut.values().stream(), put.values().stream())
        .flatMap(batches -> batches);
  }

  private Stream<Batch> heldBatches() {
    return held.values().stream().flatMap(h -> h.batches().stream());
  }

  /** The lowest segment that has a batch here. */
  synchronized OptionalLong oldestSegment() {
    return stream().mapToLong(batch -> batch.name().segment()).min();
  }

  /** The segments that have a batch here: asked for ten times a second, and so without streams. */
  public synchronized Set<Long> segmentNumbers() {
    Set<Long> numbers = new HashSet<>();
    for (Held segment : held.values()) {
      if (!segment.batches().isEmpty()) {
        numbers.add(segment.segment());
      }
    }
    for (Id id : toPut.keySet()) {
      numbers.add(id.name().segment());
    }
    for (Id id : put.keySet()) {
      numbers.add(id.name().segment());
    }
    return numbers;
  }

  /** How many batches the period store has not taken. */
  public synchronized int left() {
    return toPut.size() + (int) heldBatches().count();
  }

  /** How many batches there are. */
  public synchronized int size() {
    return (int) stream().count();
  }

  /** The length of all batches together. */
  public long bytes() {
    return bytes;
  }

  /** What there is of each segment, oldest first. */
  public synchronized List<SegmentView> segments() {
    Map<Long, SegmentView> views = new TreeMap<>();
    heldBatches().forEach(batch -> view(views, batch, 1));
    toPut.values().forEach(batch -> view(views, batch, 1));
    put.values().forEach(batch -> view(views, batch, 0));
    return List.copyOf(views.values());
  }

  private static void view(Map<Long, SegmentView> views, Batch batch, int left) {
    views.merge(
        batch.name().segment(),
        new SegmentView(
            batch.name().segment(), 1, batch.bytes().length, left, batch.place().startMs()),
        (a, b) ->
            new SegmentView(
                a.segment(),
                a.batches() + 1,
                a.bytes() + b.bytes(),
                a.toPut() + b.toPut(),
                Math.min(a.oldestMs(), b.oldestMs())));
  }

  /** Written under the lock only; volatile for those who just look. */
  private void addBytes(long more) {
    long now = bytes + more;
    bytes = now;
  }
}
