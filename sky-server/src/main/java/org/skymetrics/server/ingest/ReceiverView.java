package org.skymetrics.server.ingest;

import java.util.List;
import org.skymetrics.server.lane.Tally;

/**
 * What a receiving thread holds at a moment.
 *
 * @param ledger what became of the packets on all its lanes, those that are closed too
 */
public record ReceiverView(int thread, int lanes, List<Long> sessions, int series, Tally ledger) {
  public ReceiverView {
    sessions = List.copyOf(sessions);
  }
}
