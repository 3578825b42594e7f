package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.HistogramCell;

/**
 * A count for each bucket, that only grows; one thread writes, and another may read meanwhile.
 * Counts are in pages of 16, made on first use, of a byte each, or of an int or a long from where
 * one of the page needs it. The directory spans the pages touched.
 *
 * <p>Counts are written with release and read with acquire. Page and directory are replaced whole
 * when they grow: a reader that has the one before reads counts of a moment before, and what they
 * lack is the growth that it finds next.
 */
final class BucketCounts {
  private static final int PAGE_BITS = 4;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final VarHandle DIRECTORY;

  static {
    try {
      DIRECTORY =
          MethodHandles.lookup().findVarHandle(BucketCounts.class, "directory", Directory.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Pages from a first one on. */
  private static final class Directory {
    final int firstPage;
    final @Nullable Object[] pages;

    Directory(int firstPage, @Nullable Object[] pages) {
      this.firstPage = firstPage;
      this.pages = pages;
    }
  }

  private Directory directory = new Directory(0, new @Nullable Object[0]);

  /** Adds to the count of a bucket. The writer's. */
  void add(int bucket, long n) {
    while (!addInPage(bucket, n)) {
      makeRoom(bucket >> PAGE_BITS);
    }
  }

  /**
   * Adds one to the count of a bucket, of which a reader knows when the writer has said something
   * with release after it; what is added by the hundred need not be said one by one. The writer's.
   */
  void addUntold(int bucket) {
    Directory d = directory;
    int p = (bucket >> PAGE_BITS) - d.firstPage;
    Object page = p >= 0 && p < d.pages.length ? d.pages[p] : null;
    int i = bucket & (PAGE_SIZE - 1);
    if (page instanceof int[] ints && ints[i] != Integer.MAX_VALUE) {
      ints[i]++;
    } else if (page instanceof byte[] bytes && bytes[i] != -1) {
      bytes[i]++;
    } else {
      add(bucket, 1);
    }
  }

  /** False where there is no page, or it has no room for so much. */
  private boolean addInPage(int bucket, long n) {
    Directory d = directory;
    int p = (bucket >> PAGE_BITS) - d.firstPage;
    Object page = p >= 0 && p < d.pages.length ? d.pages[p] : null;
    return page != null && add(page, bucket & (PAGE_SIZE - 1), n);
  }

  /** False where the page has no room for so much. */
  private static boolean add(Object page, int i, long n) {
    if (page instanceof int[] ints) {
      long sum = ints[i] + n;
      if (sum >>> 31 == 0) {
        INTS.setRelease(ints, i, (int) sum);
        return true;
      }
    } else if (page instanceof byte[] bytes) {
      long sum = (bytes[i] & 0xff) + n;
      if (sum >>> 8 == 0) {
        BYTES.setRelease(bytes, i, (byte) sum);
        return true;
      }
    } else {
      long[] longs = (long[]) page;
      LONGS.setRelease(longs, i, longs[i] + n);
      return true;
    }
    return false;
  }

  /** Makes the page, or one of wider counts in its place. */
  private void makeRoom(int number) {
    Directory d = directory;
    int p = number - d.firstPage;
    Object page = p >= 0 && p < d.pages.length ? d.pages[p] : null;
    if (page == null) {
      addPage(d, number);
    } else {
      PAGES.setRelease(d.pages, p, wider(page));
    }
  }

  private static Object wider(Object page) {
    Object wider = page instanceof byte[] ? new int[PAGE_SIZE] : new long[PAGE_SIZE];
    for (int i = 0; i < PAGE_SIZE; i++) {
      boolean fits = add(wider, i, count(page, i));
      assert fits;
    }
    return wider;
  }

  private static long count(Object page, int i) {
    return page instanceof byte[] bytes
        ? (byte) BYTES.getAcquire(bytes, i) & 0xff
        : page instanceof int[] ints
            ? (int) INTS.getAcquire(ints, i)
            : (long) LONGS.getAcquire((long[]) page, i);
  }

  private void addPage(Directory d, int number) {
    int n = d.pages.length;
    int first = n == 0 ? number : Math.min(number, d.firstPage);
    int end = n == 0 ? number + 1 : Math.max(number + 1, d.firstPage + n);
    @Nullable Object[] wider = new @Nullable Object[end - first];
    System.arraycopy(d.pages, 0, wider, n == 0 ? 0 : d.firstPage - first, n);
    wider[number - first] = new byte[PAGE_SIZE];
    DIRECTORY.setRelease(this, new Directory(first, wider));
  }

  /** The count of a bucket, for any thread. */
  long count(int bucket) {
    Directory d = (Directory) DIRECTORY.getAcquire(this);
    int p = (bucket >> PAGE_BITS) - d.firstPage;
    Object page = p >= 0 && p < d.pages.length ? PAGES.getAcquire(d.pages, p) : null;
    return page == null ? 0 : count(page, bucket & (PAGE_SIZE - 1));
  }

  /** Gives what each count is ahead of the other's, which is made up to it. For any thread. */
  void takeGrowth(BucketCounts taken, HistogramCell.BucketVisitor out) {
    Directory d = (Directory) DIRECTORY.getAcquire(this);
    for (int p = 0; p < d.pages.length; p++) {
      Object page = PAGES.getAcquire(d.pages, p);
      for (int i = 0; page != null && i < PAGE_SIZE; i++) {
        int bucket = ((d.firstPage + p) << PAGE_BITS) + i;
        long now = count(page, i);
        long since = now == 0 ? 0 : now - taken.count(bucket);
        if (since != 0) {
          taken.add(bucket, since);
          out.bucket(bucket, since);
        }
      }
    }
  }

  /** Sets all counts to 0, and keeps their room; no other thread may read. The writer's. */
  void clear() {
    for (Object page : directory.pages) {
      if (page instanceof byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
      } else if (page instanceof int[] ints) {
        Arrays.fill(ints, 0);
      } else if (page instanceof long[] longs) {
        Arrays.fill(longs, 0);
      }
    }
  }
}
