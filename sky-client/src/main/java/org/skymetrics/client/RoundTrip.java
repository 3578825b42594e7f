package org.skymetrics.client;

/**
 * How long one server takes to acknowledge, and so after which time a packet is taken as lost: as
 * RFC 6298 has it for TCP, within bounds. Measured by packets that were sent once: of one that was
 * sent twice nobody knows which of them is acknowledged. Where all acknowledgements are slower than
 * what is assumed there are none of those, so each flight of packets that is not acknowledged in
 * time doubles the time for those to come, until one is measured. The sender's alone.
 */
final class RoundTrip {
  static final long LEAST_NS = 200_000_000L;
  static final long MOST_NS = 2_000_000_000L;

  /** How much longer than usual it may take at least, however steady it was. */
  private static final long LEAST_SLACK_NS = 100_000_000L;

  private static final int MOST_DOUBLINGS = 4;

  private boolean isKnown;
  private long smoothedNs;
  private long deviationNs;
  private int doublings;
  private long doubledNs = Long.MIN_VALUE;

  /** A packet that was sent once is acknowledged after so long. */
  void measured(long ns) {
    if (isKnown) {
      deviationNs += (Math.abs(smoothedNs - ns) - deviationNs) / 4;
      smoothedNs += (ns - smoothedNs) / 8;
    } else {
      isKnown = true;
      smoothedNs = ns;
      deviationNs = ns / 2;
    }
    doublings = 0;
  }

  /** A packet that was sent then is not acknowledged in time; many of one flight count once. */
  void timedOut(long sentNs, long nowNs) {
    if (sentNs >= doubledNs) {
      doubledNs = nowNs;
      doublings = Math.min(MOST_DOUBLINGS, doublings + 1);
    }
  }

  /** How long after its last transmission, which is the n-th, a packet is to be sent again. */
  long resendAfterNs(int transmissions) {
    long slackNs = Math.max(LEAST_SLACK_NS, 4 * deviationNs);
    long once = Math.max(LEAST_NS, Math.min(MOST_NS, smoothedNs + slackNs));
    int times = Math.max(doublings, Math.min(MOST_DOUBLINGS, transmissions - 1));
    return Math.min(MOST_NS, once << times);
  }
}
