package org.skymetrics.common.cell;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * What one (kind, key, period) has gathered. Cells merge associatively and commutatively, and a new
 * cell is the identity: integer sums, counts, minima, maxima and buckets exactly, sums of doubles
 * within 1e-12 relative.
 *
 * <p>Mutable, with one writer; the stored form is specified in docs/storage.md.
 */
public abstract sealed class Cell permits CounterCell, GaugeCell, HistogramCell, SetCell {
  Cell() {}

  public abstract Kind kind();

  /** Whether nothing was gathered yet. */
  public abstract boolean isEmpty();

  /**
   * Takes in all that {@code other} holds, which is left as it is.
   *
   * @throws IllegalArgumentException where it is of another kind
   */
  public abstract void merge(Cell other);

  /** A cell of its own with the same content. */
  public final Cell copy() {
    Cell copy = kind().newCell();
    copy.merge(this);
    return copy;
  }

  /** Writes the stored form. */
  public abstract void store(ByteWriter out);

  /**
   * What a chart of the period's swing shows: the value of a counter, the mean of a gauge, the
   * count of a histogram, the number of members of a set.
   */
  public abstract double magnitude();

  /**
   * Reads the stored form up to the end of {@code in}; null, and {@code in} failed, where it is
   * malformed.
   */
  public static @Nullable Cell load(Kind kind, ByteReader in) {
    Cell cell =
        switch (kind) {
          case COUNTER -> CounterCell.read(in);
          case GAUGE -> GaugeCell.load(in);
          case HISTOGRAM -> HistogramCell.read(in);
          case SET -> SetCell.read(in);
        };
    return in.failed() ? null : cell;
  }

  final IllegalArgumentException otherKind(Cell other) {
    return new IllegalArgumentException(
        "a " + kind().label() + " can't merge a " + other.kind().label());
  }
}
