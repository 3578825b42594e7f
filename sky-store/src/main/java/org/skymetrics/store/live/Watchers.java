package org.skymetrics.store.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.batch.Series;

/**
 * How many watch each series, and since when nobody does. A series is kept for a while after the
 * last one left, so that who comes back finds what he missed; unless others need its place.
 */
public final class Watchers {
  /** For so long a series that nobody watches is kept. */
  public static final Duration KEPT = Duration.ofMinutes(10);

  private final int maxSeries;
  private final Map<Series, Watched> kept = new HashMap<>();

  private static final class Watched {
    int watchers;
    long leftNs;
  }

  public Watchers(int maxSeries) {
    this.maxSeries = maxSeries;
  }

  /** All series that are kept. */
  public List<Series> series() {
    return List.copyOf(kept.keySet());
  }

  public boolean isKept(Series series) {
    return kept.containsKey(series);
  }

  /** Whether one more series can be kept without another one's place. */
  public boolean hasRoom() {
    return kept.size() < maxSeries;
  }

  /** Forgets the series that nobody watches for longest, and gives it; null where there is none. */
  public @Nullable Series evict(long nowNs) {
    Series longest = null;
    long longestNs = Long.MIN_VALUE;
    for (Map.Entry<Series, Watched> entry : kept.entrySet()) {
      long forNs = nowNs - entry.getValue().leftNs;
      if (entry.getValue().watchers == 0 && forNs > longestNs) {
        longest = entry.getKey();
        longestNs = forNs;
      }
    }
    if (longest != null) {
      kept.remove(longest);
    }
    return longest;
  }

  /** One more watches; true where the series was not kept. */
  public boolean add(Series series) {
    boolean isNew = !kept.containsKey(series);
    kept.computeIfAbsent(series, s -> new Watched()).watchers++;
    return isNew;
  }

  /** One of those who watched does no more. */
  public void remove(Series series, long nowNs) {
    Watched watched = kept.get(series);
    if (watched != null && --watched.watchers == 0) {
      watched.leftNs = nowNs;
    }
  }

  /** Forgets the series that nobody watched for long, and gives them. */
  public List<Series> expire(long nowNs) {
    List<Series> expired = new ArrayList<>();
    kept.forEach(
        (series, watched) -> {
          if (watched.watchers == 0 && nowNs - watched.leftNs >= KEPT.toNanos()) {
            expired.add(series);
          }
        });
    expired.forEach(kept::remove);
    return expired;
  }
}
