package org.skymetrics.server.text;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.PlacedCounter;
import org.skymetrics.client.Relay;
import org.skymetrics.client.RelayedSeries;
import org.skymetrics.common.cell.Kind;

/** A key that came in as text, and what its thread remembers of it. */
final class KnownKey {
  final String name;

  /** What it was counted as first, anywhere in this server. */
  final Kind firstKind;

  /**
   * Whether a line that begins with these bytes and a colon can mean nothing but this key: an event
   * or a service check begins with an underscore, and a semicolon in a line parts a name from tags.
   */
  final boolean isPlain;

  private final byte[] utf8;
  private final long hash;
  private @Nullable RelayedSeries series;

  /** What plain lines count in, if they did already. */
  private @Nullable PlacedCounter placed;

  /** Whether a line changed it as a gauge: then lines that set it go the way of changes, too. */
  boolean isChanged;

  /** What the samples taken weigh too little by, or with a minus too much; at most a half. */
  private double weightOwed;

  KnownKey(String name, Kind firstKind, byte[] utf8, long hash) {
    this.name = name;
    this.isPlain = name.charAt(0) != '_' && name.indexOf(';') < 0;
    this.firstKind = firstKind;
    this.utf8 = utf8;
    this.hash = hash;
  }

  /** Its name in bytes, not to be changed. */
  byte[] utf8() {
    return utf8;
  }

  long hash() {
    return hash;
  }

  boolean is(byte[] bytes, int from, int to, long itsHash) {
    return hash == itsHash && Arrays.equals(utf8, 0, utf8.length, bytes, from, to);
  }

  /** Has what is counted otherwise than by plain lines go where they count, too. */
  void placed(PlacedCounter counter) {
    placed = counter;
  }

  /** Counts {@code n} where plain lines do; false where they have no place, or not any more. */
  boolean countPlaced(long n) {
    PlacedCounter counter = placed;
    if (counter == null || counter.hasEnded()) {
      return false;
    }
    counter.count(n);
    return true;
  }

  /** Looks at where the next value goes; see {@link RelayedSeries#look}. */
  long look() {
    return series == null ? 0 : series.look();
  }

  /** What it counts in as its first kind, which is a counter or a histogram. */
  RelayedSeries series(Supplier<Relay> relay) {
    RelayedSeries made = series;
    if (made == null) {
      made = relay.get().series(name, firstKind);
      series = made;
    }
    return made;
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
