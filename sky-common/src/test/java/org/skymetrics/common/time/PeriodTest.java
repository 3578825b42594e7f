package org.skymetrics.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PeriodTest {
  @Property
  void shouldHoldEachTimeInOnePeriod(
      @ForAll Period period,
      @ForAll @LongRange(min = -1_000_000_000_000L, max = 4_000_000_000_000L) long timeMs) {
    long start = period.startOf(timeMs);
    assertThat(timeMs).isBetween(start, start + period.lengthMs() - 1);
    assertThat(Math.floorMod(start, period.lengthMs())).isZero();
  }

  @Test
  void shouldReadWhatOptionsSpell() {
    assertThat(Period.parse("60s")).isEqualTo(Period.ONE_MINUTE);
    assertThat(Period.parse("1m")).isEqualTo(Period.ONE_MINUTE);
    assertThat(Period.parse("1s")).isEqualTo(Period.ONE_SECOND);
    assertThatThrownBy(() -> Period.parse("2s"))
        .hasMessage("a period is 60s, 10s or 1s, not \"2s\"");
  }

  @Test
  void shouldStandStillUntilMoved() {
    ManualClock clock = new ManualClock(1_000);
    clock.advance(Duration.ofSeconds(2));
    assertThat(clock.wallMs()).isEqualTo(3_000);
    assertThat(clock.monotonicNs()).isEqualTo(2_000_000_000L);
    clock.stepWall(Duration.ofSeconds(-10));
    assertThat(clock.wallMs()).isEqualTo(-7_000);
    assertThat(clock.monotonicNs()).isEqualTo(2_000_000_000L);
  }
}
