package org.skymetrics.ui.members;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;

/** What a member answered, or why it did not: one of both is there. */
public record Reply<T>(Member member, @Nullable T value, @Nullable String fault) {
  static <T> Reply<T> of(Member member, T value) {
    return new Reply<>(member, value, null);
  }

  static <T> Reply<T> failed(Member member, String fault) {
    return new Reply<>(member, null, fault);
  }

  /** How an answer names a member that did not reply. */
  public String describeFault() {
    return member.name() + ": " + fault;
  }
}
