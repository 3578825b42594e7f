package org.skymetrics.server.ingest;

import java.util.List;
import org.skymetrics.server.lane.Tally;

/**
 * What a receiving thread holds at a moment.
 *
 * @param ledger what became of the packets on all its lanes, those that are closed too
 * @param untold of that, what the sums of periods do not have yet
 */
public record ReceiverView(
    int thread, int lanes, List<Long> sessions, int series, Tally ledger, Tally untold) {
  public ReceiverView {
    sessions = List.copyOf(sessions);
  }
}
