package org.skymetrics.store.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.store.member.RingWatch.Change;
import org.skymetrics.store.member.Standing.State;

class RingWatchTest {
  private static final Duration LENGTH = Duration.ofSeconds(2);
  private static final Duration TURN = Duration.ofMillis(500);

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final RingWatch watch = new RingWatch(clock, LENGTH);
  private final List<Change> changes = new ArrayList<>();

  /** What the store holds: by name the lease and when it was renewed, by the store's own clock. */
  private final Map<String, MemberLease> stored = new TreeMap<>();

  private final Map<String, Long> renewedMs = new TreeMap<>();
  private long storeAheadMs;

  private static Member member(String name) {
    return new Member(name, "host", 8125, 8126);
  }

  private long storeMs() {
    return clock.wallMs() + storeAheadMs;
  }

  private void announce(String name, MemberLease.State state) {
    long now = storeMs();
    renewedMs.put(name, now);
    stored.put(name, new MemberLease(member(name), "holder", state, now, Duration.ZERO, LENGTH));
  }

  private void read() {
    List<MemberLease> leases = new ArrayList<>();
    stored.forEach(
        (name, lease) ->
            leases.add(
                new MemberLease(
                    lease.member(),
                    lease.holder(),
                    lease.state(),
                    lease.beat(),
                    Duration.ofMillis(Math.max(0, storeMs() - renewedMs.get(name))),
                    LENGTH)));
    changes.addAll(watch.read(leases));
  }

  /** A turn in which these renew their leases, and all are read. */
  private void turn(String... alive) {
    clock.advance(TURN);
    for (String name : alive) {
      announce(name, MemberLease.State.SERVING);
    }
    read();
  }

  private void turns(int n, String... alive) {
    for (int i = 0; i < n; i++) {
      turn(alive);
    }
  }

  private List<String> ring() {
    return watch.ring().members().stream().map(Member::name).toList();
  }

