package org.skymetrics.server.aggregate;

import java.util.Arrays;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.wire.RecordNotes;

/**
 * What was found out about the records of packets while they were validated, so that a packet of
 * counters that are known is read once: when it has been written to the journal, counting it is a
 * walk over two arrays. One number for each record:
 *
 * <pre>
 *  0 and above   the series of a counter that is known; its sum is all that the record says
 *  -1            nothing is known of the series
 *  -2 - n        the series has number n; the record is to be read
 * </pre>
 */
final class CounterNotes implements RecordNotes {
  static final int UNKNOWN = -1;
  private static final int FIRST = 1024;

  private SeriesIndex index;
  private int[] numbers = new int[FIRST];
  private long[] sums = new long[FIRST];
  private int size;

  /** Of the record at hand. */
  private int number;

  CounterNotes(SeriesIndex index) {
    this.index = index;
  }

  /** Numbers are those of this index from now on; there must be no notes. */
  void turnTo(SeriesIndex newIndex) {
    index = newIndex;
  }

  @Override
  public boolean isKnown(byte[] key, int length, Kind kind) {
    number = index.next(key, length, kind);
    return number != SeriesIndex.NONE;
  }

  @Override
  public void counter(long sum, double fraction) {
    if (number == SeriesIndex.NONE || fraction != 0) {
      note(toBeRead(number), 0);
    } else {
      note(number, sum);
    }
    number = SeriesIndex.NONE;
  }

  @Override
  public void other() {
    note(toBeRead(number), 0);
    number = SeriesIndex.NONE;
  }

  private static int toBeRead(int number) {
    return number == SeriesIndex.NONE ? UNKNOWN : UNKNOWN - 1 - number;
  }

  /** The series of a record that is to be read, or NONE. */
  static int series(int note) {
    return note == UNKNOWN ? SeriesIndex.NONE : UNKNOWN - 1 - note;
  }

  private void note(int what, long sum) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
      sums = Arrays.copyOf(sums, 2 * size);
    }
    numbers[size] = what;
    sums[size] = sum;
    size++;
  }

  int size() {
    return size;
  }

  /** Forgets the notes from this one on. */
  void cut(int to) {
    size = to;
  }

  int number(int i) {
    return numbers[i];
  }

  long sum(int i) {
    return sums[i];
  }

  /** Whether none of these records is to be read. */
  boolean areAllCounted(int from, int to) {
    for (int i = from; i < to; i++) {
      if (numbers[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
