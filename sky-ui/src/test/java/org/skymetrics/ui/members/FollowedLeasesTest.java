package org.skymetrics.ui.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.member.MemberLease;
import org.skymetrics.store.member.MemberLease.State;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.member.Standing;
import org.skymetrics.ui.count.Counters;

class FollowedLeasesTest {
  private static final Member SERVING = new Member("a", "h", 1, 2);
  private static final Member LOST = new Member("b", "h", 3, 4);
  private static final Member LEAVING = new Member("c", "h", 5, 6);
  private static final Member LEFT = new Member("d", "h", 7, 8);

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);

  /** Leases that are read, or not. */
  private record Read(List<MemberLease> members, boolean isAway) implements MemberLeases {
    @Override
    public List<MemberLease> members() {
      if (isAway) {
        throw new StoreException(Fault.UNAVAILABLE, "nobody answers");
      }
      return members;
    }

    @Override
    public @Nullable MemberLease announce(
        Member member, String holder, State state, Duration length) {
      throw new AssertionError("a reader announces nobody");
    }

    @Override
    public void withdraw(String name, String holder) {
      throw new AssertionError("a reader withdraws nobody");
    }

    @Override
    public String describe() {
      return "these";
    }

    @Override
    public void close() {}
  }

  private static MemberLease lease(Member member, State state, int ageSeconds) {
    return new MemberLease(
        member, "x", state, 1, Duration.ofSeconds(ageSeconds), MemberLeases.LENGTH);
  }

  @Test
  void shouldAskAllWhoMayHoldCounts() {
    List<MemberLease> leases =
        List.of(
            lease(SERVING, State.SERVING, 0),
            lease(LOST, State.SERVING, 600),
            lease(LEAVING, State.LEAVING, 1),
            lease(LEFT, State.LEFT, 1));
    try (FollowedLeases followed =
        FollowedLeases.start(new Read(leases, false), clock, new Counters())) {
      assertThat(followed.fault()).isNull();
      assertThat(followed.toAsk()).containsExactly(SERVING, LOST, LEAVING);
      assertThat(followed.standings())
          .extracting(Standing::state)
          .containsExactly(
              Standing.State.SERVING,
              Standing.State.LOST,
              Standing.State.LEAVING,
              Standing.State.LEFT);
    }
  }

  @Test
  void shouldSayThatItDoesNotKnowWhomToAsk() {
    try (FollowedLeases followed =
        FollowedLeases.start(new Read(List.of(), true), clock, new Counters())) {
      assertThat(followed.toAsk()).isEmpty();
      assertThat(followed.fault()).isEqualTo("their leases can't be read: nobody answers");
    }
  }
}
