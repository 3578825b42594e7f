package org.skymetrics.server;

import java.time.Duration;

/**
 * How a server ended.
 *
 * @param batchesLeft batches that the period store had not taken; without a journal, what they hold
 *     is lost
 * @param batchesUnconfirmed batches that history was not known to have, those included; with a
 *     journal they are in it
 * @param bytesLeft the length of all batches that were not known to be in history
 * @param took how long it took
 */
public record StopReport(int batchesLeft, int batchesUnconfirmed, long bytesLeft, Duration took) {
  /** Whether everything counted is in the period store or in history. */
  public boolean isClean() {
    return batchesLeft == 0;
  }

  /** Whether all that the server counted is in history, so that its directory is needed no more. */
  public boolean leavesNothing() {
    return batchesUnconfirmed == 0;
  }
}
