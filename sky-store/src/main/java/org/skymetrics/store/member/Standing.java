package org.skymetrics.store.member;

import java.time.Duration;
import org.skymetrics.common.ring.Member;

/**
 * How a member stands, by its lease.
 *
 * @param heard how long ago it was last heard of
 */
public record Standing(Member member, State state, Duration heard) {
  /** Whether it is there. */
  public enum State {
    /** It takes data. */
    SERVING,
    /** It should have renewed its lease some time ago, and is in the ring still. */
    LATE,
    /** It takes no more data; what it counted is on its way. */
    LEAVING,
    /** Its lease ran out: what it counted last may be in its journal still. */
    LOST,
    /** It ended; what it counted is in the period store, or in history. */
    LEFT
  }

  /** Whether its place on the ring is its own. */
  public boolean isInRing() {
    return state == State.SERVING || state == State.LATE;
  }

  /** Whether it may hold counts that no store has. */
  public boolean mayHoldCounts() {
    return state != State.LEFT;
  }
}
