package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The totals that threads without a table share, by place: a few stripes of each, and a thread adds
 * to the one of its id by one atomic step. Two threads mostly have two stripes, and then no cache
 * line in common: what an adder for each key can't say of keys that lie beside each other.
 *
 * <pre>
 *   block of 64 places: | gap | 64 totals, stripe 0 | gap | 64 totals, stripe 1 | ...
 * </pre>
 *
 * <p>Blocks are made on first use, and neither copied nor let go: an addition under way is never
 * lost. Totals only gather; a reader reads each stripe once.
 */
final class SharedTotals {
  private static final VarHandle TOTAL = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int PLACE_BITS = 6;
  private static final int PLACES = 1 << PLACE_BITS;

  /** A cache line of longs, so that stripes have none in common wherever the block lies. */
  private static final int GAP = 8;

  private static final int STRIDE = GAP + PLACES;
  private static final int MOST_STRIPES = 8;

  /** Twice the processors, as a power of two: more threads than processors don't run at once. */
  private static final int STRIPES =
      Math.min(MOST_STRIPES, 2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()));

  /** By place; replaced whole when it grows. */
  private volatile long[] @Nullable [] blocks = {};

  /** Adds to a total, in the stripe of the thread with this id. */
  void add(long threadId, int place, long n) {
    long[] @Nullable [] all = blocks;
    int number = place >> PLACE_BITS;
    long[] block = number < all.length ? all[number] : null;
    if (block == null) {
      block = make(number);
    }
    int stripe = (int) threadId & (STRIPES - 1);
    int i = stripe * STRIDE + GAP + (place & (PLACES - 1));
    var unused = (long) TOTAL.getAndAdd(block, i, n);
  }

  private synchronized long[] make(int number) {
    long[] @Nullable [] all = blocks;
    if (number >= all.length) {
      all = Arrays.copyOf(all, number + 1 + (number >> 2));
    }
    long[] block = all[number];
    if (block == null) {
      block = new long[STRIPES * STRIDE];
      all[number] = block;
      blocks = all;
    }
    return block;
  }

  /** What was added at a place. */
  long total(int place) {
    long[] @Nullable [] all = blocks;
    int number = place >> PLACE_BITS;
    long[] block = number < all.length ? all[number] : null;
    return block == null ? 0 : sum(block, GAP + (place & (PLACES - 1)), STRIDE);
  }

  /** What was added at all places. */
  long total() {
    long total = 0;
    for (long[] block : blocks) {
      total += block == null ? 0 : sum(block, 0, 1);
    }
    return total;
  }

  private static long sum(long[] block, int from, int step) {
    long sum = 0;
    for (int i = from; i < block.length; i += step) {
      sum += (long) TOTAL.getOpaque(block, i);
    }
    return sum;
  }
}
