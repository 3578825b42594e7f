package org.skymetrics.client;

/**
 * How much longer than the flush interval a client folds of its own accord. With so many series
 * that a flush says hardly less than was counted, folding saves nothing, and each record costs its
 * way; what a series counts in a few seconds is one record.
 *
 * <p>For one thread alone.
 */
final class FlushPace {
  /** These take about a tenth of a core here, and half of that in a server. */
  private static final long MANY_PER_SECOND = 200_000;

  /** With twice as many there would still be room. */
  private static final long FEW_PER_SECOND = MANY_PER_SECOND / 4;

  /** A page shows seconds. */
  private static final long LONGEST_NS = 4_000_000_000L;

  private final long intervalNs;
  private int doublings;

  /** A pace for a client with this flush interval. */
  FlushPace(long intervalNs) {
    this.intervalNs = intervalNs;
  }

  /**
   * Notes what was flushed.
   *
   * @param records all since the flush before
   * @param elapsedNs since then, more than 0
   */
  void flushed(long records, long elapsedNs) {
    double perSecond = 1e9 * records / elapsedNs;
    if (perSecond > MANY_PER_SECOND && intervalNs << (doublings + 1) <= LONGEST_NS) {
      doublings++;
    } else if (perSecond < FEW_PER_SECOND && doublings > 0) {
      doublings--;
    }
  }

  /** How often the flush interval is to be doubled. */
  int doublings() {
    return doublings;
  }
}
