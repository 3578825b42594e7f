package org.skymetrics.server;

import java.time.Duration;

/**
 * How a server ended.
 *
 * @param batchesLeft batches that the period store had not taken; without a journal, what they hold
 *     is lost
 * @param bytesLeft the length of all batches that were not known to be in history
 * @param took how long it took
 */
public record StopReport(int batchesLeft, long bytesLeft, Duration took) {
  /** Whether everything counted is in the period store or in history. */
  public boolean isClean() {
    return batchesLeft == 0;
  }
}
