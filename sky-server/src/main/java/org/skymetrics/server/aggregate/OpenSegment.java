package org.skymetrics.server.aggregate;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.batch.Series;

/**
 * The segment that is being counted into: its number, and what the tables of all receiving threads
 * share in it. The series are told apart over all threads, so a key that every thread meets counts
 * once towards the limit. Asked only where a table meets a series or a period for the first time.
 * Safe from any thread.
 */
public final class OpenSegment {
  /** What becomes of a series that is new to a table. */
  enum Admission {
    /** No table of the segment had it. */
    NEW,
    /** Another table has it. */
    KNOWN,
    /** It is new, and there are too many. */
    REFUSED
  }

  private final long number;
  private final KeyLimits limits;

  /** Null where one table counts alone: a table asks for each series once. */
  private final @Nullable Set<Series> series;

  private final AtomicInteger distinct = new AtomicInteger();
  private final LongAdder cells = new LongAdder();

  /** How many series of the segment each session was the first to name. */
  private final Map<Long, AtomicInteger> ofSession = new ConcurrentHashMap<>();

  /**
   * A segment.
   *
   * @param number from 1, never repeated
   * @param limits a few series more where several threads reach one at once
   */
  public OpenSegment(long number, KeyLimits limits) {
    this(number, limits, ConcurrentHashMap.newKeySet());
  }

  private OpenSegment(long number, KeyLimits limits, @Nullable Set<Series> series) {
    this.number = number;
    this.limits = limits;
    this.series = series;
  }

  /**
   * The segment after this one, with room for as many series: mostly they are the same.
   *
   * @param tables how many will count in it
   */
  public OpenSegment next(int tables) {
    Set<Series> room = tables == 1 ? null : ConcurrentHashMap.newKeySet(distinct.get());
    return new OpenSegment(number + 1, limits, room);
  }

  public long number() {
    return number;
  }

  /** The cells in it, over all periods and threads: what it costs. */
  public long cells() {
    return cells.sum();
  }

  /**
   * Whether a table may have a series. One that was admitted once is never refused after, so a
   * series is admitted wherever a child of it was. A new one is on its session's account.
   */
  Admission admit(Series candidate, long session) {
    if (series != null && series.contains(candidate)) {
      return Admission.KNOWN;
    }
    AtomicInteger named = ofSession.computeIfAbsent(session, s -> new AtomicInteger());
    if (distinct.get() >= limits.all() || named.get() >= limits.ofSession()) {
      return Admission.REFUSED;
    }
    Admission admission = force(candidate);
    if (admission == Admission.NEW) {
      named.incrementAndGet();
    }
    return admission;
  }

  /** Admits a series whatever the limit. */
  Admission force(Series candidate) {
    if (series != null && !series.add(candidate)) {
      return Admission.KNOWN;
    }
    distinct.incrementAndGet();
    return Admission.NEW;
  }

  void addedCell() {
    cells.increment();
  }
}
