package org.skymetrics.server.ingest;

import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.journal.PacketLog;
import org.skymetrics.server.lane.Lane;
import org.skymetrics.server.lane.Lanes;
import org.skymetrics.server.lane.Tally;

/**
 * The ledger of a receiving thread: what became of each packet, by lane, and once a second the sums
 * of the running period. The sums are counted as clients' counts are: written to the journal first,
 * each lane's share with where its ledger stands, and then into the table. So they go into history
 * by the same batches, and a restart finds which of them it has already.
 *
 * <p>A lane that took no data is not in the journal; its share is counted when it took some, or is
 * closed.
 */
final class LedgerBook {
  private static final int LANES_AT_ONCE = 1000;

  private final boolean reports;
  private final PacketLog log;
  private final Lanes lanes;
  private final TimeRule time;
  private final Aggregator aggregator;
  private final Pressure pressure;
  private final Clock clock;
  private final Counters counters;

  /** Of all lanes, those that are closed too; of those that the journal knew, all of before. */
  private final Tally sums = new Tally();

  private List<Lane> owed = new ArrayList<>();

  /**
   * The ledger of these lanes.
   *
   * @param reports whether there are sums
   */
  LedgerBook(
      boolean reports,
      PacketLog log,
      Lanes lanes,
      TimeRule time,
      Aggregator aggregator,
      Pressure pressure,
      Clock clock,
      Counters counters) {
    this.reports = reports;
    this.log = log;
    this.lanes = lanes;
    this.time = time;
    this.aggregator = aggregator;
    this.pressure = pressure;
    this.clock = clock;
    this.counters = counters;
    for (Lane lane : lanes.all()) {
      sums.add(lane.ledger().tally());
      if (!lane.ledger().untold().isEmpty()) {
        owe(lane);
      }
    }
  }

  /** A transmission is here for the first time; what becomes of it is known. */
  void settle(Lane lane, long transmission, Outcome outcome) {
    await(lane, transmission);
    settleAwaited(lane, outcome);
  }

  /** A transmission is here for the first time; what becomes of it is told next. */
  void await(Lane lane, long transmission) {
    Tally tally = lane.ledger().tally();
    long sent = tally.sent();
    long lost = tally.of(Outcome.LOST);
    lane.ledger().await(transmission);
    counters.add(ServerCounter.DATA_TRANSMISSIONS, tally.sent() - sent);
    sums.sent(tally.sent() - sent);
    addLost(tally.of(Outcome.LOST) - lost);
    owe(lane);
  }

  private void addLost(long n) {
    counters.add(ServerCounter.DATA_PACKETS_LOST, n);
    sums.settle(Outcome.LOST, n);
  }

  /** What became of the lane's transmission that is awaited for longest. */
  void settleAwaited(Lane lane, Outcome outcome) {
    lane.ledger().settleAwaited(outcome);
    counters.increment(ServerCounter.of(outcome));
    sums.settle(outcome, 1);
  }

  private void owe(Lane lane) {
    if (lane.owesReport()) {
      owed.add(lane);
    }
  }

  /** Of all lanes, a copy. */
  Tally sums() {
    return sums.copy();
  }

  /** What of it the sums of periods do not have yet: the last second's, or more where they wait. */
  Tally untold() {
    Tally untold = new Tally();
    owed.forEach(lane -> untold.add(lane.ledger().untold()));
    return untold;
  }

  /**
   * Gives the sums of the running period what they do not have yet. Nothing may be gathered. While
   * the server is full they wait.
   */
  void report() {
    for (Lane lane : lanes.takeClosed()) {
      addLost(lane.ledger().lostByClosing());
      owe(lane);
    }
    if (owed.isEmpty() || (reports && !pressure.takesData())) {
      return;
    }
    List<Lane> asked = owed;
    owed = new ArrayList<>();
    List<Lane> some = new ArrayList<>();
    for (Lane lane : asked) {
      if (!lane.tookData() && !lane.isClosed()) {
        owed.add(lane);
      } else {
        some.add(lane);
      }
      if (some.size() == LANES_AT_ONCE) {
        report(some);
      }
    }
    report(some);
  }

  /** Empties the list. */
  private void report(List<Lane> some) {
    long periodMs = time.periodOf(clock.wallMs());
    if (reports && !some.isEmpty() && !write(some, periodMs)) {
      owed.addAll(some);
    } else {
      some.forEach(lane -> count(lane, periodMs));
    }
    some.clear();
  }

  private boolean write(List<Lane> some, long periodMs) {
    try {
      some.forEach(lane -> log.add(lane, periodMs));
      return log.write();
    } finally {
      log.clear();
    }
  }

  private void count(Lane lane, long periodMs) {
    if (reports) {
      aggregator.count(lane.ledger().untold(), periodMs);
    }
    lane.reported();
  }
}
