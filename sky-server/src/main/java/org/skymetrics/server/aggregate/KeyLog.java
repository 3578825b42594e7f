package org.skymetrics.server.aggregate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.batch.Series;

/**
 * The series met, numbered from 1 in order of meeting, each once a segment: what readers list
 * before any flush. Holds the segments that history may not have yet; what is older has been put,
 * and the period store lists it. Past its limit the oldest entries go, counted.
 *
 * <p>Safe from any thread; asked by the receiving threads only where a series is new to their
 * table.
 */
public final class KeyLog {
  /** An entry: when a series was met, ms since 1970. */
  public record Entry(Series series, long seenMs) {}

  /** Some entries, and the number of the last one of them. */
  public record Page(long last, List<Entry> entries) {}

  private record Kept(long segment, Entry entry) {}

  private final int limit;
  private final Counters counters;
  private final ArrayDeque<Kept> entries = new ArrayDeque<>();
  private final Map<Long, Set<Series>> metInSegment = new HashMap<>();
  private long before;

  public KeyLog(int limit, Counters counters) {
    this.limit = limit;
    this.counters = counters;
  }

  synchronized void met(long segment, Series series, long nowMs) {
    if (!metInSegment.computeIfAbsent(segment, s -> new HashSet<>()).add(series)) {
      return;
    }
    if (entries.size() == limit) {
      entries.removeFirst();
      before++;
      counters.increment(ServerCounter.KEYS_UNLISTED);
    }
    entries.addLast(new Kept(segment, new Entry(series, nowMs)));
  }

  /** A segment gets no more entries. */
  public synchronized void sealed(long segment) {
    metInSegment.remove(segment);
  }

  /** Forgets what was met in segments before this one: history has them. */
  public synchronized void forgetBefore(long segment) {
    while (!entries.isEmpty() && entries.getFirst().segment() < segment) {
      entries.removeFirst();
      before++;
    }
  }

  /**
   * At most {@code max} entries after the {@code after}-th. What is asked for beyond the last, as a
   * reader does that knew another process, starts from the first.
   */
  public synchronized Page after(long after, int max) {
    long last = before + entries.size();
    long from = after > last ? before : Math.max(after, before);
    List<Entry> page = new ArrayList<>();
    Iterator<Kept> i = from - before > entries.size() / 2 ? newestFirst(last - from) : oldest(from);
    while (i.hasNext() && page.size() < max) {
      page.add(i.next().entry());
    }
    return new Page(from + page.size(), page);
  }

  public synchronized int size() {
    return entries.size();
  }

  private Iterator<Kept> oldest(long from) {
    Iterator<Kept> i = entries.iterator();
    for (long skip = from - before; skip > 0; skip--) {
      i.next();
    }
    return i;
  }

  /** The newest {@code count} entries, in order; a reader that keeps up asks for just a few. */
  private Iterator<Kept> newestFirst(long count) {
    ArrayDeque<Kept> newest = new ArrayDeque<>();
    Iterator<Kept> i = entries.descendingIterator();
    for (long n = count; n > 0; n--) {
      newest.addFirst(i.next());
    }
    return newest.iterator();
  }
}