  private Standing standing(String name) {
    return watch.standings().stream()
        .filter(s -> s.member().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void begin(String... alive) {
    turns(5, alive);
    assertThat(ring()).containsExactly(alive);
    changes.clear();
  }

  @Test
  void shouldKnowNoRingBeforeAllHadTheTimeToBeHeard() {
    for (int i = 0; i < 4; i++) {
      turn("a");
      assertThat(ring()).as("turn %d", i).isEmpty();
    }
    turn("a", "b");
    assertThat(ring()).containsExactly("a", "b");
    assertThat(changes)
        .containsExactly(
            new Change(member("a"), State.SERVING), new Change(member("b"), State.SERVING));
  }

  @Test
  void shouldTakeInWhoComesAtOnce() {
    begin("a");
    turn("a", "b");
    assertThat(ring()).containsExactly("a", "b");
  }

  @Test
  void shouldLoseWhoDiedWithinThreeSeconds() {
    begin("a", "b", "c");
    long died = clock.monotonicNs();
    while (ring().contains("b")) {
      turn("a", "c");
    }
    assertThat(Duration.ofNanos(clock.monotonicNs() - died))
        .isBetween(LENGTH, Duration.ofMillis(2_500));
    assertThat(changes).containsExactly(new Change(member("b"), State.LOST));
    assertThat(standing("b").state()).isEqualTo(State.LOST);
    assertThat(standing("b").mayHoldCounts()).isTrue();
    turn("a", "b", "c");
    assertThat(ring()).as("it came back").containsExactly("a", "b", "c");
  }

  @Test
  void shouldTellWhoIsLate() {
    begin("a", "b");
    turns(2, "a");
    assertThat(standing("b").state()).isEqualTo(State.LATE);
    assertThat(standing("b").heard()).isEqualTo(Duration.ofSeconds(1));
    assertThat(standing("b").isInRing()).isTrue();
    assertThat(ring()).containsExactly("a", "b");
  }

  @Test
  void shouldLetGoAtOnceWhoSaysSo() {
    begin("a", "b");
    announce("b", MemberLease.State.LEAVING);
    turn("a");
    assertThat(ring()).containsExactly("a");
    assertThat(standing("b").mayHoldCounts()).isTrue();
    announce("b", MemberLease.State.LEFT);
    turn("a");
    assertThat(standing("b").mayHoldCounts()).isFalse();
    assertThat(changes)
        .containsExactly(
            new Change(member("b"), State.LEAVING), new Change(member("b"), State.LEFT));
    turns(20, "a");
    assertThat(changes).as("who left is not lost").hasSize(2);
  }

  @Test
  void shouldLoseWhoDiesWhileItLeaves() {
    begin("a", "b");
    announce("b", MemberLease.State.LEAVING);
    turns(6, "a");
    assertThat(standing("b").state()).isEqualTo(State.LOST);
  }

  @Test
  void shouldKeepTheRingWhenTheStoreIsWiped() {
    begin("a", "b", "c");
    stored.clear();
    turn("b");
    assertThat(ring()).containsExactly("a", "b", "c");
    turn("b", "c");
    turn("a", "b", "c");
    turns(10, "a", "b", "c");
    assertThat(ring()).containsExactly("a", "b", "c");
    assertThat(changes).isEmpty();
  }

  @Test
  void shouldLoseWhoIsNotHeardOfAfterTheStoreWasWiped() {
    begin("a", "b", "c");
    stored.clear();
    turns(5, "a", "b");
    assertThat(ring()).containsExactly("a", "b");
    assertThat(standing("c").state()).as("known although nothing is stored").isEqualTo(State.LOST);
  }

  @Test
  void shouldKeepTheRingWhileTheStoreIsAwayAndUntilAllHadTheirTimeAgain() {
    begin("a", "b", "c");
    clock.advance(Duration.ofHours(3));
    // The first read after it; nobody else got through yet.
    turn("a");
    assertThat(ring()).containsExactly("a", "b", "c");
    turns(3, "a");
    assertThat(ring()).containsExactly("a", "b", "c");
    turn("a", "b", "c");
    turns(10, "a", "b", "c");
    assertThat(changes).isEmpty();
  }

  @Test
  void shouldKeepTheRingWhenTheStoreIsRolledBackAndItsClockToo() {
    begin("a", "b", "c");
    Map<String, MemberLease> older = new TreeMap<>(stored);
    Map<String, Long> olderMs = new TreeMap<>(renewedMs);
    turns(40, "a", "b", "c");
    stored.clear();
    stored.putAll(older);
    renewedMs.putAll(olderMs);
    turn("a");
    assertThat(ring()).containsExactly("a", "b", "c");
    storeAheadMs = -3_600_000;
    turn("a", "b", "c");
    storeAheadMs = 7_200_000;
    turn("b");
    turn("a", "b", "c");
    turns(10, "a", "b", "c");
    assertThat(ring()).containsExactly("a", "b", "c");
    assertThat(changes).isEmpty();
  }

  @Test
  void shouldNotTakeBackOneThatAnOlderReplicaStillHolds() {
    begin("a", "b");
    Map<String, MemberLease> older = new TreeMap<>(stored);
    turns(6, "a");
    assertThat(ring()).containsExactly("a");
    stored.putAll(older);
    turns(6, "a");
    assertThat(ring()).containsExactly("a");
  }

  @Test
  void shouldNotTakeBackOneWhoseLeaseIsYetToComeByAClockThatWasSetBack() {
    begin("a", "b");
    storeAheadMs = -3_600_000;
    turns(8, "a");
    assertThat(ring()).containsExactly("a");
    assertThat(changes).containsExactly(new Change(member("b"), State.LOST));
  }

  @Test
  void shouldNeverTakeOverAnEmptyRing() {
    begin("a", "b");
    turns(20);
    assertThat(ring()).isNotEmpty();
    stored.clear();
    turns(20);
    assertThat(ring()).isNotEmpty();
    announce("a", MemberLease.State.LEFT);
    announce("b", MemberLease.State.LEFT);
    turns(3);
    assertThat(ring()).isNotEmpty();
  }

  @Test
  void shouldFollowAMemberThatComesBackElsewhere() {
    begin("a", "b");
    Member moved = new Member("b", "other", 9125, 9126);
    clock.advance(TURN);
    announce("a", MemberLease.State.SERVING);
    renewedMs.put("b", storeMs());
    stored.put(
        "b",
        new MemberLease(moved, "new", MemberLease.State.SERVING, storeMs(), Duration.ZERO, LENGTH));
    read();
    assertThat(watch.ring().members()).containsExactly(member("a"), moved);
  }

  @Test
  void shouldTellOfTheLostOfBeforeItsTimeAndForgetThemAfterADay() {
    announce("dead", MemberLease.State.SERVING);
    clock.advance(Duration.ofHours(20));
    begin("a");
    assertThat(standing("dead").state()).isEqualTo(State.LOST);
    stored.remove("dead");
    for (int i = 0; i < 5 * 3600; i++) {
      clock.advance(Duration.ofMillis(900));
      announce("a", MemberLease.State.SERVING);
      read();
    }
    assertThat(watch.standings()).extracting(s -> s.member().name()).containsExactly("a");
    assertThat(changes).isEmpty();
  }
}
