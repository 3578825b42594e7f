package org.skymetrics.ui.access;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.Arrays;
import org.skymetrics.common.time.Clock;

/**
 * How often each subject may try: a few times at once, then once in an interval. What a subject has
 * tried is one time in a table of fixed size, at a place that a secret hash of its name tells: the
 * time at which all its tries will be forgotten. Subjects whose places meet share what they may,
 * which costs tries and never gives any; nobody can fill the table or push others out of it.
 */
final class TryLimit {
  static final int PLACES = 1 << 14;

  private final long[] forgottenAtNs = new long[PLACES];
  private final int atOnce;
  private final long intervalNs;
  private final HashFunction places;
  private final Clock clock;

  /**
   * @param atOnce tries that are allowed one after another
   * @param intervalNs in which one more is
   * @param seed keeps from others who shares a place with whom
   */
  TryLimit(int atOnce, long intervalNs, long seed, Clock clock) {
    this.atOnce = atOnce;
    this.intervalNs = intervalNs;
    this.places = Hashing.sipHash24(seed, ~seed);
    this.clock = clock;
    Arrays.fill(forgottenAtNs, clock.monotonicNs());
  }

  /**
   * Counts a try.
   *
   * @return 0 where it is allowed, else after how many ns one will be; that try is not counted
   */
  synchronized long takeNs(String subject) {
    int place = place(subject);
    long nowNs = clock.monotonicNs();
    long owedNs = Math.max(0, forgottenAtNs[place] - nowNs);
    long overNs = owedNs - (atOnce - 1) * intervalNs;
    if (overNs > 0) {
      return overNs;
    }
    forgottenAtNs[place] = nowNs + owedNs + intervalNs;
    return 0;
  }

  /** Forgets a try: it was a good one. */
  synchronized void giveBack(String subject) {
    forgottenAtNs[place(subject)] -= intervalNs;
  }

  private int place(String subject) {
    return Math.floorMod(places.hashUnencodedChars(subject).asInt(), PLACES);
  }
}
