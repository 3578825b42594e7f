package org.skymetrics.ui.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.Period;

final class RangeTest {
  private static final long HOUR_MS = 3_600_000;

  @Property
  void shouldNeverGiveMoreStepsThanAskedFor(
      @ForAll @LongRange(min = 0, max = 2_000_000_000_000L) long fromMs,
      @ForAll @LongRange(min = 1, max = 400L * 24 * HOUR_MS) long lengthMs,
      @ForAll @IntRange(min = 1, max = Range.MAX_POINTS) int points,
      @ForAll Period period) {
    Range range = Range.ofAtMost(fromMs, fromMs + lengthMs, points, period);

    assertThat(range.steps()).isBetween(1L, (long) points);
    assertThat(range.startMs()).isLessThanOrEqualTo(fromMs);
    assertThat(range.endMs()).isGreaterThanOrEqualTo(fromMs + lengthMs);
    assertThat(range.stepMs() % period.lengthMs()).isZero();
    assertThat(range.startMs() % period.lengthMs()).isZero();
  }

  @Property
  void shouldWidenToWholeSteps(
      @ForAll @LongRange(min = 0, max = 2_000_000_000_000L) long fromMs,
      @ForAll @LongRange(min = 1, max = 24 * HOUR_MS) long lengthMs,
      @ForAll @IntRange(min = 1, max = 100) int periods) {
    long stepMs = periods * 60_000L;
    Range range = Range.at(fromMs, fromMs + lengthMs, stepMs, Period.ONE_MINUTE);

    assertThat(range.startMs()).isBetween(fromMs - stepMs + 1, fromMs);
    assertThat(range.endMs()).isBetween(fromMs + lengthMs, fromMs + lengthMs + stepMs - 1);
    assertThat(range.startMs() % stepMs).isZero();
  }

  @Test
  void shouldChooseTheFinestThatFits() {
    assertThat(Range.ofAtMost(0, HOUR_MS, 60, Period.ONE_MINUTE).stepMs()).isEqualTo(60_000);
    assertThat(Range.ofAtMost(0, HOUR_MS, 59, Period.ONE_MINUTE).stepMs()).isEqualTo(120_000);
    assertThat(Range.ofAtMost(0, HOUR_MS, 3600, Period.ONE_SECOND).stepMs()).isEqualTo(1000);
    assertThat(Range.ofAtMost(0, 24 * HOUR_MS, 300, Period.ONE_MINUTE).stepMs()).isEqualTo(300_000);
  }

  @Test
  void shouldGiveOnePointForTheWholeRange() {
    Range range = Range.ofAtMost(90_000, 86_400_000L * 3 + 7, 1, Period.ONE_MINUTE);
    assertThat(range.steps()).isEqualTo(1);
  }

  @Test
  void shouldSayWhatWouldDo() {
    assertThatThrownBy(() -> Range.at(0, 15L * 24 * HOUR_MS, 60_000, Period.ONE_MINUTE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("21600 points")
        .hasMessageContaining("resolution=2m would do");
    assertThatThrownBy(() -> Range.at(0, HOUR_MS, 10_000, Period.ONE_MINUTE))
        .hasMessageContaining("multiple of it");
    assertThatThrownBy(() -> Range.at(HOUR_MS, HOUR_MS, 60_000, Period.ONE_MINUTE))
        .hasMessageContaining("before to");
  }
}
