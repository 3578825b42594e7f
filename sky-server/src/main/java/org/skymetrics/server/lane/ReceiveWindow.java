package org.skymetrics.server.lane;

import java.util.Arrays;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.wire.Wire;

/**
 * What was received on one lane: a floor, below which everything was received or will never come,
 * and a bit for each of the {@link Wire#WINDOW} sequences from there. The bit of a sequence is at
 * its remainder modulo the width, so nothing moves when the floor rises.
 *
 * <p>Asking and marking are apart, so that what must happen between them can fail without a trace.
 */
public final class ReceiveWindow {
  /** Where a sequence stands. */
  public enum Place {
    /** Not received yet. */
    NEW,
    /** Received, or given up by the client. */
    DUPLICATE,
    /** Beyond the window. */
    BEYOND
  }

  private static final int WIDTH = Wire.WINDOW;

  private final long[] bits = new long[WIDTH / Long.SIZE];
  private long floor = 1;

  /** Another window that stands where this one does. */
  ReceiveWindow copy() {
    ReceiveWindow copy = new ReceiveWindow();
    System.arraycopy(bits, 0, copy.bits, 0, bits.length);
    copy.floor = floor;
    return copy;
  }

  /** Whether both say the same of each sequence. */
  public boolean isSameAs(ReceiveWindow other) {
    return floor == other.floor && Arrays.equals(bits, other.bits);
  }

  /** Writes {@code u64 floor | 4 x u64 bits}, the bit of a sequence at its remainder. */
  void store(ByteWriter out) {
    out.u64(floor);
    for (long word : bits) {
      out.u64(word);
    }
  }

  /** Reads what {@link #store} wrote; fails the reader where it makes no sense. */
  static ReceiveWindow load(ByteReader in) {
    ReceiveWindow window = new ReceiveWindow();
    window.floor = in.u64();
    for (int i = 0; i < window.bits.length; i++) {
      window.bits[i] = in.u64();
    }
    if (window.floor < 1) {
      in.fail();
    }
    window.raiseOverReceived();
    return window;
  }

  /**
   * Where {@code sequence} stands, once it is known that the client holds nothing below {@code
   * lowestOpen} open; changes nothing. Both are at least 1, and lowestOpen is not above sequence.
   */
  public Place place(long sequence, long lowestOpen) {
    if (sequence < floor) {
      return Place.DUPLICATE;
    }
    if (sequence - Math.max(floor, lowestOpen) >= WIDTH) {
      return Place.BEYOND;
    }
    return sequence - floor < WIDTH && isSet(sequence) ? Place.DUPLICATE : Place.NEW;
  }

  /** Marks a sequence whose place is {@link Place#NEW} as received. */
  public void mark(long sequence, long lowestOpen) {
    raise(lowestOpen);
    bits[word(sequence)] |= 1L << sequence;
    raiseOverReceived();
  }

  private void raiseOverReceived() {
    while (isSet(floor)) {
      clear(floor++);
    }
  }

  /** Every sequence below this was received, or given up. */
  public long base() {
    return floor;
  }

  /** Bit i, lowest of the first byte first, is set when {@code base() + i} was received. */
  public byte[] bitmap() {
    int highest = WIDTH - 1;
    while (highest > 0 && !isSet(floor + highest)) {
      highest--;
    }
    if (highest == 0) {
      return new byte[0];
    }
    byte[] bitmap = new byte[highest / 8 + 1];
    for (int i = 1; i <= highest; i++) {
      if (isSet(floor + i)) {
        bitmap[i >> 3] |= (byte) (1 << (i & 7));
      }
    }
    return bitmap;
  }

  private void raise(long lowestOpen) {
    if (lowestOpen - floor >= WIDTH) {
      Arrays.fill(bits, 0);
      floor = lowestOpen;
    }
    while (floor < lowestOpen) {
      clear(floor++);
    }
  }

  private boolean isSet(long sequence) {
    return (bits[word(sequence)] >>> sequence & 1) != 0;
  }

  private void clear(long sequence) {
    bits[word(sequence)] &= ~(1L << sequence);
  }

  private static int word(long sequence) {
    return (int) (sequence & (WIDTH - 1)) / Long.SIZE;
  }
}
