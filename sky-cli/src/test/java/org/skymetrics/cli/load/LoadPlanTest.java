package org.skymetrics.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class LoadPlanTest {
  @Property(tries = 200)
  void shouldShareAllCountsAmongTheThreads(
      @ForAll @LongRange(min = 1, max = 1_000_000) long rate,
      @ForAll @IntRange(min = 1, max = 64) int threads) {
    LoadPlan plan = new LoadPlan(1, rate, 3, 0, threads);
    long sum = 0;
    for (int i = 0; i < threads; i++) {
      sum += plan.total(i);
    }

    assertThat(sum).isEqualTo(plan.total()).isEqualTo(rate * 3);
  }

  @Test
  void shouldNameAllThatIsWrong() {
    assertThatThrownBy(() -> new LoadPlan(0, 1, 0, 0, 1))
        .hasMessage("--keys is 1 to 1000000, not 0; --seconds is 1 to 86400, not 0");
  }

  @Property(tries = 20)
  void shouldChooseKeysByTheirWeight(@ForAll @IntRange(min = 1, max = 50) int keys) {
    KeyChooser chooser = new KeyChooser(keys);
    SplittableRandom random = new SplittableRandom(7);
    int[] chosen = new int[keys];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      chosen[chooser.next(random)]++;
    }
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += 1.0 / (i + 1);
    }
    for (int i = 0; i < keys; i++) {
      double expected = draws / sum / (i + 1);
      assertThat((double) chosen[i])
          .isBetween(expected - 6 * Math.sqrt(expected), expected + 6 * Math.sqrt(expected));
    }
  }
}
