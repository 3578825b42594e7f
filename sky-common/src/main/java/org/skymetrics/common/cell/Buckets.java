package org.skymetrics.common.cell;

/**
 * The fixed buckets of every histogram: a value's bucket is a pure function of its bits, so
 * histograms of any two sources merge by adding counts.
 *
 * <p>A power of two is cut into 128 equal buckets, as HdrHistogram does at 2 significant digits; a
 * bucket is at most 1/128 of its lower bound wide. HdrHistogram itself counts in 63-bit integers,
 * and 1e-9 to 1e15 spans 80 bits; the exponent and the upper 7 bits of the mantissa of a double are
 * that index already (docs/decisions/0001-buckets.md).
 *
 * <p>Bucket 0 is zero, 1 to {@link #MAX} are positive values, -1 to -{@link #MAX} the same negated.
 */
public final class Buckets {
  /** The least magnitude told apart; smaller ones that are not 0 count as this. */
  public static final double LOWEST = 1e-9;

  /** The greatest magnitude told apart; greater ones count as this. */
  public static final double HIGHEST = 1e15;

  private static final int SHIFT = 52 - 7;
  private static final long BASE = (Double.doubleToRawLongBits(LOWEST) >>> SHIFT) - 1;

  /** The index of the bucket that holds {@link #HIGHEST}. */
  public static final int MAX = (int) ((Double.doubleToRawLongBits(HIGHEST) >>> SHIFT) - BASE);

  private Buckets() {}

  /** The bucket of a finite value, from -{@link #MAX} to {@link #MAX}. */
  public static int index(double value) {
    long bits = Double.doubleToRawLongBits(value) & Long.MAX_VALUE;
    if (bits == 0) {
      return 0;
    }
    // Of the bits and not of the value: they are in the same order, and quicker to compare.
    int index = Math.min(MAX, Math.max(1, (int) (bits >>> SHIFT) - (int) BASE));
    return value < 0 ? -index : index;
  }

  /** The bound of a bucket that is nearer to zero. */
  public static double inner(int index) {
    double bound = index == 0 ? 0 : Double.longBitsToDouble((Math.abs(index) + BASE) << SHIFT);
    return index < 0 ? -bound : bound;
  }

  /** The bound of a bucket that is farther from zero; it belongs to the next one. */
  public static double outer(int index) {
    double bound = index == 0 ? 0 : Double.longBitsToDouble((Math.abs(index) + 1 + BASE) << SHIFT);
    return index < 0 ? -bound : bound;
  }

  /**
   * The value that a bucket stands for: the middle of its bounds, within 0.4 % of each value in it.
   */
  public static double middle(int index) {
    return (inner(index) + outer(index)) / 2;
  }
}
