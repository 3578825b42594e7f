package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Level;

/** Which periods lie in which window of the first level. */
final class Windows {
  private Windows() {}

  /** The window that a period lies in. */
  static Level.Window of(ShardPeriod place) {
    long length = Level.FIVE_MINUTES_MS;
    return new Level.Window(place.shard(), Period.floor(place.startMs(), length), length);
  }

  /** The places of each window, oldest window first. */
  static SortedMap<ShardPeriod, List<ShardPeriod>> group(Collection<ShardPeriod> places) {
    SortedMap<ShardPeriod, List<ShardPeriod>> windows = new TreeMap<>();
    for (ShardPeriod place : places) {
      Level.Window window = of(place);
      windows
          .computeIfAbsent(
              new ShardPeriod(window.shard(), window.startMs()), w -> new ArrayList<>())
          .add(place);
    }
    return windows;
  }

  /** The places of all periods of a window. */
  static List<ShardPeriod> places(Level.Window window, Period period) {
    List<ShardPeriod> places = new ArrayList<>();
    long end = window.startMs() + window.lengthMs();
    for (long start = window.startMs(); start < end; start += period.lengthMs()) {
      places.add(new ShardPeriod(window.shard(), start));
    }
    return places;
  }
}
