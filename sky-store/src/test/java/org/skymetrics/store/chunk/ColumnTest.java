package org.skymetrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/** Columns of numbers and of steps. */
class ColumnTest {
  @Property(tries = 500)
  void shouldReadBackIntegersOfAnyKind(@ForAll Random random) {
    int bits = random.nextInt(64);
    long base = random.nextLong() >> random.nextInt(64);
    long slope = random.nextInt(3) * (long) random.nextInt(1000);
    long[] values =
        IntStream.range(0, random.nextInt(200))
            .mapToLong(i -> base + i * slope + (random.nextLong() >> (63 - bits)))
            .toArray();
    if (values.length > 0 && random.nextInt(5) == 0) {
      values[random.nextInt(values.length)] =
          random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    ByteWriter out = new ByteWriter(64);
    Ints.write(out, values);
    ByteReader in = new ByteReader(out.toBytes());
    assertThat(Ints.read(in, values.length)).isEqualTo(values);
    assertThat(in.failed()).isFalse();
    assertThat(in.remaining()).isZero();
  }

  @Property(tries = 500)
  void shouldReadBackDoublesBitForBit(@ForAll Random random) {
    double[] strange = {
      0.0, -0.0, Double.MAX_VALUE, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, 0.1, -1e-9, 1e300
    };
    int form = random.nextInt(4);
    double[] values =
        IntStream.range(0, random.nextInt(100))
            .mapToDouble(
                i ->
                    switch (form) {
                      case 0 -> random.nextInt(1000) / 100.0;
                      case 1 -> random.nextGaussian();
                      case 2 -> random.nextInt();
                      default -> strange[random.nextInt(strange.length)];
                    })
            .toArray();
    ByteWriter out = new ByteWriter(64);
    Doubles.write(out, values);
    ByteReader in = new ByteReader(out.toBytes());
    double[] read = Doubles.read(in, values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(Double.doubleToRawLongBits(read[i]))
          .isEqualTo(Double.doubleToRawLongBits(values[i]));
    }
    assertThat(in.remaining()).isZero();
  }

  @Property(tries = 500)
  void shouldReadBackSteps(@ForAll Random random) {
    int limit = 1 + random.nextInt(1500);
    int oneIn = 1 + random.nextInt(20);
    int[] steps = IntStream.range(0, limit).filter(i -> random.nextInt(oneIn) == 0).toArray();
    if (steps.length == 0) {
      steps = new int[] {limit - 1};
    }
    ByteWriter out = new ByteWriter(64);
    Steps.write(out, steps);
    ByteReader in = new ByteReader(out.toBytes());
    assertThat(Steps.read(in, limit)).isEqualTo(steps);
    assertThat(in.remaining()).isZero();
    if (steps[steps.length - 1] > 0) {
      assertThat(Steps.read(new ByteReader(out.toBytes()), steps[steps.length - 1])).isNull();
    }
  }

  @Test
  void shouldTakeFewBytesForWhatIsRegular() {
    ByteWriter same = new ByteWriter(64);
    Ints.write(same, IntStream.range(0, 1440).mapToLong(i -> 7).toArray());
    assertThat(same.length()).isEqualTo(2);
    ByteWriter even = new ByteWriter(64);
    Ints.write(even, IntStream.range(0, 1440).mapToLong(i -> 60_000L * i).toArray());
    assertThat(even.length()).isLessThan(10);
    ByteWriter money = new ByteWriter(64);
    Doubles.write(money, IntStream.range(0, 60).mapToDouble(i -> i / 100.0).toArray());
    assertThat(money.length()).isLessThan(10);
  }
}
