package org.skymetrics.common.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

class CellTest {
  @Test
  void shouldStayReadableWhenSumsAndCountsOverflow() {
    CounterCell up = new CounterCell();
    up.add(Double.MAX_VALUE);
    CounterCell down = new CounterCell();
    down.add(-Double.MAX_VALUE);
    GaugeCell high = new GaugeCell();
    high.set(Long.MAX_VALUE, 1, 5, -1e308, 1e308, 1.7e308, Double.POSITIVE_INFINITY);
    GaugeCell low = new GaugeCell();
    low.set(Long.MAX_VALUE, 1, 5, -1e308, 1e308, -1.7e308, Double.POSITIVE_INFINITY);
    HistogramCell full = new HistogramCell();
    full.record(3.0, Long.MAX_VALUE);
    for (List<? extends Cell> cells :
        List.of(List.of(up, up, down), List.of(high, high, low, low), List.of(full, full))) {
      Cell merged = cells.get(0).copy();
      for (int i = 0; i < 3; i++) {
        cells.forEach(merged::merge);
        ByteWriter out = new ByteWriter(16);
        merged.store(out);
        Cell read = Cell.load(merged.kind(), new ByteReader(out.toBytes()));
        assertThat(read).isNotNull();
        assertThat(read.magnitude()).isFinite();
        merged = read;
      }
    }
  }

  @Property(tries = 300)
  void shouldMergeCountersExactlyInAnyOrder(
      @ForAll @Size(max = 30) List<Long> sums, @ForAll Random random) {
    List<CounterCell> cells = new ArrayList<>();
    long expected = 0;
    for (long sum : sums) {
      CounterCell cell = new CounterCell();
      cell.add(sum);
      cells.add(cell);
      expected += sum;
    }
    assertThat(mergedInRandomOrder(cells, random, new CounterCell()).sum()).isEqualTo(expected);
  }

  @Property(tries = 300)
  void shouldMergeHistogramsExactlyInAnyOrder(
      @ForAll("samples") List<List<Double>> parts, @ForAll Random random) {
    HistogramCell whole = new HistogramCell();
    List<HistogramCell> cells = new ArrayList<>();
    for (List<Double> part : parts) {
      HistogramCell cell = new HistogramCell();
      part.forEach(cell::record);
      part.forEach(whole::record);
      cells.add(cell);
    }
    HistogramCell merged = mergedInRandomOrder(cells, random, new HistogramCell());
    assertThat(buckets(merged)).isEqualTo(buckets(whole));
    assertThat(merged.count()).isEqualTo(whole.count());
    assertSameMoments(merged.moments(), whole.moments(), parts);
  }

  @Property(tries = 300)
  void shouldMergeGaugesExactlyInAnyOrderAndKeepTheLatest(
      @ForAll("samples") List<List<Double>> parts, @ForAll Random random) {
    GaugeCell whole = new GaugeCell();
    List<GaugeCell> cells = new ArrayList<>();
    long time = 0;
    for (List<Double> part : parts) {
      GaugeCell cell = new GaugeCell();
      for (double v : part) {
        cell.set(v, ++time);
        whole.set(v, time);
      }
      cells.add(cell);
    }
    GaugeCell merged = mergedInRandomOrder(cells, random, new GaugeCell());
    assertThat(merged.count()).isEqualTo(whole.count());
    assertThat(merged.last()).isEqualTo(whole.last());
    assertThat(merged.lastTimeMs()).isEqualTo(whole.lastTimeMs());
    assertSameMoments(merged.moments(), whole.moments(), parts);
  }

  @Property(tries = 300)
  void shouldReadTheStoredFormItWrote(@ForAll("samples") List<List<Double>> parts, @ForAll long n) {
    CounterCell counter = new CounterCell();
    counter.add(n);
    GaugeCell gauge = new GaugeCell();
    HistogramCell histogram = new HistogramCell();
    SetCell set = new SetCell();
    for (List<Double> part : parts) {
      for (double v : part) {
        counter.add(v);
        gauge.set(v, n);
        histogram.record(v);
        set.add(SetCell.hash(String.valueOf(v)));
      }
    }
    for (Cell cell : List.of(counter, gauge, histogram, set)) {
      if (cell.isEmpty() && cell.kind() != Kind.COUNTER) {
        continue;
      }
      byte[] bytes = stored(cell);
      Cell loaded = Cell.load(cell.kind(), new ByteReader(bytes));
      assertThat(loaded).isNotNull();
      assertThat(stored(loaded)).isEqualTo(bytes);
      assertThat(stored(loaded.copy())).isEqualTo(bytes);
    }
  }

