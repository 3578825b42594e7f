package org.skymetrics.server.aggregate;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.server.aggregate.OpenSegment.Admission;
import org.skymetrics.server.live.WatchTable;
import org.skymetrics.server.live.WatchedCells;
import org.skymetrics.store.batch.Series;

/**
 * What one receiving thread has counted in one segment: an open-addressing table from the bytes of
 * a key, and a kind, to its cells. A record goes into the cell of its key and into those of all
 * parents, which are found once, when the key is first met. A known key costs no allocation.
 *
 * <p>A series past the limit of the segment, or of the session that names it, is not made: what was
 * to go there goes into those of its parents that are there, and into {@code sky>overflow}. Parents
 * are made before their children, so a cell that is there has all its parents.
 *
 * <p>One writer; after it was swapped out it belongs to who seals it.
 */
public final class Table {
  private static final byte[] OVERFLOW = Key.of("sky>overflow").toBytes();
  private static final int FIRST_SLOTS = 256;

  private final OpenSegment segment;
  private final KeyHash hash;
  private final WatchTable watched;
  private final NewSeries newSeries;
  private @Nullable SeriesCells[] slots = new @Nullable SeriesCells[FIRST_SLOTS];
  private int size;

  /** Whose records are counted. */
  private long session;

  /** Is told of what is new to the segment, and of what is past the limit. */
  interface NewSeries {
    void met(long segment, Series series);

    void pastLimit(long session, byte[] key, int length);
  }

