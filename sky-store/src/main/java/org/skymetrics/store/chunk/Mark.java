package org.skymetrics.store.chunk;

import org.skymetrics.common.time.Period;

/**
 * Says that files of a span lack something of what is below them.
 *
 * @param span of which span's files
 * @param startMs of an hour: the window of 5 minutes; else the span itself
 * @param token 0, or that of the one who works on it
 */
public record Mark(Span span, long startMs, long token) implements Comparable<Mark> {
  /** The mark that nobody works on, for files of {@code span} that should hold {@code timeMs}. */
  public static Mark open(Span span, long timeMs) {
    long startMs =
        span == Span.HOUR ? Period.floor(timeMs, Span.FIVE_MINUTES_MS) : span.startOf(timeMs);
    return new Mark(span, startMs, 0);
  }

  /** The start of the span that is to be made again. */
  public long spanStartMs() {
    return span.startOf(startMs);
  }

  @Override
  public int compareTo(Mark other) {
    int order = span.compareTo(other.span);
    if (order == 0) {
      order = Long.compare(startMs, other.startMs);
    }
    return order != 0 ? order : Long.compareUnsigned(token, other.token);
  }
}
