package org.skymetrics.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SparklineTest {
  @Test
  void shouldDrawFromZero() {
    assertThat(Sparkline.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, true, 10)).isEqualTo("▁▂▃▄▅▆▇█");
    assertThat(Sparkline.of(new double[] {7, 7, Double.NaN, 7}, true, 10)).isEqualTo("██ █");
  }

  @Test
  void shouldDrawFromTheLeastWhenNotFromZero() {
    assertThat(Sparkline.of(new double[] {100, 101}, false, 10)).isEqualTo("▁█");
    assertThat(Sparkline.of(new double[] {5, 5}, false, 10)).isEqualTo("▁▁");
  }

  @Test
  void shouldShowTheGreatestOfNeighbours() {
    assertThat(Sparkline.of(new double[] {0, 0, 0, 9, 0, 0}, true, 3)).isEqualTo("▁█▁");
  }

  @Property(tries = 200)
  void shouldTakeAnyValues(@ForAll @Size(max = 50) double[] values) {
    assertThat(Sparkline.of(values, true, 20)).hasSize(Math.min(20, values.length));
  }
}
