package org.skymetrics.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.Posting;

/**
 * A Redis as a machine: what it holds, a snapshot of it, and a replica that lags. It can lose all
 * of it, go back to the snapshot, or be replaced by the replica. {@link SimulatedPeriodStore}s are
 * the connections to it.
 */
final class SimulatedRedis {
  private static final long RETENTION_MS =
      PeriodStore.retention(PeriodStore.LATE_HORIZON).toMillis();

  /** What it holds. */
  static final class State {
    final TreeMap<ShardPeriod, TreeMap<String, byte[]>> mail = new TreeMap<>();
    final TreeMap<ShardPeriod, TreeSet<String>> done = new TreeMap<>();
    final TreeMap<ShardPeriod, TreeMap<Key, Long>> sums = new TreeMap<>();
    final TreeMap<Integer, TreeMap<Key, Posting.Gauge>> gauges = new TreeMap<>();
    final TreeMap<Integer, TreeMap<Series, Long>> seenMs = new TreeMap<>();
    final TreeMap<AnnotationId, Annotation> annotations = new TreeMap<>();

    State copy() {
      State copy = new State();
      copy.annotations.putAll(annotations);
      mail.forEach((place, all) -> copy.mail.put(place, new TreeMap<>(all)));
      done.forEach((place, all) -> copy.done.put(place, new TreeSet<>(all)));
      sums.forEach((place, all) -> copy.sums.put(place, new TreeMap<>(all)));
      gauges.forEach((shard, all) -> copy.gauges.put(shard, new TreeMap<>(all)));
      seenMs.forEach((shard, all) -> copy.seenMs.put(shard, new TreeMap<>(all)));
      return copy;
    }

    boolean knows(ShardPeriod place, String name) {
      return mail.getOrDefault(place, new TreeMap<>()).containsKey(name) || isDone(place, name);
    }

    boolean isDone(ShardPeriod place, String name) {
      return done.getOrDefault(place, new TreeSet<>()).contains(name);
    }

    /** Takes a batch that it does not know; gives the increments refused and the late gauges. */
    int[] post(Posting posting) {
      ShardPeriod place = posting.batch().place();
      mail.computeIfAbsent(place, p -> new TreeMap<>())
          .put(posting.batch().name().toString(), posting.batch().bytes());
      int refused = 0;
      for (Posting.Increment increment : posting.increments()) {
        refused += add(place, increment) ? 0 : 1;
      }
      int late = 0;
      TreeMap<Key, Posting.Gauge> latest =
          gauges.computeIfAbsent(place.shard(), s -> new TreeMap<>());
      for (Posting.Gauge gauge : posting.gauges()) {
        Posting.Gauge present = latest.get(gauge.key());
        if (present == null || Arrays.compareUnsigned(gauge.rank(), present.rank()) > 0) {
          latest.put(gauge.key(), gauge);
        } else {
          late++;
        }
      }
      TreeMap<Series, Long> seen = seenMs.computeIfAbsent(place.shard(), s -> new TreeMap<>());
      posting
          .series()
          .forEach(series -> seen.merge(series, posting.seenSeconds() * 1000, Math::max));
      forget(place.shard());
      return new int[] {refused, late};
    }

    /** False where the sum would leave 64 bits. */
    boolean add(ShardPeriod place, Posting.Increment increment) {
      TreeMap<Key, Long> here = sums.computeIfAbsent(place, p -> new TreeMap<>());
      long present = here.getOrDefault(increment.key(), 0L);
      long sum = present + increment.by();
      if (((present ^ sum) & (increment.by() ^ sum)) < 0) {
        return false;
      }
      here.put(increment.key(), sum);
      return true;
    }

    private void forget(int shard) {
      TreeMap<Series, Long> seen = seenMs.getOrDefault(shard, new TreeMap<>());
      long newest = seen.values().stream().mapToLong(ms -> ms).max().orElse(0);
      seen.values().removeIf(ms -> ms < newest - RETENTION_MS);
      gauges
          .getOrDefault(shard, new TreeMap<>())
          .keySet()
          .removeIf(
              key ->
                  seen.keySet().stream()
                      .noneMatch(
                          s ->
                              s.key().equals(key)
                                  && s.kind() == org.skymetrics.common.cell.Kind.GAUGE));
    }

    void done(ShardPeriod place, Iterable<String> names) {
      for (String name : names) {
        done.computeIfAbsent(place, p -> new TreeSet<>()).add(name);
        mail.getOrDefault(place, new TreeMap<>()).remove(name);
      }
      mail.values().removeIf(Map::isEmpty);
    }
  }

  /** A lease, and when it ends by this machine's clock. */
  record Lease(String holder, long endMs) {}

  final TreeMap<String, Lease> leases = new TreeMap<>();
  private final ArrayDeque<Consumer<State>> notReplicated = new ArrayDeque<>();
  private State state = new State();
  private State replica = new State();
  private State snapshot = new State();
  private @Nullable Layout layout;

  State state() {
    return state;
  }

  /** Changes what it holds; the replica follows when it is told to. */
  void change(Consumer<State> change) {
    change.accept(state);
    notReplicated.add(change);
  }

  /** The layout that was written first, which is this one where none was. */
  Layout layout(Layout wanted) {
    Layout present = layout;
    if (present == null) {
      layout = wanted;
      return wanted;
    }
    return present;
  }

  /** The replica makes up for some of what it lacks. */
  void replicate(int changes) {
    for (int i = 0; i < changes && !notReplicated.isEmpty(); i++) {
      notReplicated.remove().accept(replica);
    }
  }

  void takeSnapshot() {
    snapshot = state.copy();
  }

  void wipe() {
    begin(new State());
    layout = null;
  }

  void rollBack() {
    begin(snapshot.copy());
  }

  /** The replica takes over; what it lacks is gone. */
  void failOver() {
    begin(replica);
  }

  private void begin(State with) {
    state = with;
    replica = with.copy();
    notReplicated.clear();
    leases.clear();
  }
}
