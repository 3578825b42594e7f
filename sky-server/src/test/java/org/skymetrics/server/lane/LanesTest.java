package org.skymetrics.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.wire.Opened.Verdict;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.TestRing;

class LanesTest {
  private static final InetSocketAddress FROM = TestRing.address(1);
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final Counters counters = new Counters();
  private final Lanes lanes =
      new Lanes(new LaneNumbers(99, 0), 3, Duration.ofHours(24), new Quotas(100, 3), counters);

  private Lane open(long session, long nowNs) {
    return lanes.open(session, 1, 0, FROM, nowNs).lane();
  }

  @Test
  void shouldGiveTheSameLaneToTheSameSessionAndNonce() {
    Lane lane = open(1, 0);
    assertThat(open(1, 1)).isSameAs(lane);
    assertThat(lanes.open(1, 2, 0, FROM, 1).lane()).isNotSameAs(lane);
    assertThat(lanes.open(2, 1, 0, FROM, 1).lane()).isNotSameAs(lane);
  }

  @Test
  void shouldGoOnWithALaneThatIsNamed() {
    Lane lane = open(1, 0);
    InetSocketAddress moved = TestRing.address(2);
    Lanes.Opened opened = lanes.open(1, 9, lane.number(), moved, 5);
    assertThat(opened.lane()).isSameAs(lane);
    assertThat(opened.verdict()).isEqualTo(Verdict.GOES_ON);
    assertThat(lane.address()).isEqualTo(moved);
  }

  @Test
  void shouldHaveASessionWithTooManyLanesGiveUpItsOwnOldestOne() {
    Lanes roomy =
        new Lanes(new LaneNumbers(99, 0), 100, Duration.ofHours(24), new Quotas(100, 2), counters);
    Lane oldest = roomy.open(1, 1, 0, FROM, 0).lane();
    Lane other = roomy.open(2, 1, 0, FROM, 0).lane();
    roomy.open(1, 2, 0, FROM, 0);
    assertThat(roomy.open(1, 3, 0, FROM, HOUR / 61)).isNull();
    assertThat(counters.get(ServerCounter.LANES_OVER_QUOTA)).isEqualTo(1);
    assertThat(roomy.open(1, 3, 0, FROM, HOUR / 60)).isNotNull();
    assertThat(roomy.find(oldest.number(), HOUR)).isNull();
    assertThat(roomy.find(other.number(), HOUR)).isSameAs(other);
    assertThat(roomy.size()).isEqualTo(3);
  }

  @Test
  void shouldRememberWhatBecameOfASessionsPacketsForADay() {
    Lane lane = open(1, 0);
    lane.ledger().settle(1, Outcome.COUNTED);
    lane.ledger().settle(4, Outcome.LATE);
    Lanes.Opened second = lanes.open(1, 2, 0, FROM, HOUR);
    second.lane().ledger().settle(1, Outcome.COUNTED);
    lanes.expire(24 * HOUR);
    assertThat(lanes.takeClosed()).containsExactly(lane);
    assertThat(lanes.takeClosed()).isEmpty();
    SessionView view = lanes.views(100 * HOUR / 1_000_000, 24 * HOUR).get(0);
    assertThat(view.lanes()).isEqualTo(1);
    assertThat(view.address()).isEqualTo(FROM);
    assertThat(view.firstMs()).isEqualTo(76 * HOUR / 1_000_000);
    assertThat(view.lastMs()).isEqualTo(77 * HOUR / 1_000_000);
    assertThat(view.tally().sent()).isEqualTo(5);
    assertThat(view.tally().of(Outcome.COUNTED)).isEqualTo(2);
    assertThat(view.tally().of(Outcome.LOST)).isEqualTo(2);
    assertThat(view.tally().open()).isZero();
    lanes.expire(25 * HOUR);
    assertThat(lanes.views(0, 25 * HOUR)).isEmpty();
  }

  @Test
  void shouldLetASessionHaveItsShareOfPacketsAndAskItAloneForPatience() {
    Lane lane = open(1, 0);
    Lane other = open(2, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(lanes.takesPacket(lane, 0)).isTrue();
    }
    assertThat(lanes.takesPacket(lane, 0)).isFalse();
    assertThat(lanes.takesPacket(other, 0)).isTrue();
    assertThat(lane.patience(0)).isEqualTo(1);
    assertThat(other.patience(0)).isZero();
    long second = 1_000_000_000;
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += lanes.takesPacket(lane, second + i * second / 1000) ? 1 : 0;
    }
    assertThat(taken).isBetween(198, 200);
    assertThat(lane.patience(2 * second)).isEqualTo(2);
    assertThat(lane.patience(13 * second)).isEqualTo(1);
    assertThat(lane.patience(23 * second)).isZero();
  }

  @Test
  void shouldNotGoOnWithALaneOfAnotherSession() {
    Lane lane = open(1, 0);
    Lanes.Opened opened = lanes.open(2, 9, lane.number(), TestRing.address(2), 5);
    assertThat(opened.lane()).isNotSameAs(lane);
    assertThat(opened.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(lane.address()).isEqualTo(FROM);
  }

  @Test
  void shouldSayUnknownOfALaneThatTookData() {
    Lane lane = open(1, 0);
    lane.markAhead(1, 1);
    lane.commit();
    lanes.expire(24 * HOUR);
    assertThat(lanes.find(lane.number(), 24 * HOUR)).isNull();
    assertThat(lanes.open(1, 2, lane.number(), FROM, 24 * HOUR).verdict())
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void shouldSayRenumberOfALaneThatNeverTookData() {
    Lane lane = open(1, 0);
    lanes.expire(24 * HOUR);
    Lanes.Opened opened = lanes.open(1, 2, lane.number(), FROM, 24 * HOUR);
    assertThat(opened.verdict()).isEqualTo(Verdict.RENUMBER);
    assertThat(opened.lane().number()).isNotEqualTo(lane.number());
    assertThat(lanes.open(1, 2, lane.number(), FROM, 24 * HOUR)).isEqualTo(opened);
  }

  @Test
  void shouldMakeRoomByTheLaneIdleLongest() {
    Lane oldest = open(1, 0);
    Lane second = open(2, 1);
    open(3, 2);
    lanes.find(oldest.number(), 3);
    assertThat(lanes.open(4, 1, 0, FROM, HOUR)).isNotNull();
    assertThat(lanes.find(second.number(), HOUR)).isNull();
    assertThat(lanes.find(oldest.number(), HOUR)).isSameAs(oldest);
    assertThat(counters.get(ServerCounter.LANES_EVICTED)).isEqualTo(1);
  }

  @Test
  void shouldOpenNoneWhenAllAreInUse() {
    for (int session = 1; session <= 3; session++) {
      open(session, 0);
    }
    assertThat(lanes.open(4, 1, 0, FROM, Duration.ofMinutes(9).toNanos())).isNull();
    assertThat(lanes.size()).isEqualTo(3);
    assertThat(counters.get(ServerCounter.LANES_REFUSED)).isEqualTo(1);
  }
}
