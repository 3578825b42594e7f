package org.skymetrics.ui.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.ManualClock;

class TryLimitTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void shouldAllowAFewAtOnceAndThenOneInAnInterval() {
    ManualClock clock = new ManualClock(0);
    TryLimit limit = new TryLimit(3, 10 * SECOND, 7, clock);
    for (int i = 0; i < 3; i++) {
      assertThat(limit.takeNs("a")).isZero();
    }
    assertThat(limit.takeNs("a")).isEqualTo(10 * SECOND);
    assertThat(limit.takeNs("b")).as("another subject").isZero();
    clock.advance(Duration.ofMillis(9_999));
    assertThat(limit.takeNs("a")).isEqualTo(SECOND / 1000);
    clock.advance(Duration.ofMillis(1));
    assertThat(limit.takeNs("a")).isZero();
    assertThat(limit.takeNs("a")).isEqualTo(10 * SECOND);
    clock.advance(Duration.ofMillis(3_600_000));
    for (int i = 0; i < 3; i++) {
      assertThat(limit.takeNs("a")).isZero();
    }
    assertThat(limit.takeNs("a")).as("what was not used is not saved up").isPositive();
  }

  @Test
  void shouldForgetATryThatWasGood() {
    TryLimit limit = new TryLimit(2, SECOND, 7, new ManualClock(0));
    for (int i = 0; i < 10; i++) {
      assertThat(limit.takeNs("a")).isZero();
      limit.giveBack("a");
    }
    assertThat(limit.takeNs("a")).isZero();
    assertThat(limit.takeNs("a")).isZero();
    assertThat(limit.takeNs("a")).isPositive();
  }

  @Property(tries = 50)
  void shouldNeverAllowMoreHoweverManySubjectsThereAre(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int atOnce) {
    TryLimit limit = new TryLimit(atOnce, SECOND, seed, new ManualClock(0));
    int allowed = 0;
    for (int i = 0; i < atOnce; i++) {
      for (int other = 0; other < 500; other++) {
        limit.takeNs("other " + other + " " + i);
      }
      allowed += limit.takeNs("victim") == 0 ? 1 : 0;
    }
    assertThat(allowed).isLessThanOrEqualTo(atOnce);
    assertThat(limit.takeNs("victim")).isPositive();
  }
}
