package org.skymetrics.common.cell;

import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * How a series moved over the base periods of a longer window: the number of periods that have a
 * cell, and min, max, sum and sum of squares of their {@link Cell#magnitude()}. Kept at every
 * level, so that a peak is never averaged away.
 */
public final class Swing {
  private long periods;
  private final Moments moments = new Moments();

  /** One base period's cell. */
  public void add(Cell cell) {
    periods++;
    moments.add(cell.magnitude());
  }

  public void merge(Swing other) {
    periods += other.periods;
    moments.merge(other.moments);
  }

  public long periods() {
    return periods;
  }

  public Moments moments() {
    return moments;
  }

  /** Writes: varint periods, then the moments. */
  public void write(ByteWriter out) {
    out.varint(periods);
    moments.write(out);
  }

  /** Reads what {@link #write} wrote. */
  public static Swing read(ByteReader in) {
    Swing swing = new Swing();
    swing.periods = in.varint();
    swing.moments.read(in);
    return swing;
  }
}
