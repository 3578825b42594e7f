package org.skymetrics.store.riak.standin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bucket with its properties and objects, and Riak's rules for what a write replaces. Used under
 * the lock of {@link Memory}.
 *
 * <p>A write whose clock has seen all that is stored replaces it. Any other is concurrent: with
 * allow_mult it becomes a sibling, else the youngest value stays. Buckets of the default type keep
 * all siblings then, those that the writer had seen as well; only with dotted version vectors, as
 * in other types, are these dropped.
 */
final class Bucket {
  private static final Duration TOMBSTONES_STAY = Duration.ofSeconds(3);
  private static final Comparator<Content> BY_VALUE =
      Comparator.comparing(Content::value, Arrays::compareUnsigned);

  private final Marks marks;
  private final boolean dotted;
  private final Map<String, Stored> objects = new TreeMap<>();
  private boolean allowMult;
  private boolean lastWriteWins;

  Bucket(Marks marks, boolean dotted, boolean allowMult) {
    this.marks = marks;
    this.dotted = dotted;
    this.allowMult = allowMult;
  }

  boolean allowMult() {
    return allowMult;
  }

  void allowMult(boolean allow) {
    allowMult = allow;
  }

  boolean lastWriteWins() {
    return lastWriteWins;
  }

  void lastWriteWins(boolean wins) {
    lastWriteWins = wins;
  }

  @Nullable Stored get(String key) {
    Stored stored = objects.get(key);
    if (stored != null && stored.isDeleted() && isOld(stored)) {
      objects.remove(key);
      return null;
    }
    return stored;
  }

  private boolean isOld(Stored stored) {
    Instant limit = marks.now().minus(TOMBSTONES_STAY);
    return stored.contents().stream().allMatch(c -> c.modified().isBefore(limit));
  }

  /** The keys in order, those of tombstones with them as Riak does. */
  List<String> keys() {
    return List.copyOf(objects.keySet()).stream().filter(key -> get(key) != null).toList();
  }

  Stored put(String key, Message content, VectorClock seen, boolean tombstone) {
    Stored before = get(key);
    Instant now = marks.now();
    String actor = before == null ? marks.firstActor() : marks.actor();
    boolean replaces = before == null || lastWriteWins || seen.descends(before.clock());
    VectorClock clock =
        (replaces ? seen : seen.merge(before.clock())).increment(actor, now.getEpochSecond());
    Content written = new Content(content, tombstone, marks.tag(), now, clock.dot());
    Stored after;
    if (replaces) {
      after = new Stored(clock, List.of(written));
    } else {
      List<Content> all = new ArrayList<>(before.contents());
      if (dotted) {
        all.removeIf(c -> seen.knows(c.dot()));
      }
      all.add(written);
      all.sort(BY_VALUE);
      // Replicas merge once more, which puts the actors in order.
      after = new Stored(clock.merge(VectorClock.EMPTY), allowMult ? all : List.of(written));
    }
    objects.put(key, after);
    return after;
  }

  /** Puts a tombstone in the place of what {@code seen} has seen. */
  void delete(String key, VectorClock seen) {
    put(key, new Message().bytes(1, new byte[0]), seen, true);
  }
}