  @Property(tries = 300)
  void shouldSplitAHistogramIntoPartsThatMergeToIt(@ForAll("samples") List<List<Double>> parts) {
    HistogramCell whole = new HistogramCell();
    parts.forEach(part -> part.forEach(whole::record));
    HistogramCell merged = new HistogramCell();
    for (HistogramCell part : whole.split(3)) {
      assertThat(buckets(part).size()).isLessThanOrEqualTo(3);
      ByteWriter out = new ByteWriter(64);
      part.write(out);
      merged.merge(HistogramCell.read(new ByteReader(out.toBytes())));
    }
    assertThat(stored(merged)).isEqualTo(stored(whole));
  }

  @Property
  void shouldNotThrowOnAnyBytes(@ForAll Kind kind, @ForAll byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    Cell cell = Cell.load(kind, in);
    assertThat(cell == null).isEqualTo(in.failed());
  }

  @Test
  void shouldSumAMillionDoublesWithin1e12() {
    Moments moments = new Moments();
    for (int i = 0; i < 1_000_000; i++) {
      moments.add(0.1);
    }
    assertThat(moments.sum()).isCloseTo(100_000.0, within(1e-7));
    assertThat(moments.sumOfSquares()).isCloseTo(10_000.0, within(1e-8));
  }

  @Test
  void shouldKeepAFractionBesideTheInteger() {
    CounterCell cell = new CounterCell();
    cell.add(0.4);
    cell.add(Long.MAX_VALUE / 2);
    cell.add(10.0 / 3);
    assertThat(cell.sum()).isEqualTo(Long.MAX_VALUE / 2 + 3);
    assertThat(cell.fraction()).isCloseTo(0.4 + 1.0 / 3, within(1e-12));
  }

  @Test
  void shouldBreakATieOfGaugesTheSameWayInBothOrders() {
    GaugeCell a = new GaugeCell();
    a.set(5, 0);
    a.setOrigin(1_000, 7, 1);
    GaugeCell b = new GaugeCell();
    b.set(6, 0);
    b.setOrigin(1_000, -7, 1);
    Cell ab = a.copy();
    ab.merge(b);
    Cell ba = b.copy();
    ba.merge(a);
    assertThat(stored(ab)).isEqualTo(stored(ba));
    // Lanes are unsigned: -7 is the greater.
    assertThat(((GaugeCell) ab).last()).isEqualTo(6);
  }

  @Test
  void shouldRefuseToMergeAnotherKind() {
    assertThatThrownBy(() -> new CounterCell().merge(new GaugeCell()))
        .hasMessage("a counter can't merge a gauge");
  }

  @Provide
  Arbitrary<List<List<Double>>> samples() {
    Arbitrary<Double> value =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.doubles().between(-1e6, 1e6)),
            Tuple.of(2, Arbitraries.doubles().between(0, 1e-6).ofScale(12)),
            Tuple.of(1, Arbitraries.of(0.0, 1e15, -1e15, 1e-9)));
    return value.list().ofMaxSize(20).list().ofMinSize(1).ofMaxSize(8);
  }

  private static <C extends Cell> C mergedInRandomOrder(List<C> cells, Random random, C into) {
    List<C> left = new ArrayList<>(cells);
    while (left.size() > 1) {
      Collections.shuffle(left, random);
      C taken = left.remove(left.size() - 1);
      left.get(0).merge(taken);
    }
    left.forEach(into::merge);
    return into;
  }

  private static void assertSameMoments(Moments a, Moments b, List<List<Double>> parts) {
    double magnitude = 0;
    double squares = 0;
    for (List<Double> part : parts) {
      for (double v : part) {
        magnitude += Math.abs(v);
        squares += v * v;
      }
    }
    assertThat(a.min()).isEqualTo(b.min());
    assertThat(a.max()).isEqualTo(b.max());
    assertThat(a.sum()).isCloseTo(b.sum(), within(magnitude * 1e-12));
    assertThat(a.sumOfSquares()).isCloseTo(b.sumOfSquares(), within(squares * 1e-12));
  }

  private static List<String> buckets(HistogramCell cell) {
    List<String> all = new ArrayList<>();
    cell.forEachBucket((index, n) -> all.add(index + "=" + n));
    return all;
  }

  private static byte[] stored(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return out.toBytes();
  }
}
