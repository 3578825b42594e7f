package org.skymetrics.store.period;

import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * Which of two gauge cells is the later one, as 32 bytes that compare unsigned, byte for byte: so
 * SQL and Lua can tell without reading a cell.
 *
 * <pre>
 *  0 time of the last sample, sign flipped | 8 lane | 16 sequence | 24 last value, in total order
 * </pre>
 */
final class GaugeRank {
  static final int BYTES = 32;

  private GaugeRank() {}

  /** The rank of a gauge cell in stored form. */
  static byte[] of(byte[] storedCell) {
    ByteReader in = new ByteReader(storedCell);
    in.u8();
    long last = in.u64();
    long timeMs = in.u64();
    ByteWriter out = new ByteWriter(BYTES);
    out.u64(timeMs ^ Long.MIN_VALUE).u64(in.u64()).u64(in.u64());
    // A negative double's bits descend as it grows: flip them all; else only the sign.
    out.u64(last ^ ((last >> 63) | Long.MIN_VALUE));
    if (in.failed()) {
      throw new IllegalArgumentException(storedCell.length + " bytes are not a gauge");
    }
    return out.toBytes();
  }
}
