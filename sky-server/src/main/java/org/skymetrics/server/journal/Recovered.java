package org.skymetrics.server.journal;

import java.util.List;
import org.skymetrics.server.lane.StoredLane;
import org.skymetrics.store.batch.Batch;

/**
 * What a journal held when it was opened.
 *
 * @param lanes that took data, as they stood
 * @param forgottenLanes the highest counter of a lane that took data and is not among them
 * @param segments that history may not have yet, oldest first
 */
public record Recovered(List<StoredLane> lanes, long forgottenLanes, List<Segment> segments) {
  public Recovered {
    lanes = List.copyOf(lanes);
    segments = List.copyOf(segments);
  }

  /**
   * A segment.
   *
   * @param isSealed whether its batches were read as they had been written, and may be sent
   */
  public record Segment(long number, boolean isSealed, List<Batch> batches) {
    public Segment {
      batches = List.copyOf(batches);
    }
  }
}
