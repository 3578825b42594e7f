package org.skymetrics.server.aggregate;

import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.batch.Series;

/** Takes cells, which are its own from then on. */
@FunctionalInterface
public interface CellSink {
  void cell(Series series, long periodMs, Cell cell);
}
