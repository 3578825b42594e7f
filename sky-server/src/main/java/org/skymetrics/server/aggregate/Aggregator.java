package org.skymetrics.server.aggregate;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.Tally;
import org.skymetrics.server.live.LiveCounts;
import org.skymetrics.server.live.WatchTable;
import org.skymetrics.server.live.WatchTable.SecondCell;
import org.skymetrics.store.batch.Series;

/** Counts the records of one receiving thread into its table of the open segment. One writer. */
public final class Aggregator implements LiveCounts {
  private static final Outcome[] OUTCOMES = Outcome.values();
  private static final byte[] SENT_KEY = Outcome.SENT.toBytes();
  private static final byte[][] OUTCOME_KEYS =
      Arrays.stream(OUTCOMES).map(outcome -> outcome.key().toBytes()).toArray(byte[][]::new);

  /** A thread's index of so many series more than twice those of a segment begins anew. */
  private static final int SPARE_SERIES = 1_000;

  private final KeyHash hash;
  private final WatchTable watched;
  private final KeyLog log;
  private final Offenders offenders;
  private final Clock clock;
  private final Counters counters;
  private final Table.NewSeries newSeries = new Listing();
  private final CounterNotes notes;
  private SeriesIndex index;
  private Table table;

  /**
   * An aggregator.
   *
   * @param seed random, so that nobody can aim keys at one slot of the table
   * @param watched where counts of watched series go besides
   */
  public Aggregator(
      OpenSegment segment,
      long seed,
      WatchTable watched,
      KeyLog log,
      Offenders offenders,
      Clock clock,
      Counters counters) {
    this.hash = new KeyHash(seed);
    this.watched = watched;
    this.log = log;
    this.offenders = offenders;
    this.clock = clock;
    this.counters = counters;
    this.index = new SeriesIndex(hash, watched);
    this.notes = new CounterNotes(index);
    this.table = new Table(segment, index, newSeries);
  }

  /**
   * Validates a packet, and notes where its records count: from note number {@link #noted} of
   * before to that of after. False where the packet is malformed; then nothing is noted.
   */
  public boolean validate(DataReader packet) {
    int before = notes.size();
    boolean good = packet.validate(notes);
    if (!good) {
      notes.cut(before);
    }
    return good;
  }

  /** How many notes there are. */
  public int noted() {
    return notes.size();
  }

  /** Forgets the notes from this one on. */
  public void forgetNotes(int from) {
    notes.cut(from);
  }

  /**
   * Counts the records of a packet that was validated here; as {@link #count(DataReader, long,
   * long)} does.
   */
  public void count(
      DataReader packet, long periodMs, long referenceMs, int notesFrom, int notesTo) {
    table.of(packet.session());
    PeriodCells cells = table.in(periodMs);
    if (notes.areAllCounted(notesFrom, notesTo)) {
      for (int i = notesFrom; i < notesTo; i++) {
        table.addKnown(notes.number(i), cells, notes.sum(i));
      }
      counters.add(ServerCounter.RECORDS_COUNTED, notesTo - notesFrom);
      return;
    }
    int counted = 0;
    packet.rewind();
    for (int i = notesFrom; i < notesTo && packet.next(); i++) {
      int note = notes.number(i);
      if (note >= 0) {
        table.addKnown(note, cells, notes.sum(i));
        counted++;
      } else if (countRecord(packet, CounterNotes.series(note), cells, referenceMs)) {
        counted++;
      }
    }
    counters.add(ServerCounter.RECORDS_COUNTED, counted);
  }

  /**
   * Counts the records of a packet that was found good.
   *
   * @param referenceMs the reference instant of its fold by this server's clock
   */
  public void count(DataReader packet, long periodMs, long referenceMs) {
    int counted = 0;
    table.of(packet.session());
    PeriodCells cells = table.in(periodMs);
    packet.rewind();
    while (packet.next()) {
      if (countRecord(packet, SeriesIndex.NONE, cells, referenceMs)) {
        counted++;
      }
    }
    counters.add(ServerCounter.RECORDS_COUNTED, counted);
  }

  private boolean countRecord(DataReader packet, int known, PeriodCells cells, long referenceMs) {
    KeyFault fault;
    if (packet.kind() == null) {
      counters.increment(ServerCounter.RECORDS_UNKNOWN_KIND);
      return false;
    } else if (packet.kind() == Kind.COUNTER) {
      long sum = packet.readCounterSum();
      double fraction = packet.readCounterFraction();
      fault = table.addCounter(known, packet.keyBytes(), packet.keyLength(), cells, sum, fraction);
    } else {
      Cell cell = packet.readCell();
      if (cell instanceof GaugeCell gauge) {
        gauge.setOrigin(referenceMs, packet.lane(), packet.sequence());
      }
      fault = table.add(known, packet.keyBytes(), packet.keyLength(), cells, cell);
    }
    return isGood(fault);
  }

  private boolean isGood(@Nullable KeyFault fault) {
    if (fault != null) {
      counters.increment(ServerCounter.of(fault));
    }
    return fault == null;
  }

  /** Counts what became of packets, as series of the server's own. */
  public void count(Tally tally, long periodMs) {
    PeriodCells cells = table.in(periodMs);
    addOwn(SENT_KEY, cells, tally.sent());
    for (int i = 0; i < OUTCOMES.length; i++) {
      addOwn(OUTCOME_KEYS[i], cells, tally.of(OUTCOMES[i]));
    }
  }

  private void addOwn(byte[] key, PeriodCells cells, long n) {
    if (n != 0) {
      table.addOwn(key, cells, n);
    }
  }

  /**
   * Begins another segment and gives away the table of the one before; there must be no notes. When
   * most of what the index knows was not in that segment, another index is begun: so it never knows
   * many more series than were counted of late.
   */
  public Table swap(OpenSegment next) {
    Table full = table.end();
    if (index.size() > 2 * full.size() + SPARE_SERIES) {
      index = new SeriesIndex(hash, watched);
      notes.turnTo(index);
    }
    table = new Table(next, index, newSeries);
    return full;
  }

  /** Gives copies of the cells of the open segment that are asked for. */
  public void copyTo(SeriesQuery query, CellSink sink) {
    table.copyTo(query, sink);
  }

  @Override
  public void watch(List<Series> series) {
    series.forEach(one -> index.setLive(one, watched.watch(one)));
  }

  @Override
  public void unwatch(List<Series> series) {
    for (Series one : series) {
      watched.unwatch(one);
      index.setLive(one, null);
    }
  }

  @Override
  public List<SecondCell> cut(long second) {
    return watched.cut(second);
  }

  /** Series in the open segment. */
  public int series() {
    return table.size();
  }

  private final class Listing implements Table.NewSeries {
    @Override
    public void met(long segment, Series series) {
      log.met(segment, series, clock.wallMs());
    }

    @Override
    public void pastLimit(long session, byte[] key, int length) {
      counters.increment(ServerCounter.OVERFLOW_RECORDS);
      offenders.newKey(session, key, length);
    }
  }
}
