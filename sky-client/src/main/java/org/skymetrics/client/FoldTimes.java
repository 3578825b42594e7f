package org.skymetrics.client;

import java.util.HashMap;
import java.util.Map;

/**
 * When the epochs were: the reference instant of each, on the monotonic clock. Kept for those that
 * a fold may still be of; for an older one the oldest is taken. The sender's alone.
 */
final class FoldTimes {
  private static final int KEPT = 4096;

  private final Map<Integer, Long> referenceNs = new HashMap<>();
  private int first;
  private int last;

  FoldTimes(int epoch, long reference) {
    first = epoch;
    last = epoch;
    referenceNs.put(epoch, reference);
  }

  /** Says when an epoch is; the latest may be said anew. */
  void set(int epoch, long reference) {
    referenceNs.put(epoch, reference);
    last = epoch;
    while (last - first >= KEPT) {
      referenceNs.remove(first++);
    }
  }

  long referenceNs(int epoch) {
    Long reference = referenceNs.get(Math.max(first, Math.min(last, epoch)));
    if (reference == null) {
      throw new IllegalStateException("no time of epoch " + epoch);
    }
    return reference;
  }
}
