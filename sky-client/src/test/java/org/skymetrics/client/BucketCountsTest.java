package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.skymetrics.common.cell.Buckets;

final class BucketCountsTest {
  /** What fits a byte, just not, an int, just not. */
  private static final List<Long> AMOUNTS =
      List.of(1L, 1L, 100L, 255L, 256L, (long) Integer.MAX_VALUE, 1L << 31, 1L << 40);

  @Property(tries = 300)
  void shouldCountAndTakeWhatAMapWould(
      @ForAll @Size(max = 200) List<@IntRange(max = 3 * 8 * 40) Integer> steps) {
    BucketCounts counts = new BucketCounts();
    for (int round = 0; round < 2; round++) {
      BucketCounts taken = new BucketCounts();
      Map<Integer, Long> model = new TreeMap<>();
      Map<Integer, Long> found = new TreeMap<>();
      for (int step : steps) {
        int bucket = bucket(step);
        counts.add(bucket, AMOUNTS.get(step % 8));
        model.merge(bucket, AMOUNTS.get(step % 8), Long::sum);
        assertThat(counts.count(bucket)).isEqualTo(model.get(bucket));
        if (step % 7 == 0) {
          counts.takeGrowth(taken, (b, n) -> found.merge(b, n, Long::sum));
          assertThat(found).isEqualTo(model);
        }
      }
      counts.takeGrowth(taken, (b, n) -> found.merge(b, n, Long::sum));
      assertThat(found).isEqualTo(model);
      counts.takeGrowth(taken, (b, n) -> found.clear());
      assertThat(found).isEqualTo(model);
      counts.clear();
      assertThat(counts.count(bucket(0))).isZero();
    }
  }

  /** Around zero, or at either end. */
  private static int bucket(int step) {
    int near = step / 8 / 3 - 20;
    return switch (step / 8 % 3) {
      case 0 -> near;
      case 1 -> Buckets.MAX - Math.abs(near);
      default -> Math.abs(near) - Buckets.MAX;
    };
  }
}