  Table(OpenSegment segment, KeyHash hash, WatchTable watched, NewSeries newSeries) {
    this.segment = segment;
    this.hash = hash;
    this.watched = watched;
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

  /** Counts a counter record; gives what is wrong with its key, or null. */
  @Nullable KeyFault addCounter(byte[] key, int length, long periodMs, long sum, double fraction) {
    SeriesCells series = find(key, length, Kind.COUNTER);
    if (series == null || series.cell(periodMs) == null) {
      KeyFault fault = series == null ? Key.fault(key, 0, length) : null;
      if (fault != null) {
        return fault;
      }
      series = admit(key, length, Kind.COUNTER, periodMs);
      if (series == null || series.key().length() != length) {
        addCounter(overflow(key, length, Kind.COUNTER, periodMs), periodMs, sum, fraction);
      }
    }
    addCounter(series, periodMs, sum, fraction);
    return null;
  }

  private static void addCounter(
      @Nullable SeriesCells series, long periodMs, long sum, double fraction) {
    for (SeriesCells s = series; s != null; s = s.parent()) {
      CounterCell cell = (CounterCell) s.present(periodMs);
      cell.add(sum);
      if (fraction != 0) {
        cell.add(fraction);
      }
      WatchedCells live = s.live();
      if (live != null) {
        live.add(periodMs, sum, fraction);
      }
    }
  }

  /** Counts a record of any kind; gives what is wrong with its key, or null. */
  @Nullable KeyFault add(byte[] key, int length, long periodMs, Cell cell) {
    Kind kind = cell.kind();
    SeriesCells series = find(key, length, kind);
    if (series == null || series.cell(periodMs) == null) {
      KeyFault fault = series == null ? Key.fault(key, 0, length) : null;
      if (fault != null) {
        return fault;
      }
      series = admit(key, length, kind, periodMs);
      if (series == null || series.key().length() != length) {
        merge(overflow(key, length, kind, periodMs), periodMs, cell);
      }
    }
    for (SeriesCells s = series; s != null; s = s.parent()) {
      merge(s, periodMs, cell);
    }
    return null;
  }

  private static void merge(SeriesCells series, long periodMs, Cell cell) {
    series.present(periodMs).merge(cell);
    WatchedCells live = series.live();
    if (live != null) {
      live.merge(periodMs, cell);
    }
  }

  /**
   * Makes the cells of a key and its parents in a period, shortest first, as far as the limit lets.
   * Gives the longest of them that has a cell then; null where none has.
   */
  private @Nullable SeriesCells admit(byte[] key, int length, Kind kind, long periodMs) {
    int parentLength = Key.parentLength(key, 0, length);
    SeriesCells parent = null;
    if (parentLength > 0) {
      parent = admit(key, parentLength, kind, periodMs);
      if (parent == null || parent.key().length() != parentLength) {
        return parent;
      }
    }
    SeriesCells series = find(key, length, kind);
    if (series == null) {
      Series name = new Series(Key.ofChecked(key, 0, length), kind);
      Admission admission = segment.admit(name, session);
      if (admission == Admission.REFUSED) {
        return parent;
      }
      series = insert(name, key, parent, admission);
    }
    makeCell(series, periodMs);
    return series;
  }

  private void makeCell(SeriesCells series, long periodMs) {
    if (series.cell(periodMs) == null) {
      series.add(periodMs);
      segment.addedCell();
    }
  }

  private SeriesCells overflow(byte[] key, int length, Kind kind, long periodMs) {
    newSeries.pastLimit(session, key, length);
    return force(OVERFLOW, OVERFLOW.length, kind, periodMs);
  }

  /** Counts a counter of the server's own, which has its cells whatever the limit. */
  void addOwn(byte[] key, long periodMs, long sum) {
    addCounter(force(key, key.length, Kind.COUNTER, periodMs), periodMs, sum, 0);
  }

  /** The series of a key that has a cell in a period then, and all parents too. */
  private SeriesCells force(byte[] key, int length, Kind kind, long periodMs) {
    SeriesCells series = find(key, length, kind);
    if (series != null && series.cell(periodMs) != null) {
      return series;
    }
    int parentLength = Key.parentLength(key, 0, length);
    SeriesCells parent = parentLength > 0 ? force(key, parentLength, kind, periodMs) : null;
    if (series == null) {
      Series name = new Series(Key.ofChecked(key, 0, length), kind);
      series = insert(name, key, parent, segment.force(name));
    }
    makeCell(series, periodMs);
    return series;
  }

  private @Nullable SeriesCells find(byte[] key, int length, Kind kind) {
    long h = hash.of(key, length, kind.id());
    int mask = slots.length - 1;
    for (int i = (int) h & mask; ; i = (i + 1) & mask) {
      SeriesCells series = slots[i];
      if (series == null || series.is(key, length, kind, h)) {
        return series;
      }
    }
  }

  private SeriesCells insert(
      Series name, byte[] bytes, @Nullable SeriesCells parent, Admission admission) {
    if (size >= slots.length - slots.length / 4) {
      grow();
    }
    long h = hash.of(bytes, name.key().length(), name.kind().id());
    SeriesCells series = new SeriesCells(name.key(), name.kind(), h, parent);
    place(slots, series);
    if (!watched.isEmpty()) {
      series.setLive(watched.of(name));
    }
    size++;
    if (admission == Admission.NEW) {
      newSeries.met(segment.number(), name);
    }
    return series;
  }

  /** Keeps the seconds of a series from now on, in the tables that come after this one too. */
  void watch(Series series) {
    setLive(series, watched.watch(series));
  }

  /** Keeps the seconds of a series no more. */
  void unwatch(Series series) {
    watched.unwatch(series);
    setLive(series, null);
  }

  private void setLive(Series series, @Nullable WatchedCells live) {
    byte[] key = series.key().toBytes();
    SeriesCells cells = find(key, key.length, series.kind());
    if (cells != null) {
      cells.setLive(live);
    }
  }

  private void grow() {
    @Nullable SeriesCells[] wider = new @Nullable SeriesCells[slots.length * 2];
    for (SeriesCells series : slots) {
      if (series != null) {
        place(wider, series);
      }
    }
    slots = wider;
  }

  private static void place(@Nullable SeriesCells[] slots, SeriesCells series) {
    int mask = slots.length - 1;
    int i = (int) series.hash() & mask;
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = series;
  }

  /** Gives all cells away; the table is not to be used after. */
  public void drainTo(CellSink sink) {
    for (SeriesCells series : slots) {
      if (series != null) {
        Series name = new Series(series.key(), series.kind());
        for (int i = 0; i < series.size(); i++) {
          sink.cell(name, series.period(i), series.cellAt(i));
        }
      }
    }
  }

  /** Gives copies of the cells that are asked for. */
  void copyTo(SeriesQuery query, CellSink sink) {
    for (Series wanted : query.series()) {
      byte[] key = wanted.key().toBytes();
      SeriesCells series = find(key, key.length, wanted.kind());
      for (int i = 0; series != null && i < series.size(); i++) {
        if (query.holds(series.period(i))) {
          sink.cell(wanted, series.period(i), series.cellAt(i).copy());
        }
      }
    }
  }
}
