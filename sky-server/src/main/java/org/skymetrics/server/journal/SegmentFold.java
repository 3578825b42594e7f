package org.skymetrics.server.journal;

import java.util.List;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.store.batch.Batch;

/** Folds the packets of one segment that was not sealed, as they were folded when they came in. */
public interface SegmentFold {
  /** Counts the records of a packet. */
  void count(DataReader packet, long referenceMs);

  /** What was counted. */
  List<Batch> batches();
}
