package org.skymetrics.common.cell;

import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * The samples of a gauge: last, count, min, max, sum, sum of squares. Of two cells the last value
 * is that with the greater (time, lane, sequence), lane and sequence unsigned; where all are equal,
 * the greater value, so that merging commutes.
 *
 * <p>On the way to its owner a cell may be a change: it says by how much the gauge changes, not
 * what it is. The owner settles it before it counts; a change is not merged nor stored.
 *
 * <p>Layouts: see the tables of records in docs/protocol.md and of cells in docs/storage.md.
 */
public final class GaugeCell extends Cell {
  private static final int FLAG_SEVERAL = 1;
  private static final int FLAG_CHANGE = 2;

  private long count;
  private double last;
  private long lastTimeMs;
  private long lane;
  private long sequence;
  private boolean change;
  private final Moments moments = new Moments();

  /**
   * One finite sample taken at {@code timeMs}; of two at the same instant the later call is the
   * last.
   */
  public void set(double value, long timeMs) {
    if (change) {
      // What it changed by before it was set does not matter any more.
      change = false;
      count = 0;
      moments.set(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 0);
    }
    if (count == 0 || timeMs >= lastTimeMs) {
      last = value;
      lastTimeMs = timeMs;
    }
    count++;
    moments.add(value);
  }

  /**
   * Changes the gauge by a finite number: the last value where there is one, else whatever the
   * gauge was before, which its owner knows.
   */
  public void change(double by, long timeMs) {
    if (count > 0 && !change) {
      set(Moments.finite(last + by), timeMs);
      return;
    }
    change = true;
    count = 1;
    last = Moments.finite(last + by);
    lastTimeMs = Math.max(lastTimeMs, timeMs);
  }

  /** Whether {@link #last()} is a change, not a value. */
  public boolean isChange() {
    return change;
  }

  /** What a change makes of a gauge that was {@code before}: one sample, at the same time. */
  public GaugeCell settled(double before) {
    GaugeCell settled = new GaugeCell();
    settled.set(Moments.finite(before + last), lastTimeMs);
    return settled;
  }

  /**
   * Says which packet the samples came in, and moves their time from relative to absolute by adding
   * {@code baseMs}.
   */
  public void setOrigin(long baseMs, long newLane, long newSequence) {
    lastTimeMs += baseMs;
    lane = newLane;
    sequence = newSequence;
  }

  /** Sets all that was kept elsewhere; {@code newCount} is at least 1. */
  public void set(
      long newCount,
      double newLast,
      long newLastTimeMs,
      double min,
      double max,
      double sum,
      double squares) {
    count = newCount;
    last = newLast;
    lastTimeMs = newLastTimeMs;
    moments.set(min, max, sum, squares);
  }

  public long count() {
    return count;
  }

  public double last() {
    return last;
  }

  /**
   * When the last sample was taken, ms since 1970 (on the wire: from the fold's reference instant).
   */
  public long lastTimeMs() {
    return lastTimeMs;
  }

  public Moments moments() {
    return moments;
  }

  @Override
  public Kind kind() {
    return Kind.GAUGE;
  }

  @Override
  public boolean isEmpty() {
    return count == 0;
  }

  @Override
  public double magnitude() {
    return count == 0 ? 0 : moments.sum() / count;
  }

  @Override
  public void merge(Cell other) {
    if (!(other instanceof GaugeCell gauge)) {
      throw otherKind(other);
    }
    if (change || gauge.change) {
      throw new IllegalArgumentException("the change of a gauge is to be settled first");
    }
    if (gauge.count == 0) {
      return;
    }
    if (count == 0 || gauge.isAfter(this)) {
      last = gauge.last;
      lastTimeMs = gauge.lastTimeMs;
      lane = gauge.lane;
      sequence = gauge.sequence;
    }
    count = Moments.addCounts(count, gauge.count);
    moments.merge(gauge.moments);
  }

  private boolean isAfter(GaugeCell other) {
    if (lastTimeMs != other.lastTimeMs) {
      return lastTimeMs > other.lastTimeMs;
    }
    if (lane != other.lane) {
      return Long.compareUnsigned(lane, other.lane) > 0;
    }
    if (sequence != other.sequence) {
      return Long.compareUnsigned(sequence, other.sequence) > 0;
    }
    return last > other.last;
  }

  @Override
  public void store(ByteWriter out) {
    writeHead(out).u64(lastTimeMs).u64(lane).u64(sequence);
    writeMoments(out);
  }

  static GaugeCell load(ByteReader in) {
    GaugeCell cell = new GaugeCell();
    boolean several = cell.readHead(in);
    if (cell.change) {
      in.fail();
    }
    cell.lastTimeMs = in.u64();
    cell.lane = in.u64();
    cell.sequence = in.u64();
    cell.readMoments(several, in);
    return cell;
  }

  /** Writes the wire form; {@link #lastTimeMs()} counts from the fold's reference instant there. */
  public void write(ByteWriter out) {
    writeHead(out).zigzag(lastTimeMs);
    writeMoments(out);
  }

  /** Reads what {@link #write} wrote. */
  public static GaugeCell read(ByteReader in) {
    GaugeCell cell = new GaugeCell();
    boolean several = cell.readHead(in);
    cell.lastTimeMs = in.zigzag();
    cell.readMoments(several, in);
    return cell;
  }

  /** Whether the wire form that begins here is of a change. */
  public static boolean isChange(byte[] wire, int offset) {
    return (wire[offset] & FLAG_CHANGE) != 0;
  }

  /** Makes the change whose wire form begins here a value, in its place. */
  public static void settle(byte[] wire, int offset, double value) {
    ByteWriter out = new ByteWriter(9);
    out.u8(wire[offset] & ~FLAG_CHANGE).f64(value);
    System.arraycopy(out.array(), 0, wire, offset, out.length());
  }

  private ByteWriter writeHead(ByteWriter out) {
    return out.u8((count > 1 ? FLAG_SEVERAL : 0) | (change ? FLAG_CHANGE : 0)).f64(last);
  }

  private void writeMoments(ByteWriter out) {
    if (count > 1) {
      out.varint(count);
      moments.write(out);
    }
  }

  private boolean readHead(ByteReader in) {
    int flags = in.u8();
    boolean several = (flags & FLAG_SEVERAL) != 0;
    change = (flags & FLAG_CHANGE) != 0;
    last = in.f64();
    if (!Double.isFinite(last) || (several && change)) {
      in.fail();
    }
    return several;
  }

  private void readMoments(boolean several, ByteReader in) {
    if (several) {
      count = in.varint();
      moments.read(in);
      if (count < 1) {
        in.fail();
      }
    } else if (!in.failed()) {
      count = 1;
      if (!change) {
        moments.add(last);
      }
    }
  }
}
