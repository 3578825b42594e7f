package org.skymetrics.server.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.server.aggregate.OpenSegment.Admission;
import org.skymetrics.server.live.WatchedCells;
import org.skymetrics.store.batch.Series;

/**
 * What one receiving thread has counted in one segment: the cells of each period, by the numbers
 * that the thread's index gives its series. A record goes into the cell of its key and into those
 * of all parents, which the index knows. A known key costs no allocation.
 *
 * <p>A series past the limit of the segment, or of the session that names it, has no cell: what was
 * to go there goes into those of its parents that are there, and into {@code sky>overflow}. Parents
 * get theirs before their children, so where there is a cell there are those of all parents.
 *
 * <p>One writer; after it was swapped out nobody writes to it: one thread may make batches of it,
 * while its own goes on to copy from it.
 */
public final class Table {
  private static final byte[] OVERFLOW = Key.of("sky>overflow").toBytes();

  private final OpenSegment segment;
  private final SeriesIndex index;
  private final NewSeries newSeries;

  /** In order of time; few. */
  private final List<PeriodCells> periods = new ArrayList<>();

  /** A bit for each series that has a cell in any period. */
  private long[] met = {};

  private int size;

  /** When it was swapped out, so much of the index is this table's. */
  private @Nullable Series[] names = {};

  /** Whose records are counted. */
  private long session;

  /** Is told of what is new to the segment and to the index, and of what is past the limit. */
  interface NewSeries {
    void met(long segment, Series series);

    void pastLimit(long session, byte[] key, int length);
  }

  Table(OpenSegment segment, SeriesIndex index, NewSeries newSeries) {
    this.segment = segment;
    this.index = index;
    this.newSeries = newSeries;
  }

  /** Says whose records come next. */
  void of(long newSession) {
    session = newSession;
  }

  /** Number of series. */
  int size() {
    return size;
  }

  /** The cells of a period. */
  PeriodCells in(long periodMs) {
    int i = 0;
    for (; i < periods.size() && periods.get(i).periodMs() <= periodMs; i++) {
      if (periods.get(i).periodMs() == periodMs) {
        return periods.get(i);
      }
    }
    PeriodCells added = new PeriodCells(periodMs);
    periods.add(i, added);
    return added;
  }

  /**
   * Counts a counter record; gives what is wrong with its key, or null.
   *
   * @param known the number of its series, or NONE where that is to be found
   */
  @Nullable KeyFault addCounter(
      int known, byte[] key, int length, PeriodCells cells, long sum, double fraction) {
    int number = known == SeriesIndex.NONE ? index.next(key, length, Kind.COUNTER) : known;
    if (number == SeriesIndex.NONE || !cells.has(number)) {
      KeyFault fault = number == SeriesIndex.NONE ? Key.fault(key, 0, length) : null;
      if (fault != null) {
        return fault;
      }
      number = admit(number, key, length, Kind.COUNTER, cells);
      if (isShorter(number, length)) {
        addCounter(overflow(key, length, Kind.COUNTER, cells), cells, sum, fraction);
      }
    }
    addCounter(number, cells, sum, fraction);
    return null;
  }

  /** Counts a record of a counter that is known, and that is whole. */
  void addKnown(int number, PeriodCells cells, long sum) {
    if (!cells.has(number)) {
      byte[] key = index.name(number).key().toBytes();
      var unused = addCounter(number, key, key.length, cells, sum, 0);
    } else if (index.isWatched()) {
      addCounter(number, cells, sum, 0);
    } else {
      for (int n = number; n != SeriesIndex.NONE; n = index.parent(n)) {
        cells.add(n, sum);
      }
    }
  }

  private void addCounter(int number, PeriodCells cells, long sum, double fraction) {
    for (int n = number; n != SeriesIndex.NONE; n = index.parent(n)) {
      cells.add(n, sum);
      if (fraction != 0) {
        cells.addFraction(n, fraction);
      }
      WatchedCells live = index.live(n);
      if (live != null) {
        live.add(cells.periodMs(), sum, fraction);
      }
    }
  }

  /** Counts a record of any kind, as {@link #addCounter} does one of a counter. */
  @Nullable KeyFault add(int known, byte[] key, int length, PeriodCells cells, Cell cell) {
    Kind kind = cell.kind();
    int number = known == SeriesIndex.NONE ? index.next(key, length, kind) : known;
    if (number == SeriesIndex.NONE || !cells.has(number)) {
      KeyFault fault = number == SeriesIndex.NONE ? Key.fault(key, 0, length) : null;
      if (fault != null) {
        return fault;
      }
      number = admit(number, key, length, kind, cells);
      if (isShorter(number, length)) {
        merge(overflow(key, length, kind, cells), cells, cell);
      }
    }
    for (int n = number; n != SeriesIndex.NONE; n = index.parent(n)) {
      merge(n, cells, cell);
    }
    return null;
  }

  private void merge(int number, PeriodCells cells, Cell cell) {
    cells.merge(number, cell);
    WatchedCells live = index.live(number);
    if (live != null) {
      live.merge(cells.periodMs(), cell);
    }
  }

