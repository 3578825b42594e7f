package org.skymetrics.ui.members;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.store.member.Standing;

/** Which servers may hold counts that the stores do not have, as far as a reader knows. */
public interface MemberList {
  /** Whom to ask. */
  List<Member> toAsk();

  /** Who owns the keys. */
  Ring ring();

  /** How each stands, those that left too; empty where the members are told by a list. */
  List<Standing> standings();

  /** Why it is not known whom to ask; null where it is. */
  @Nullable String fault();

  /**
   * Always these.
   *
   * @throws IllegalArgumentException where two have the same name
   */
  static MemberList fixed(List<Member> members) {
    return new FixedList(List.copyOf(members), Ring.of(members));
  }
}
