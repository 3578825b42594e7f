package org.skymetrics.ui.members;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.store.member.Standing;

/** The members as the configuration lists them. */
record FixedList(List<Member> toAsk, Ring ring) implements MemberList {
  @Override
  public List<Standing> standings() {
    return List.of();
  }

  @Override
  public @Nullable String fault() {
    return null;
  }
}
