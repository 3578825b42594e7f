package org.skymetrics.store.chunk;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;

/**
 * What a series has in one step of a resolution. Readers share it: neither cell nor swing is to be
 * changed.
 *
 * @param startMs the start of the step
 * @param cell all of the step merged
 * @param ofLevel how it moved over the base periods; null where the step is one base period
 */
public record Point(long startMs, Cell cell, @Nullable Swing ofLevel) {
  /** The point of one base period. */
  public static Point ofPeriod(long startMs, Cell cell) {
    return new Point(startMs, cell, null);
  }

  /** Adds what this has to the swing of a longer step. */
  public void addTo(Swing swing) {
    if (ofLevel == null) {
      swing.add(cell);
    } else {
      swing.merge(ofLevel);
    }
  }
}
