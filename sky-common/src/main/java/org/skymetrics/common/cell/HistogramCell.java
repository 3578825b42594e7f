package org.skymetrics.common.cell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * A distribution: a count for each of the fixed {@link Buckets}, and the moments of the values.
 *
 * <p>Counts are kept in pages of 32 buckets (a quarter of a power of two), made when first used, in
 * a directory that spans just the pages touched: what a latency of a few milliseconds costs is a
 * handful of pages.
 *
 * <p>Layout on the wire and stored: u8 flags (bit 0: moments present); f64 min, max, sum, sum of
 * squares; varint n; n times zigzag bucket index minus the one before, varint count.
 */
public final class HistogramCell extends Cell {
  private static final int FLAG_MOMENTS = 1;
  private static final int PAGE_BITS = 5;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int MAX_BUCKETS = 2 * Buckets.MAX + 1;

  /** Takes the buckets that are not empty, in ascending order. */
  @FunctionalInterface
  public interface BucketVisitor {
    void bucket(int index, long count);
  }

  private long count;
  private final Moments moments = new Moments();
  private int firstPage;
  private long[] @Nullable [] pages = new long[0][];

  /** One finite value. */
  public void record(double value) {
    add(Buckets.index(value), 1);
    moments.add(value);
  }

  /** A finite value {@code times} times over, as sampled input says; {@code times} is positive. */
  public void record(double value, long times) {
    add(Buckets.index(value), times);
    Moments weighted = new Moments();
    weighted.set(value, value, value * times, value * value * times);
    moments.merge(weighted);
  }

  /** Adds to one bucket without touching the moments; pair it with {@link #mergeMoments}. */
  public void add(int bucket, long n) {
    int page = bucket >> PAGE_BITS;
    long[] counts = page(page);
    int at = bucket & (PAGE_SIZE - 1);
    counts[at] = Moments.addCounts(counts[at], n);
    count = Moments.addCounts(count, n);
  }

  /** Takes in the moments of values whose buckets were added apart. */
  public void mergeMoments(Moments other) {
    moments.merge(other);
  }

  /** How many values there are. */
  public long count() {
    return count;
  }

  public Moments moments() {
    return moments;
  }

  /** Walks the buckets that are not empty, in ascending order. */
  public void forEachBucket(BucketVisitor visitor) {
    for (int p = 0; p < pages.length; p++) {
      long[] page = pages[p];
      if (page == null) {
        continue;
      }
      for (int i = 0; i < PAGE_SIZE; i++) {
        if (page[i] != 0) {
          visitor.bucket(((firstPage + p) << PAGE_BITS) + i, page[i]);
        }
      }
    }
  }

  /**
   * The value below which {@code quantile} (0 to 1) of the values lie, within 0.4 % of the true one
   * and never outside min and max; NaN where there are none. The rank is {@code ceil(quantile *
   * count)}, at least 1.
   */
  public double quantile(double quantile) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, Math.min(count, (long) Math.ceil(quantile * count)));
    long below = 0;
    for (int p = 0; p < pages.length; p++) {
      long[] page = pages[p];
      if (page == null) {
        continue;
      }
      for (int i = 0; i < PAGE_SIZE; i++) {
        below = Moments.addCounts(below, page[i]);
        if (below >= rank) {
          double middle = Buckets.middle(((firstPage + p) << PAGE_BITS) + i);
          return moments.min() <= moments.max()
              ? Math.max(moments.min(), Math.min(moments.max(), middle))
              : middle;
        }
      }
    }
    return moments.max();
  }

  @Override
  public Kind kind() {
    return Kind.HISTOGRAM;
  }

  @Override
  public boolean isEmpty() {
    return count == 0;
  }

  @Override
  public double magnitude() {
    return count;
  }

  @Override
  public void merge(Cell other) {
    if (!(other instanceof HistogramCell histogram)) {
      throw otherKind(other);
    }
    for (int p = 0; p < histogram.pages.length; p++) {
      long[] theirs = histogram.pages[p];
      if (theirs != null) {
        long[] ours = page(histogram.firstPage + p);
        for (int i = 0; i < PAGE_SIZE; i++) {
          ours[i] = Moments.addCounts(ours[i], theirs[i]);
        }
      }
    }
    count = Moments.addCounts(count, histogram.count);
    moments.merge(histogram.moments);
  }

  @Override
  public void store(ByteWriter out) {
    write(out);
  }

  /** Writes the wire form, which is also the stored one. */
  public void write(ByteWriter out) {
    boolean hasMoments = moments.min() <= moments.max();
    out.u8(hasMoments ? FLAG_MOMENTS : 0);
    if (hasMoments) {
      moments.write(out);
    }
    int[] n = {0};
    forEachBucket((index, c) -> n[0]++);
    out.varint(n[0]);
    int[] before = {0};
    forEachBucket(
        (index, c) -> {
          out.zigzag(index - before[0]).varint(c);
          before[0] = index;
        });
  }

  /** Reads what {@link #write} wrote. Bounded work: a bucket takes two bytes at least. */
  public static HistogramCell read(ByteReader in) {
    HistogramCell cell = new HistogramCell();
    int flags = in.u8();
    if ((flags & FLAG_MOMENTS) != 0) {
      cell.moments.read(in);
    }
    int n = in.length(Math.min(MAX_BUCKETS, in.remaining() / 2 + 1));
    long index = 0;
    for (int i = 0; i < n && !in.failed(); i++) {
      index += in.zigzag();
      long times = in.varint();
      if (times <= 0 || index < -Buckets.MAX || index > Buckets.MAX) {
        in.fail();
      } else {
        cell.add((int) index, times);
      }
    }
    return cell;
  }

  /**
   * The same content in cells of at most {@code maxBuckets} buckets each, the moments in the first:
   * what does not fit one packet goes in several and merges to the same.
   */
  public List<HistogramCell> split(int maxBuckets) {
    List<HistogramCell> parts = new ArrayList<>();
    HistogramCell first = new HistogramCell();
    first.mergeMoments(moments);
    parts.add(first);
    int[] used = {0};
    forEachBucket(
        (index, n) -> {
          if (used[0] == maxBuckets) {
            parts.add(new HistogramCell());
            used[0] = 0;
          }
          parts.get(parts.size() - 1).add(index, n);
          used[0]++;
        });
    return parts;
  }

  private long[] page(int number) {
    if (pages.length == 0) {
      firstPage = number;
      pages = new long[1][];
    } else if (number < firstPage) {
      long[][] wider = new long[pages.length + firstPage - number][];
      System.arraycopy(pages, 0, wider, firstPage - number, pages.length);
      pages = wider;
      firstPage = number;
    } else if (number >= firstPage + pages.length) {
      pages = Arrays.copyOf(pages, number - firstPage + 1);
    }
    long[] page = pages[number - firstPage];
    if (page == null) {
      page = new long[PAGE_SIZE];
      pages[number - firstPage] = page;
    }
    return page;
  }
}
