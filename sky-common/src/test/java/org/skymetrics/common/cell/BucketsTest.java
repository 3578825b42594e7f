package org.skymetrics.common.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.HdrHistogram.DoubleHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
  @Property
  void shouldHoldAValueBetweenItsBounds(
      @ForAll @DoubleRange(min = 1e-9, max = 1e15) @Scale(12) double v) {
    int index = Buckets.index(v);
    assertThat(index).isBetween(1, Buckets.MAX);
    assertThat(v).isGreaterThanOrEqualTo(Buckets.inner(index)).isLessThan(Buckets.outer(index));
    assertThat(Buckets.middle(index)).isCloseTo(v, within(v * 0.004));
    assertThat(Buckets.index(-v)).isEqualTo(-index);
    assertThat(Buckets.middle(-index)).isEqualTo(-Buckets.middle(index));
  }

  @Property
  void shouldRiseWithTheValue(@ForAll double a, @ForAll double b) {
    if (a <= b) {
      assertThat(Buckets.index(a)).isLessThanOrEqualTo(Buckets.index(b));
    }
  }

  @Test
  void shouldKeepZeroApartAndClampTheEnds() {
    assertThat(Buckets.index(0.0)).isZero();
    assertThat(Buckets.index(-0.0)).isZero();
    assertThat(Buckets.index(1e-9)).isEqualTo(1);
    assertThat(Buckets.index(Double.MIN_VALUE)).isEqualTo(1);
    assertThat(Buckets.index(-1e-300)).isEqualTo(-1);
    assertThat(Buckets.index(1e15)).isEqualTo(Buckets.MAX);
    assertThat(Buckets.index(Double.MAX_VALUE)).isEqualTo(Buckets.MAX);
    for (int i = 1; i < Buckets.MAX; i++) {
      assertThat(Buckets.outer(i)).isEqualTo(Buckets.inner(i + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldGivePercentilesWithinOnePercentOfExactAndOfHdrHistogram(long seed) {
    Random random = new Random(seed);
    double[] values = new double[50_000];
    HistogramCell ours = new HistogramCell();
    DoubleHistogram hdr = new DoubleHistogram(1_000_000_000L, 2);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(random.nextGaussian() * 1.5 + 1);
      ours.record(values[i]);
      hdr.recordValue(values[i]);
    }
    Arrays.sort(values);
    for (double q : new double[] {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1}) {
      double exact = values[(int) Math.ceil(q * values.length) - 1];
      assertThat(ours.quantile(q))
          .as("seed %d, quantile %s", seed, q)
          .isCloseTo(exact, within(exact * 0.01));
      double theirs = hdr.getValueAtPercentile(q * 100);
      assertThat(ours.quantile(q)).isCloseTo(theirs, within(theirs * 0.02));
    }
  }
}
