package org.skymetrics.server.journal;

import java.util.List;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.lane.Tally;
import org.skymetrics.store.batch.Batch;

/** Folds the packets of one segment that was not sealed, as they were folded when they came in. */
public interface SegmentFold {
  /** Counts the records of a packet. */
  void count(DataReader packet, long referenceMs);

  /** Counts what the sums of a period got of a lane's ledger. */
  void count(Tally tally, long periodMs);

  /** What was counted. */
  List<Batch> batches();
}
