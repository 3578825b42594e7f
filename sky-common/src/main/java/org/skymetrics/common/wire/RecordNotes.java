package org.skymetrics.common.wire;

import org.skymetrics.common.cell.Kind;

/**
 * Who is told of each record while a packet is validated, so that it need not be read twice. What
 * it was told of a packet that turns out to be malformed is void.
 */
public interface RecordNotes {
  /**
   * Whether it is known that this key, the first {@code length} bytes, is one: then its bytes are
   * not looked at one by one. Asked first about each record of a known kind.
   */
  boolean isKnown(byte[] key, int length, Kind kind);

  /** A counter record that follows its layout, of a key that is good. */
  void counter(long sum, double fraction);

  /** Any other record that makes no packet malformed. */
  void other();
}
