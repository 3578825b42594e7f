package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Buckets;
import org.skymetrics.common.cell.HistogramCell;

/**
 * A histogram's values of one epoch. Buckets are kept in pages of 4, made on first use, for few of
 * the 128 to each power of two are hit; the directory spans the pages touched. Beside each count
 * stands, for the sender, how much of it was taken.
 */
final class HistogramFold extends Fold {
  private static final int PAGE_BITS = 2;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle DIRECTORY;

  static {
    try {
      DIRECTORY =
          MethodHandles.lookup().findVarHandle(HistogramFold.class, "directory", Directory.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Pages from a first one on. A page: the counts, then what the sender took of each. Replaced
   * whole when it grows.
   */
  private static final class Directory {
    private final int firstPage;
    private final long[] @Nullable [] pages;

    Directory(int firstPage, long[] @Nullable [] pages) {
      this.firstPage = firstPage;
      this.pages = pages;
    }

    int firstPage() {
      return firstPage;
    }

    long[] @Nullable [] pages() {
      return pages;
    }
  }

  private Directory directory = new Directory(0, new long[0][]);

  /** The writer's: what is in the directory, one read nearer. */
  private int firstPage;

  private long[] @Nullable [] pages = directory.pages();

  HistogramFold(int epoch) {
    super(epoch);
  }

  @Override
  void clear() {
    for (long[] page : directory.pages()) {
      if (page != null) {
        Arrays.fill(page, 0);
      }
    }
  }

  @Override
  void record(double value, long timeNs) {
    addToMoments(value);
    int bucket = Buckets.index(value);
    long[] page = page(bucket >> PAGE_BITS);
    int i = bucket & (PAGE_SIZE - 1);
    COUNTS.setRelease(page, i, page[i] + 1);
  }

  /** What the place has that a value would be counted in; 0 where it is not made yet. */
  long look(double value) {
    Directory d = directory;
    int bucket = Buckets.index(value);
    int i = (bucket >> PAGE_BITS) - d.firstPage();
    long[] page = i >= 0 && i < d.pages().length ? d.pages()[i] : null;
    return page == null ? 0 : page[bucket & (PAGE_SIZE - 1)];
  }

  /** Takes one value that stands for {@code times}. */
  void recordTimes(double value, long times) {
    addToMoments(value, times);
    int bucket = Buckets.index(value);
    long[] page = page(bucket >> PAGE_BITS);
    int i = bucket & (PAGE_SIZE - 1);
    COUNTS.setRelease(page, i, page[i] + times);
  }

  private long[] page(int number) {
    long[] @Nullable [] own = pages;
    int i = number - firstPage;
    if (i >= 0 && i < own.length) {
      long[] page = own[i];
      if (page != null) {
        return page;
      }
    }
    return addPage(directory, number);
  }

  private long[] addPage(Directory d, int number) {
    int n = d.pages().length;
    int first = n == 0 ? number : Math.min(number, d.firstPage());
    int end = n == 0 ? number + 1 : Math.max(number + 1, d.firstPage() + n);
    long[] @Nullable [] wider = new long[end - first][];
    System.arraycopy(d.pages(), 0, wider, n == 0 ? 0 : d.firstPage() - first, n);
    long[] page = new long[2 * PAGE_SIZE];
    wider[number - first] = page;
    DIRECTORY.setRelease(this, new Directory(first, wider));
    firstPage = first;
    pages = wider;
    return page;
  }

  /** The values since the last call; null where there are none. */
  @Nullable HistogramCell take() {
    Directory d = (Directory) DIRECTORY.getAcquire(this);
    HistogramCell cell = null;
    for (int p = 0; p < d.pages().length; p++) {
      long[] page = d.pages()[p];
      for (int i = 0; page != null && i < PAGE_SIZE; i++) {
        long now = (long) COUNTS.getAcquire(page, i);
        long since = now - page[PAGE_SIZE + i];
        if (since != 0) {
          page[PAGE_SIZE + i] = now;
          if (cell == null) {
            cell = new HistogramCell();
          }
          cell.add(((d.firstPage() + p) << PAGE_BITS) + i, since);
        }
      }
    }
    if (cell != null) {
      cell.mergeMoments(takeMoments());
    }
    return cell;
  }
}
