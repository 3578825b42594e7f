package org.skymetrics.store.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.skymetrics.store.batch.Series;

/**
 * Somebody who is told the seconds of what he watches: which series, and up to which version he was
 * told. What is told is always all that he lacks, so a message that was left out because he was
 * slow is made up for by the next. Where that would be too much at once, the oldest seconds of it
 * are left out, and said to be.
 */
public final class Follower {
  private final Set<Series> known = new HashSet<>();

  /** Series of which nothing was told yet, and since when they are wanted. */
  private final Map<Series, Long> anew = new HashMap<>();

  private long to = Long.MAX_VALUE;
  private long version = Long.MIN_VALUE;

  /** One thing of a series in a second. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Item(Series series, byte[] bytes) {}

  /** The items of a second. */
  public record Second(long time, List<Item> items) {}

  /**
   * What is told at once.
   *
   * @param from seconds from here to {@code to} are over, and told whole
   * @param kept series of which something is told for the first time: from where on they are whole
   * @param seconds the newest first
   */
  public record Told(long from, long to, Map<Series, Long> kept, List<Second> seconds) {}

  /** Watches a series, from a second on as far as that is kept; once more where he did before. */
  public void watch(Series series, long since) {
    known.remove(series);
    anew.put(series, since);
  }

  /** Whether he watched it. */
  public boolean unwatch(Series series) {
    return anew.remove(series) != null || known.remove(series);
  }

  public boolean watches(Series series) {
    return known.contains(series) || anew.containsKey(series);
  }

  /** How many series he watches. */
  public int size() {
    return known.size() + anew.size();
  }

  /** All that he watches. */
  public List<Series> series() {
    List<Series> all = new ArrayList<>(known);
    all.addAll(anew.keySet());
    return all;
  }

  /**
   * All that he lacks, which counts as told from now on.
   *
   * @param newTo seconds before are over
   * @param newVersion the version of the source
   */
  public Told next(SecondSource source, long newTo, long newVersion, int maxBytes) {
    Map<Series, Long> kept = keptAnew(source);
    long from = Math.min(to, newTo);
    long cut = Long.MIN_VALUE;
    long left = maxBytes;
    List<Second> seconds = new ArrayList<>();
    for (long second : source.changed(kept.isEmpty() ? version : Long.MIN_VALUE)) {
      List<Item> items = items(source, second, kept);
      long size = items.stream().mapToLong(item -> item.bytes().length).sum();
      if (size > left && !seconds.isEmpty()) {
        cut = second + 1;
        break;
      }
      left -= size;
      if (!items.isEmpty()) {
        seconds.add(new Second(second, items));
      }
    }
    long whole = cut;
    kept.replaceAll((series, first) -> Math.max(first, whole));
    known.addAll(kept.keySet());
    anew.keySet().removeAll(kept.keySet());
    version = newVersion;
    to = newTo;
    return new Told(Math.max(from, Math.min(whole, newTo)), newTo, kept, seconds);
  }

  private Map<Series, Long> keptAnew(SecondSource source) {
    Map<Series, Long> kept = new HashMap<>();
    anew.forEach(
        (series, since) -> {
          Long from = source.keptFrom(series);
          if (from != null) {
            kept.put(series, Math.max(from, since));
          }
        });
    return kept;
  }

  private List<Item> items(SecondSource source, long second, Map<Series, Long> kept) {
    List<Item> items = new ArrayList<>();
    for (Series series : known) {
      add(source, second, series, version, items);
    }
    kept.forEach(
        (series, first) -> {
          if (second >= first) {
            add(source, second, series, Long.MIN_VALUE, items);
          }
        });
    return items;
  }

  private static void add(
      SecondSource source, long second, Series series, long after, List<Item> items) {
    byte[] bytes = source.item(second, series, after);
    if (bytes != null) {
      items.add(new Item(series, bytes));
    }
  }
}
