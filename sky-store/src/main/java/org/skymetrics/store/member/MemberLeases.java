package org.skymetrics.store.member;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;

/**
 * The leases by which the members of the ring tell that they are there. Soft state: whoever lives
 * announces itself again and again, and a store that was wiped or rolled back has all of them soon.
 *
 * <p>Every operation may be repeated. All methods are safe from any thread, block, and throw {@link
 * org.skymetrics.store.StoreException}, after which it is not known whether they took effect.
 */
public interface MemberLeases extends AutoCloseable {
  /** How long the lease of a member runs. */
  Duration LENGTH = Duration.ofSeconds(2);

  /** How often a member renews its lease, and reads those of all. */
  Duration RENEWAL = Duration.ofMillis(400);

  /**
   * How long one that ended or left is remembered: as long as what it had counted may still be of
   * use, the late horizon.
   */
  Duration KEPT = Duration.ofDays(1);

  /**
   * Takes or renews the lease on a member's name.
   *
   * @param holder who announces: another one, or the same at another address, has to wait until the
   *     lease on the name has run out; without white space
   * @param state {@link MemberLease.State#SERVING} or {@link MemberLease.State#LEAVING}
   * @param length how long the lease runs
   * @return null where it was taken; the lease of another that holds the name, where it was not
   */
  @Nullable MemberLease announce(
      Member member, String holder, MemberLease.State state, Duration length);

  /** The member has ended, and the stores have all it counted; where the holder has its name. */
  void withdraw(String name, String holder);

  /** All leases, also those that have run out and those given back, in order of name. */
  List<MemberLease> members();

  /** How the store of them is named to an operator: kind and address. */
  String describe();

  @Override
  void close();
}
