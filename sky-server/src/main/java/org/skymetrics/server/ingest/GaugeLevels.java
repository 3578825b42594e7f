package org.skymetrics.server.ingest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;

/**
 * What the gauges are that someone changes, rather than sets: the value that a change is added to.
 * A gauge is followed from the first change on. Its value is asked for then, and whoever {@link
 * #asked} found it says it with {@link #found}, unless the gauge was set meanwhile.
 *
 * <p>Only the owner of a key sees all that sets and changes it, so all is forgotten when the ring
 * changes: another may have owned the key since, and the next change asks again. Safe from any
 * thread; empty, and so without cost, where nobody changes gauges.
 */
public final class GaugeLevels {
  /** Gauges followed at most. */
  static final int MAX = 100_000;

  private final Clock clock;
  private final Counters counters;
  private final ConcurrentMap<Key, Level> levels = new ConcurrentHashMap<>();

  public GaugeLevels(Clock clock, Counters counters) {
    this.clock = clock;
    this.counters = counters;
  }

  /** A gauge that is followed. */
  static final class Level {
    private final long askedNs;
    private boolean known;
    private double value;
    private long timeMs = Long.MIN_VALUE;

    Level(long askedNs) {
      this.askedNs = askedNs;
    }

    synchronized boolean isKnown() {
      return known;
    }

    /** The value after a change. */
    synchronized double change(double by, long atMs) {
      double sum = value + by;
      value = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, sum));
      timeMs = Math.max(timeMs, atMs);
      return value;
    }

    /** The gauge was set; of a time before the last it does not matter any more. */
    synchronized void set(double newValue, long atMs) {
      if (atMs >= timeMs) {
        value = newValue;
        timeMs = atMs;
        known = true;
      }
    }

    synchronized void found(double newValue, long atMs) {
      if (!known) {
        value = newValue;
        timeMs = atMs;
        known = true;
      }
    }
  }

  boolean isEmpty() {
    return levels.isEmpty();
  }

  /** A gauge, followed from now on. */
  Level follow(Key key) {
    if (levels.size() >= MAX) {
      counters.increment(ServerCounter.GAUGES_FORGOTTEN);
      levels.clear();
    }
    return levels.computeIfAbsent(key, k -> new Level(clock.monotonicNs()));
  }

  /** A gauge that is followed, or null. */
  @Nullable Level followed(Key key) {
    return levels.get(key);
  }

  /** Follows a gauge no more: the next change asks for its value again. */
  void forget(Key key) {
    levels.remove(key);
  }

  /** Follows none any more. */
  public void forgetAll() {
    levels.clear();
  }

  /** The gauges whose value is asked for, each with the time since it is, ns. */
  public Map<Key, Long> asked() {
    Map<Key, Long> asked = new LinkedHashMap<>();
    long nowNs = clock.monotonicNs();
    levels.forEach(
        (key, level) -> {
          if (!level.isKnown()) {
            asked.put(key, nowNs - level.askedNs);
          }
        });
    return asked;
  }

  /** What a gauge was found to be; null where there is no such gauge: then it is 0. */
  public void found(Key key, @Nullable GaugeCell cell) {
    Level level = levels.get(key);
    if (level != null) {
      level.found(
          cell == null ? 0 : cell.last(), cell == null ? Long.MIN_VALUE : cell.lastTimeMs());
    }
  }
}
