package org.skymetrics.server.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.batch.Series;

/**
 * The series met, numbered from 1 in order of meeting, each once a segment: what readers list
 * before any flush. Holds the segments that history may not have yet; what is older has been put,
 * and the period store lists it. Past its limit the oldest entries go, counted.
 *
 * <p>A circular array; safe from any thread. The receiving threads come here only with series that
 * are new to a segment.
 */
public final class KeyLog {
  /** An entry: when a series was met, ms since 1970. */
  public record Entry(Series series, long seenMs) {}

  /** Some entries, and the number of the last one of them. */
  public record Page(long last, List<Entry> entries) {}

  private record Kept(long segment, Entry entry) {}

  private final int limit;
  private final Counters counters;
  private @Nullable Kept[] kept = new @Nullable Kept[64];
  private int size;

  /** How many entries have gone: the n-th ever is at n - 1 modulo the length. */
  private long gone;

  public KeyLog(int limit, Counters counters) {
    this.limit = limit;
    this.counters = counters;
  }

  synchronized void met(long segment, Series series, long nowMs) {
    if (size == limit) {
      dropOldest();
      counters.increment(ServerCounter.KEYS_UNLISTED);
    } else if (size == kept.length) {
      grow();
    }
    kept[slot(gone + size)] = new Kept(segment, new Entry(series, nowMs));
    size++;
  }

  /** Forgets what was met in segments before this one: history has them. */
  public synchronized void forgetBefore(long segment) {
    while (size > 0 && at(gone).segment() < segment) {
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
      page.add(at(n).entry());
    }
    return new Page(to, page);
  }

  public synchronized int size() {
    return size;
  }

  private void dropOldest() {
    kept[slot(gone)] = null;
    gone++;
    size--;
  }

  private void grow() {
    @Nullable Kept[] inOrder = new @Nullable Kept[size];
    for (int i = 0; i < size; i++) {
      inOrder[i] = at(gone + i);
    }
    kept = Arrays.copyOf(kept, kept.length * 2);
    for (int i = 0; i < size; i++) {
      kept[slot(gone + i)] = inOrder[i];
    }
  }

  private Kept at(long n) {
    return Objects.requireNonNull(kept[slot(n)]);
  }

  private int slot(long n) {
    return (int) (n & (kept.length - 1));
  }
}
