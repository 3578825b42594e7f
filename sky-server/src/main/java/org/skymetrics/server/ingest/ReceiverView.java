package org.skymetrics.server.ingest;

import java.util.List;

/** What a receiving thread holds at a moment. */
public record ReceiverView(int thread, int lanes, List<Long> sessions, int series) {
  public ReceiverView {
    sessions = List.copyOf(sessions);
  }
}
