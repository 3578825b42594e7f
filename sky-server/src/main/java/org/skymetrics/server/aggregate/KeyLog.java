package org.skymetrics.server.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.batch.Series;

/**
 * The series met, numbered from 1 in order of meeting: what readers list before any flush. One that
 * goes on from segment to segment is entered once, where it was met first. Holds the segments that
 * history may not have yet; what is older has been put, and the period store lists it. Past its
 * limit the oldest entries go, counted.
 *
 * <p>A circular array; safe from any thread. The receiving threads come here only with series that
 * none of them knows, or that one of them meets for the first time.
 */
public final class KeyLog {
  /** An entry: when a series was met, ms since 1970. */
  public record Entry(Series series, long seenMs) {}

  /** Some entries, and the number of the last one of them. */
  public record Page(long last, List<Entry> entries) {}

  private final int limit;
  private final Counters counters;

  // An entry is at the same place in each of these.
  private @Nullable Series[] series = new @Nullable Series[64];
  private long[] segments = new long[64];
  private long[] seenMs = new long[64];
  private int size;

  /** How many entries have gone: the n-th ever is at n - 1 modulo the length. */
  private long gone;

  public KeyLog(int limit, Counters counters) {
    this.limit = limit;
    this.counters = counters;
  }

  synchronized void met(long segment, Series met, long nowMs) {
    if (size == limit) {
      dropOldest();
      counters.increment(ServerCounter.KEYS_UNLISTED);
    } else if (size == series.length) {
      grow();
    }
    int slot = slot(gone + size);
    series[slot] = met;
    segments[slot] = segment;
    seenMs[slot] = nowMs;
    size++;
  }

  /** Forgets what was met in segments before this one: history has them. */
  public synchronized void forgetBefore(long segment) {
    while (size > 0 && segments[slot(gone)] < segment) {
      dropOldest();
    }
  }

  /**
   * At most {@code max} entries after the {@code after}-th. What is asked for beyond the last, as a
   * reader does that knew another process, starts from the first.
   */
  public synchronized Page after(long after, int max) {
    long end = gone + size;
    long from = after > end ? gone : Math.max(after, gone);
    long to = Math.min(end, from + max);
    List<Entry> page = new ArrayList<>((int) (to - from));
    for (long n = from; n < to; n++) {
      int slot = slot(n);
      page.add(new Entry(Objects.requireNonNull(series[slot]), seenMs[slot]));
    }
    return new Page(to, page);
  }

  public synchronized int size() {
    return size;
  }

  private void dropOldest() {
    series[slot(gone)] = null;
    gone++;
    size--;
  }

  /** Twice as long; an entry's place is another then. */
  private void grow() {
    int before = series.length;
    @Nullable Series[] widerSeries = new @Nullable Series[2 * before];
    long[] widerSegments = new long[2 * before];
    long[] widerSeenMs = new long[2 * before];
    for (long n = gone; n < gone + size; n++) {
      int from = slot(n);
      int to = (int) (n & (2 * before - 1));
      widerSeries[to] = series[from];
      widerSegments[to] = segments[from];
      widerSeenMs[to] = seenMs[from];
    }
    series = widerSeries;
    segments = widerSegments;
    seenMs = widerSeenMs;
  }

  private int slot(long n) {
    return (int) (n & (series.length - 1));
  }
}
