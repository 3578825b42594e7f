package org.skymetrics.common.cell;

import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * Minimum, maximum, sum and sum of squares of samples. The sums are compensated (Neumaier 1974), so
 * that a million samples stay within 1e-12 of the exact sum relative to the sum of their
 * magnitudes. A sum that would overflow stays at the greatest finite number: what was gathered can
 * always be stored, read and merged again.
 *
 * <p>Layout when written: f64 min, f64 max, f64 sum, f64 sum of squares. With no samples min is
 * +infinity and max -infinity.
 */
public final class Moments {
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double sum;
  private double sumLow;
  private double squares;
  private double squaresLow;

  /** One finite sample. */
  public void add(double value) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    addSum(value);
    addSquares(value * value);
  }

  public void merge(Moments other) {
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    addSum(other.sum());
    addSquares(other.sumOfSquares());
  }

  public double min() {
    return min;
  }

  public double max() {
    return max;
  }

  public double sum() {
    return finite(sum + sumLow);
  }

  public double sumOfSquares() {
    return finite(squares + squaresLow);
  }

  /** Sets all four to what was kept elsewhere. */
  public void set(double newMin, double newMax, double newSum, double newSumOfSquares) {
    min = newMin;
    max = newMax;
    sum = finite(newSum);
    sumLow = 0;
    squares = finite(newSumOfSquares);
    squaresLow = 0;
  }

  void write(ByteWriter out) {
    out.f64(min).f64(max).f64(sum()).f64(sumOfSquares());
  }

  void read(ByteReader in) {
    set(in.f64(), in.f64(), in.f64(), in.f64());
    if (!Double.isFinite(min)
        || !Double.isFinite(max)
        || Double.isNaN(sum)
        || Double.isNaN(squares)) {
      in.fail();
    }
  }

  private void addSum(double v) {
    double t = sum + v;
    double low = Math.abs(sum) >= Math.abs(v) ? (sum - t) + v : (v - t) + sum;
    sumLow = Double.isFinite(t) ? sumLow + low : 0;
    sum = finite(t);
  }

  private void addSquares(double v) {
    double t = squares + v;
    double low = squares >= v ? (squares - t) + v : (v - t) + squares;
    squaresLow = Double.isFinite(t) ? squaresLow + low : 0;
    squares = finite(t);
  }

  /** The nearest finite number. */
  static double finite(double value) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
  }

  /** The sum of two counts, at most {@link Long#MAX_VALUE}: a count never turns negative. */
  static long addCounts(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
