package org.skymetrics.client;

import java.util.function.BiConsumer;
import org.skymetrics.common.cell.Cell;

/** A source whose harvest is a cell for each epoch: of any kind but counters. */
abstract class CellSource extends Source {
  /** The name in the table of its thread; what a caller's String is compared with. */
  final String name;

  CellSource(String name) {
    this.name = name;
  }

  /**
   * Gives what was gathered since the last call to {@code out}: the epoch it was gathered in, and a
   * cell. The sender calls it.
   */
  abstract void take(FoldTimes times, BiConsumer<Integer, Cell> out);
}
