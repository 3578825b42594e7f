package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.chunk.Span;

/** Which periods lie in which window of 5 minutes: mailboxes are worked on by those. */
final class Windows {
  private Windows() {}

  /** The places of each window, oldest window first. */
  static SortedMap<ShardPeriod, List<ShardPeriod>> group(Collection<ShardPeriod> places) {
    SortedMap<ShardPeriod, List<ShardPeriod>> windows = new TreeMap<>();
    for (ShardPeriod place : places) {
      long startMs = Period.floor(place.startMs(), Span.FIVE_MINUTES_MS);
      windows
          .computeIfAbsent(new ShardPeriod(place.shard(), startMs), w -> new ArrayList<>())
          .add(place);
    }
    return windows;
  }

  /** The places of all periods in some time. */
  static List<ShardPeriod> places(int shard, long startMs, long lengthMs, Period period) {
    List<ShardPeriod> places = new ArrayList<>();
    for (long start = startMs; start < startMs + lengthMs; start += period.lengthMs()) {
      places.add(new ShardPeriod(shard, start));
    }
    return places;
  }
}
