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

  private final KeyHash hash;
  private final WatchTable watched;
  private final KeyLog log;
  private final Offenders offenders;
  private final Clock clock;
  private final Counters counters;
  private final Table.NewSeries newSeries = new Listing();
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
    this.table = new Table(segment, hash, watched, newSeries);
  }

  /**
   * Counts the records of a packet that was found good.
   *
   * @param referenceMs the reference instant of its fold by this server's clock
   */
  public void count(DataReader packet, long periodMs, long referenceMs) {
    int counted = 0;
    table.of(packet.session());
    packet.rewind();
    while (packet.next()) {
      if (packet.kind() == null) {
        counters.increment(ServerCounter.RECORDS_UNKNOWN_KIND);
      } else if (countRecord(packet, periodMs, referenceMs)) {
        counted++;
      }
    }
    counters.add(ServerCounter.RECORDS_COUNTED, counted);
  }

  private boolean countRecord(DataReader packet, long periodMs, long referenceMs) {
    KeyFault fault;
    if (packet.kind() == Kind.COUNTER) {
      long sum = packet.readCounterSum();
      double fraction = packet.readCounterFraction();
      fault = table.addCounter(packet.keyBytes(), packet.keyLength(), periodMs, sum, fraction);
    } else {
      Cell cell = packet.readCell();
      if (cell instanceof GaugeCell gauge) {
        gauge.setOrigin(referenceMs, packet.lane(), packet.sequence());
      }
      fault = table.add(packet.keyBytes(), packet.keyLength(), periodMs, cell);
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
    addOwn(SENT_KEY, periodMs, tally.sent());
    for (int i = 0; i < OUTCOMES.length; i++) {
      addOwn(OUTCOME_KEYS[i], periodMs, tally.of(OUTCOMES[i]));
    }
  }

  private void addOwn(byte[] key, long periodMs, long n) {
    if (n != 0) {
      table.addOwn(key, periodMs, n);
    }
  }

  /** Begins another segment and gives away the table of the one before. */
  public Table swap(OpenSegment next) {
    Table full = table;
    table = new Table(next, hash, watched, newSeries);
    return full;
  }

  /** Gives copies of the cells of the open segment that are asked for. */
  public void copyTo(SeriesQuery query, CellSink sink) {
    table.copyTo(query, sink);
  }

  @Override
  public void watch(List<Series> series) {
    series.forEach(table::watch);
  }

  @Override
  public void unwatch(List<Series> series) {
    series.forEach(table::unwatch);
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