  private boolean isShorter(int number, int length) {
    return number == SeriesIndex.NONE || index.keyLength(number) != length;
  }

  private int admit(int known, byte[] key, int length, Kind kind, PeriodCells cells) {
    int longest = known == SeriesIndex.NONE ? admit(key, length, kind, cells) : admit(known, cells);
    if (known == SeriesIndex.NONE && !isShorter(longest, length)) {
      index.met(longest);
    }
    return longest;
  }

  /**
   * Makes the cells of a key and its parents, shortest first, as far as the limit lets. Gives the
   * longest of them that has a cell then, or NONE.
   */
  private int admit(byte[] key, int length, Kind kind, PeriodCells cells) {
    int number = index.find(key, length, kind);
    if (number != SeriesIndex.NONE) {
      return admit(number, cells);
    }
    int parentLength = Key.parentLength(key, 0, length);
    int parent = SeriesIndex.NONE;
    if (parentLength > 0) {
      parent = admit(key, parentLength, kind, cells);
      if (isShorter(parent, parentLength)) {
        return parent;
      }
    }
    Series name = new Series(Key.ofChecked(key, 0, length), kind);
    Admission admission = segment.admit(name, session);
    if (admission == Admission.REFUSED) {
      return parent;
    }
    number = index.add(name, key, parent);
    tell(admission, name);
    make(number, cells);
    return number;
  }

  /** What the index knows already was told in a segment before. */
  private void tell(Admission admission, Series name) {
    if (admission == Admission.NEW) {
      newSeries.met(segment.number(), name);
    }
  }

  /** The same for a series that the index knows, of this segment or one before. */
  private int admit(int number, PeriodCells cells) {
    if (cells.has(number)) {
      return number;
    }
    int parent = index.parent(number);
    if (parent != SeriesIndex.NONE) {
      int longest = admit(parent, cells);
      if (longest != parent) {
        return longest;
      }
    }
    Admission admission =
        isMet(number) ? Admission.KNOWN : segment.admit(index.name(number), session);
    if (admission == Admission.REFUSED) {
      return parent;
    }
    make(number, cells);
    return number;
  }

  private void make(int number, PeriodCells cells) {
    cells.make(number, index.name(number).kind());
    segment.addedCell();
    if (!isMet(number)) {
      int word = number >>> 6;
      if (word >= met.length) {
        met = Arrays.copyOf(met, word + 1 + word / 2);
      }
      met[word] |= 1L << number;
      size++;
    }
  }

  private boolean isMet(int number) {
    int word = number >>> 6;
    return word < met.length && (met[word] >>> number & 1) != 0;
  }

  private int overflow(byte[] key, int length, Kind kind, PeriodCells cells) {
    newSeries.pastLimit(session, key, length);
    return force(OVERFLOW, OVERFLOW.length, kind, cells);
  }

  /** Counts a counter of the server's own, which has its cells whatever the limit. */
  void addOwn(byte[] key, PeriodCells cells, long sum) {
    addCounter(force(key, key.length, Kind.COUNTER, cells), cells, sum, 0);
  }

  /** The series of a key, which has a cell then, and all parents too. */
  private int force(byte[] key, int length, Kind kind, PeriodCells cells) {
    int number = index.find(key, length, kind);
    if (number != SeriesIndex.NONE && cells.has(number)) {
      return number;
    }
    int parentLength = Key.parentLength(key, 0, length);
    int parent = parentLength > 0 ? force(key, parentLength, kind, cells) : SeriesIndex.NONE;
    if (number == SeriesIndex.NONE) {
      Series name = new Series(Key.ofChecked(key, 0, length), kind);
      number = index.add(name, key, parent);
      tell(segment.force(name), name);
    } else if (!isMet(number)) {
      segment.force(index.name(number));
    }
    make(number, cells);
    return number;
  }

  /** Ends the table: it is not written to any more, and another thread may have it. */
  Table end() {
    names = index.names();
    return this;
  }

  /** Gives all cells, which are not to be changed; the table was ended. */
  public void giveTo(CellSink sink) {
    for (PeriodCells cells : periods) {
      for (int word = 0; word < met.length; word++) {
        for (long left = met[word]; left != 0; left &= left - 1) {
          int number = word << 6 | Long.numberOfTrailingZeros(left);
          if (cells.has(number)) {
            Series name = Objects.requireNonNull(names[number]);
            sink.cell(name, cells.periodMs(), cells.last(number, name.kind()));
          }
        }
      }
    }
  }

  /** Gives copies of the cells that are asked for; on the thread that counted them. */
  public void copyTo(SeriesQuery query, CellSink sink) {
    for (Series wanted : query.series()) {
      byte[] key = wanted.key().toBytes();
      int number = index.find(key, key.length, wanted.kind());
      for (PeriodCells cells : periods) {
        if (number != SeriesIndex.NONE && query.holds(cells.periodMs()) && cells.has(number)) {
          sink.cell(wanted, cells.periodMs(), cells.copy(number, wanted.kind()));
        }
      }
    }
  }
}
