package org.skymetrics.store.member;

import java.time.Duration;
import org.skymetrics.common.ring.Member;

/**
 * A lease as it is stored.
 *
 * @param holder who has it
 * @param state what the member said of itself last
 * @param beat another number after each renewal; nothing else can be told from it
 * @param age since the last renewal, by the store's clock
 * @param length how long it runs from a renewal on
 */
public record MemberLease(
    Member member, String holder, State state, long beat, Duration age, Duration length) {
  public MemberLease {
    if (holder.isEmpty() || holder.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("a holder is a word, not \"" + holder + "\"");
    }
  }

  /** What a member says of itself. */
  public enum State {
    /** It takes data. */
    SERVING,
    /** It is about to end and takes no more data, but still has some to bring away. */
    LEAVING,
    /** It has ended; what it counted is in the period store, or in history. */
    LEFT
  }

  /** Whether it runs, by the store's clock. */
  public boolean isRunning() {
    return state != State.LEFT && age.compareTo(length) < 0;
  }
}
