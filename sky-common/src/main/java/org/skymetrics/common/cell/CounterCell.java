package org.skymetrics.common.cell;

import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A sum: a 64-bit integer (wrapping, so that merging stays exact in any order) and beside it the
 * fraction that came from sampled or fractional input, never rounded away.
 *
 * <p>Layout on the wire and stored: zigzag sum; f64 fraction, present when it is not 0.
 */
public final class CounterCell extends Cell {
  private long sum;
  private double fraction;

  public void add(long n) {
    sum += n;
  }

  /** Adds a finite number that need not be whole. */
  public void add(double value) {
    long whole = (long) value;
    sum += whole;
    fraction = Moments.finite(fraction + (value - whole));
  }

  /** The integer part of the sum: exact. */
  public long sum() {
    return sum;
  }

  /** What is to be added to {@link #sum()}; need not be less than 1. */
  public double fraction() {
    return fraction;
  }

  /** Sum and fraction as one number. */
  public double value() {
    return sum + fraction;
  }

  @Override
  public Kind kind() {
    return Kind.COUNTER;
  }

  @Override
  public boolean isEmpty() {
    return sum == 0 && fraction == 0;
  }

  @Override
  public void merge(Cell other) {
    if (!(other instanceof CounterCell counter)) {
      throw otherKind(other);
    }
    sum += counter.sum;
    fraction = Moments.finite(fraction + counter.fraction);
  }

  @Override
  public double magnitude() {
    return value();
  }

  @Override
  public void store(ByteWriter out) {
    write(out);
  }

  /** Writes the wire form, which is also the stored one. */
  public void write(ByteWriter out) {
    out.zigzag(sum);
    if (fraction != 0) {
      out.f64(fraction);
    }
  }

  /** Reads what {@link #write} wrote, up to the end of {@code in}. */
  public static CounterCell read(ByteReader in) {
    CounterCell cell = new CounterCell();
    cell.sum = in.zigzag();
    if (in.remaining() > 0) {
      cell.fraction = in.f64();
      if (!Double.isFinite(cell.fraction)) {
        in.fail();
      }
    }
    return cell;
  }
}
