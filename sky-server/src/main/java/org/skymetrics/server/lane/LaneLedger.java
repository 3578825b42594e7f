package org.skymetrics.server.lane;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ledger.Outcome;

/**
 * What became of each transmission on one lane. Each has a number, from 1: so the highest that came
 * says how many were sent, and each of them is, at any moment, settled in exactly one way or open:
 *
 * <pre>
 *   1 ...                     highest - 1024 | ...                 highest
 *   settled: came, or lost for good          | settled, or open: it may still come
 * </pre>
 *
 * <p>What is open for long is lost too, see {@link #giveUpOld}.
 *
 * <p>A number that comes twice was doubled by the network; one that comes when it was given up as
 * lost can't be told from such. Neither is a transmission: it is dropped, and counted apart.
 *
 * <p>It also knows how much of this the sums over all lanes have. That is stored with it, so each
 * transmission gets into them once, whenever the process ends. One writer.
 */
public final class LaneLedger {
  /** How many numbers back a transmission may come behind others. */
  public static final int WIDTH = 1024;

  /** What a number is, before anything is known of the packet. */
  public enum Arrival {
    FIRST,
    /** It came before. */
    COPY,
    /** It was given up as lost, or came before. */
    BELATED
  }

  private final long[] came = new long[WIDTH / Long.SIZE];

  /** Numbers that came and are not settled yet, as they came. */
  private final ArrayDeque<Long> pending = new ArrayDeque<>();

  private final Tally tally = new Tally();
  private final Tally told = new Tally();
  private long lostByClosing;

  /** Numbers up to this one that had not come were given up before there were 1024 higher ones. */
  private long givenUp;

  /** How many numbers there were when those that are old were given up last. */
  private long sentThen;

  /** Says what a number is; changes nothing. */
  public Arrival arrival(long transmission) {
    if (transmission > tally.sent()) {
      return Arrival.FIRST;
    }
    if (transmission <= Math.max(givenUp, tally.sent() - WIDTH)) {
      return Arrival.BELATED;
    }
    return isSet(transmission) ? Arrival.COPY : Arrival.FIRST;
  }

  /** A number came for the first time. */
  public void settle(long transmission, Outcome outcome) {
    mark(transmission);
    tally.settle(outcome, 1);
  }

  /** A number came for the first time; what becomes of it is found out next. */
  public void await(long transmission) {
    mark(transmission);
    pending.add(transmission);
  }

  /** What became of the number that is awaited for longest. */
  public void settleAwaited(Outcome outcome) {
    pending.remove();
    tally.settle(outcome, 1);
  }

  /** Counts again, after a restart, what was found in the journal. */
  public void replay(long transmission, Outcome outcome) {
    if (arrival(transmission) == Arrival.FIRST) {
      settle(transmission, outcome);
    }
  }

  /** Nothing comes any more: what is open is lost. */
  void close() {
    lostByClosing = tally.open();
    tally.settle(Outcome.LOST, lostByClosing);
    Arrays.fill(came, -1);
  }

  /**
   * Takes as lost what has not come since this was called last: a client that sends little would
   * not fill the window for a long time.
   *
   * @return how many those are
   */
  public long giveUpOld() {
    long lost = 0;
    for (long n = Math.max(givenUp, tally.sent() - WIDTH) + 1; n <= sentThen; n++) {
      if (!isSet(n)) {
        came[word(n)] |= 1L << n;
        lost++;
      }
    }
    tally.settle(Outcome.LOST, lost);
    givenUp = sentThen;
    sentThen = tally.sent();
    return lost;
  }

  private void mark(long transmission) {
    if (transmission > tally.sent()) {
      raise(transmission);
    }
    came[word(transmission)] |= 1L << transmission;
  }

  /** What leaves the window and did not come is lost. */
  private void raise(long to) {
    long before = tally.sent();
    long lost = 0;
    if (to - before >= WIDTH) {
      lost = missing(before) + (to - before - WIDTH);
      Arrays.fill(came, 0);
    } else {
      for (long n = before + 1; n <= to; n++) {
        lost += n > WIDTH && !isSet(n) ? 1 : 0;
        came[word(n)] &= ~(1L << n);
      }
    }
    tally.sent(to - before);
    tally.settle(Outcome.LOST, lost);
  }

  /** How many of the window's numbers did not come. */
  private long missing(long highest) {
    long missing = Math.min(highest, WIDTH);
    for (long word : came) {
      missing -= Long.bitCount(word);
    }
    return missing;
  }

  private boolean isSet(long transmission) {
    return (came[word(transmission)] >>> transmission & 1) != 0;
  }

  private static int word(long transmission) {
    return (int) (transmission & (WIDTH - 1)) / Long.SIZE;
  }

  /** What was open when the lane was closed. */
  public long lostByClosing() {
    return lostByClosing;
  }

  /** All there was, since the lane was opened. */
  public Tally tally() {
    return tally;
  }

  /** What the sums do not have yet. */
  public Tally untold() {
    return tally.since(told);
  }

  /** The sums have all of it now. */
  public void tell() {
    told.become(tally);
  }

  /**
   * Writes it as {@link #load} reads it: what is not settled yet is as if it had not come.
   *
   * <pre>
   *  tally | what the sums have of it | varint runs, of numbers that came and that did not in turn, from the highest down
   * </pre>
   */
  public void store(ByteWriter out) {
    tally.store(out);
    told.store(out);
    boolean expected = true;
    long run = 0;
    for (long n = tally.sent(); n > Math.max(0, tally.sent() - WIDTH); n--) {
      if ((isSet(n) && !pending.contains(n)) != expected) {
        out.varint(run);
        expected = !expected;
        run = 0;
      }
      run++;
    }
    out.varint(run);
  }

  /** Reads what {@link #store} wrote; fails the reader where it makes no sense. */
  public static LaneLedger load(ByteReader in) {
    LaneLedger ledger = new LaneLedger();
    ledger.tally.become(Tally.load(in));
    ledger.told.become(Tally.load(in));
    long highest = ledger.tally.sent();
    long left = Math.min(highest, WIDTH);
    boolean came = true;
    do {
      long run = in.varint();
      if (run < 0 || run > left) {
        in.fail();
      }
      for (long i = 0; i < run && !in.failed(); i++) {
        long n = highest - (Math.min(highest, WIDTH) - left);
        if (came) {
          ledger.came[word(n)] |= 1L << n;
        }
        left--;
      }
      came = !came;
    } while (left > 0 && !in.failed());
    if (highest < 0 || ledger.tally.open() != ledger.missing(highest)) {
      in.fail();
    }
    return ledger;
  }
}
