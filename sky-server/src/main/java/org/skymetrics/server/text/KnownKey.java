package org.skymetrics.server.text;

import java.util.Arrays;
import org.skymetrics.common.cell.Kind;

/** A key that came in as text, and what its thread remembers of it. */
final class KnownKey {
  final String name;

  /** What it was counted as first, anywhere in this server. */
  final Kind firstKind;

  private final byte[] utf8;
  private final int hash;

  /** Whether a line changed it as a gauge: then lines that set it go the way of changes, too. */
  boolean isChanged;

  /** What the samples taken weigh too little by, or with a minus too much; at most a half. */
  private double weightOwed;

  KnownKey(String name, Kind firstKind, byte[] utf8, int hash) {
    this.name = name;
    this.firstKind = firstKind;
    this.utf8 = utf8;
    this.hash = hash;
  }

  int hash() {
    return hash;
  }

  boolean is(byte[] key, int length, int itsHash) {
    return hash == itsHash && Arrays.equals(utf8, 0, utf8.length, key, 0, length);
  }

  /**
   * The whole weight to take for a sample that stands for {@code weight}, at least 1: the nearest
   * to it and to what is owed, so that the sum of all weights is never off by more than a half.
   */
  long wholeWeight(double weight) {
    double wanted = weight + weightOwed;
    long whole = Math.max(1, Math.round(wanted));
    weightOwed = wanted - whole;
    return whole;
  }
}
