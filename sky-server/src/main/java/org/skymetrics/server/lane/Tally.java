package org.skymetrics.server.lane;

import java.util.Arrays;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ledger.Outcome;

/**
 * How many transmissions there were, and what became of how many of them. Those that are neither
 * known to have come nor to be lost are open. One writer.
 */
public final class Tally {
  private final long[] settled = new long[Outcome.values().length + 1];
  private long sent;

  public long sent() {
    return sent;
  }

  public long of(Outcome outcome) {
    return settled[outcome.id()];
  }

  /** What may still come; of a lane never negative. */
  public long open() {
    long open = sent;
    for (long n : settled) {
      open -= n;
    }
    return open;
  }

  /** The sum of all refusals. */
  public long refused() {
    long refused = 0;
    for (Outcome outcome : Outcome.values()) {
      refused += outcome.isRefusal() ? of(outcome) : 0;
    }
    return refused;
  }

  /** More were sent. */
  public void sent(long n) {
    sent += n;
  }

  /** It is known what became of some. */
  public void settle(Outcome outcome, long n) {
    settled[outcome.id()] += n;
  }

  /** Adds another one. */
  public void add(Tally other) {
    sent += other.sent;
    for (int i = 0; i < settled.length; i++) {
      settled[i] += other.settled[i];
    }
  }

  /** What this has grown by since it was as {@code before}. */
  Tally since(Tally before) {
    Tally growth = new Tally();
    growth.sent = sent - before.sent;
    for (int i = 0; i < settled.length; i++) {
      growth.settled[i] = settled[i] - before.settled[i];
    }
    return growth;
  }

  void become(Tally other) {
    sent = other.sent;
    System.arraycopy(other.settled, 0, settled, 0, settled.length);
  }

  public Tally copy() {
    Tally copy = new Tally();
    copy.become(this);
    return copy;
  }

  public boolean isEmpty() {
    return sent == 0 && Arrays.stream(settled).allMatch(n -> n == 0);
  }

  /** Writes {@code varint sent | u8 n | n x (u8 outcome, varint how many)}. */
  void store(ByteWriter out) {
    int kinds = 0;
    for (long n : settled) {
      kinds += n == 0 ? 0 : 1;
    }
    out.varint(sent).u8(kinds);
    for (int id = 0; id < settled.length; id++) {
      if (settled[id] != 0) {
        out.u8(id).varint(settled[id]);
      }
    }
  }

  /** Reads what {@link #store} wrote; fails the reader where it makes no sense. */
  static Tally load(ByteReader in) {
    Tally tally = new Tally();
    tally.sent = in.varint();
    for (int kinds = in.u8(); kinds > 0 && !in.failed(); kinds--) {
      int id = in.u8();
      if (Outcome.byId(id) == null) {
        in.fail();
      } else {
        tally.settled[id] = in.varint();
      }
    }
    return tally;
  }
}
