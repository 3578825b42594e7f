package org.skymetrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.Samples;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;

/** Chunk files: what goes in comes out, bit for bit, and nothing else is taken for one. */
class ChunkFileTest {
  private static final long PERIOD_MS = Samples.PERIOD_MS;
  private static final long HOUR_MS = Span.HOUR.startOf(Samples.START_MS);
  private static final ChunkPlace PLACE = new ChunkPlace(Span.HOUR, PERIOD_MS, 1, HOUR_MS, 0, 0);

  private static final byte[] GOOD = good();

  private static byte[] good() {
    try {
      return file(extras(blocks(new Random(4))), null).bytes();
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<Long, Block> blocks(Random random) {
    Map<Long, Block> blocks = new TreeMap<>();
    for (int minute = 0; minute < 60; minute++) {
      if (random.nextInt(4) > 0) {
        ShardPeriod place = new ShardPeriod(1, HOUR_MS + minute * PERIOD_MS);
        Block block = Block.empty(place);
        for (int i = random.nextInt(3); i >= 0; i--) {
          BatchName name = new BatchName(random.nextInt(2) - 1, minute + random.nextInt(3) * 100);
          block = block.with(List.of(Samples.batch(place, name, random)));
        }
        blocks.put(place.startMs(), block);
      }
    }
    return blocks;
  }

  private static Extras extras(Map<Long, Block> blocks) throws CorruptException {
    Extras extras = new Extras();
    for (Block block : blocks.values()) {
      for (Batch batch : block.batches().values()) {
        Extras.add(batch, List.of(extras), s -> 0);
      }
    }
    return extras;
  }

  private static ChunkFile file(Extras extras, PeriodSource base) throws CorruptException {
    Names names = base == null ? extras.names() : base.names().with(extras.names());
    ChunkFile.Builder builder = ChunkFile.Builder.ofPeriods(PLACE, PERIOD_MS, names);
    extras.unite(base, PLACE::holds).forEach(builder::add);
    return builder.build();
  }

  @Property(tries = 20)
  void shouldHoldJustTheMergedCellsOfItsBlocks(@ForAll Random random) throws CorruptException {
    Map<Long, Block> blocks = blocks(random);
    ChunkFile file = ChunkFile.parse(PLACE, file(extras(blocks), null).bytes());

    Map<String, String> expected = new HashMap<>();
    Names.Builder names = new Names.Builder();
    for (Map.Entry<Long, Block> entry : blocks.entrySet()) {
      names.add(entry.getKey(), entry.getValue().names());
      entry
          .getValue()
          .cells()
          .forEach((series, cell) -> expected.put(series + " " + entry.getKey(), hex(cell)));
    }
    Map<String, String> found = new HashMap<>();
    file.forEach(
        (series, points) -> {
          for (Point point : points) {
            found.put(series + " " + point.startMs(), hex(point.cell()));
          }
          assertThat(file.find(series)).hasSameSizeAs(points);
        });
    assertThat(found).isEqualTo(expected);
    Names expectedNames = names.build();
    assertThat(file.names().covers(expectedNames)).isTrue();
    assertThat(expectedNames.covers(file.names())).isTrue();
    assertThat(file.batches()).isEqualTo(expectedNames.size());
  }

  @Property(tries = 12)
  void shouldBeTheSameBytesHoweverItCameTogether(@ForAll Random random) throws CorruptException {
    Map<Long, Block> blocks = blocks(random);
    byte[] atOnce = file(extras(blocks), null).bytes();

    // First some of the windows, with some of the batches missing; then all that was missed.
    Map<Long, Block> some = new TreeMap<>(blocks);
    some.keySet().removeIf(start -> random.nextInt(3) == 0);
    some.replaceAll((start, block) -> random.nextInt(3) == 0 ? firstOf(block) : block);
    ChunkFile early = file(extras(some), null);
    Map<Long, Block> marked = new TreeMap<>(blocks);
    marked.entrySet().removeIf(e -> e.getValue().equals(some.get(e.getKey())));

    assertThat(file(extras(marked), PeriodSource.all(early)).bytes()).isEqualTo(atOnce);
  }

  private static Block firstOf(Block block) {
    return Block.empty(block.place())
        .with(List.of(block.batches().get(block.batches().firstKey())));
  }

  @Property(tries = 12)
  void shouldUniteLateBatchesWithWhatHasNoBlocksAnyMore(@ForAll Random random)
      throws CorruptException {
    Map<Long, Block> blocks = blocks(random);
    ChunkFile file = file(extras(blocks), null);
    ShardPeriod place = new ShardPeriod(1, HOUR_MS + 7 * PERIOD_MS);
    CounterCell ten = new CounterCell();
    ten.add(10);
    Series series = new Series(Key.of("late"), Kind.COUNTER);
    Batch late =
        Batch.of(new BatchName(99, 1), place, PERIOD_MS, new TreeMap<>(Map.of(series, ten)));
    Extras extras = new Extras();
    Extras.add(late, List.of(extras), s -> 0);

    ChunkFile once = file(extras, PeriodSource.all(file));
    ChunkFile twice = file(extras, PeriodSource.all(once));

    assertThat(twice.bytes()).isEqualTo(once.bytes());
    assertThat(once.find(series)).hasSize(1);
    assertThat(((CounterCell) once.find(series).get(0).cell()).sum()).isEqualTo(10);
    assertThat(once.batches()).isEqualTo(file.batches() + 1);
    file.forEach((s, points) -> assertThat(cells(once.find(s))).isEqualTo(cells(points)));
  }

  private static List<String> cells(List<Point> points) {
    return points.stream().map(point -> point.startMs() + hex(point.cell())).toList();
  }

  /** A server tells of a segment that is still open; by its name history may have more by now. */
  @Test
  void shouldLetHistoryWinOverABatchOnItsWay() throws CorruptException {
    ShardPeriod place = new ShardPeriod(1, HOUR_MS);
    Series series = Samples.counter("a");
    Batch early = Samples.batch(place, 1, Map.of(series, Samples.count(3)));
    Batch whole = Samples.batch(place, 1, Map.of(series, Samples.count(10)));
    Batch other = Samples.batch(place, 2, Map.of(series, Samples.count(100)));
    Extras blocks = new Extras();
    blocks.add(whole, List.of(series));
    ChunkFile file = file(blocks, null);

    Extras fresh = new Extras();
    fresh.addOnTheWay(early, Map.of(series, Samples.count(3)));
    fresh.addOnTheWay(other, Map.of(series, Samples.count(100)));
    assertThat(sum(fresh.unite(PeriodSource.all(file), key -> true).get(series))).isEqualTo(110);
    assertThat(fresh.names().size()).isZero();

    fresh.add(whole, List.of(series));
    fresh.addOnTheWay(early, Map.of(series, Samples.count(3)));
    assertThat(sum(fresh.unite(null, key -> true).get(series))).isEqualTo(110);
    assertThat(fresh.names().size()).isEqualTo(1);
  }

  private static long sum(List<Point> points) {
    return points.stream().mapToLong(p -> ((CounterCell) p.cell()).sum()).sum();
  }

  @Test
  void shouldChooseTheSiblingThatLacksNothing() throws CorruptException {
    PeriodSource one = PeriodSource.all(withNames(1));
    PeriodSource both = PeriodSource.all(withNames(1, 2));
    PeriodSource other = PeriodSource.all(withNames(1, 3));
    Names three = new Names.Builder().add(HOUR_MS, List.of(new BatchName(5, 3))).build();

    assertThat(PeriodSource.choose(List.of(one, both), Names.none())).isEqualTo(both);
    assertThat(PeriodSource.choose(List.of(other, both), three)).isEqualTo(both);
    assertThatThrownBy(() -> PeriodSource.choose(List.of(other, both), Names.none()))
        .isInstanceOf(CorruptException.class);
  }

  private static ChunkFile withNames(int... segments) {
    Names.Builder names = new Names.Builder();
    for (int segment : segments) {
      names.add(HOUR_MS, List.of(new BatchName(5, segment)));
    }
    return ChunkFile.Builder.ofPeriods(PLACE, PERIOD_MS, names.build()).build();
  }

  @ParameterizedTest
  @EnumSource(Span.class)
  void shouldKeepLevelsWithTheirSwing(Span span) throws CorruptException {
    Random random = new Random(5);
    long startMs = span.startOf(Samples.START_MS);
    ChunkPlace place = new ChunkPlace(span, Span.FIVE_MINUTES_MS, 2, startMs, 0, 0);
    SortedMap<Series, List<Point>> made = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      Series series =
          new Series(Key.of("k" + i), Kind.values()[random.nextInt(Kind.values().length)]);
      List<Point> points = new ArrayList<>();
      Ladder ladder =
          new Ladder(series.kind(), Span.FIVE_MINUTES_MS, (resolution, point) -> points.add(point));
      for (long at = startMs; at < startMs + Span.HOUR_MS; at += PERIOD_MS) {
        if (random.nextInt(3) > 0) {
          ladder.add(PERIOD_MS, Point.ofPeriod(at, Samples.cell(series.kind(), random)));
        }
      }
      ladder.end();
      made.put(series, points);
    }
    ChunkFile.Builder builder =
        span == Span.MONTH
            ? ChunkFile.Builder.ofMonth(place, PERIOD_MS, Map.of(startMs, 3))
            : ChunkFile.Builder.ofDay(place, PERIOD_MS, 3);
    made.forEach(builder::add);
    ChunkFile file = builder.build();

    for (Map.Entry<Series, List<Point>> entry : made.entrySet()) {
      List<Point> found = file.find(entry.getKey());
      assertThat(cells(found)).isEqualTo(cells(entry.getValue()));
      for (int i = 0; i < found.size(); i++) {
        assertThat(hex(swing(found.get(i)))).isEqualTo(hex(swing(entry.getValue().get(i))));
      }
    }
    assertThat(file.batches()).isEqualTo(3);
  }

  private static Swing swing(Point point) {
    Swing swing = new Swing();
    point.addTo(swing);
    return swing;
  }

  @Test
  void shouldFindEachOfManySeriesAndNoOther() throws CorruptException {
    Names.Builder names = new Names.Builder();
    for (int minute = 0; minute < 60; minute++) {
      names.add(HOUR_MS + minute * PERIOD_MS, List.of(new BatchName(1, minute)));
    }
    ChunkFile.Builder builder = ChunkFile.Builder.ofPeriods(PLACE, PERIOD_MS, names.build());
    Random random = new Random(3);
    for (int i = 10_000; i < 14_000; i++) {
      List<Point> points = new ArrayList<>();
      for (int minute = 0; minute < 60; minute += 1 + random.nextInt(3)) {
        points.add(
            Point.ofPeriod(HOUR_MS + minute * PERIOD_MS, Samples.count(i * random.nextInt(9))));
      }
      builder.add(Samples.counter("requests|" + i), points);
    }
    ChunkFile file = builder.build();
    int[] n = {0};
    file.forEach(
        (series, points) -> {
          n[0]++;
          assertThat(cells(file.find(series))).isEqualTo(cells(points));
        });
    assertThat(n[0]).isEqualTo(4_000);
    assertThat(file.find(Samples.counter("requests|1"))).isEmpty();
    assertThat(file.find(Samples.counter("requests|12000|x"))).isEmpty();
    assertThat(file.find(Samples.counter("z"))).isEmpty();
    assertThat(file.find(Samples.gauge("requests|12000"))).isEmpty();
  }

  @Property(tries = 300)
  void shouldReadOrRefuseMutatedFilesWhoseChecksumHolds(@ForAll Random random)
      throws CorruptException {
    byte[] value = GOOD.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      value[5 + random.nextInt(value.length - 9)] = (byte) random.nextInt();
    }
    ByteWriter out = new ByteWriter(value.length);
    out.raw(value, 0, value.length - 4);
    Envelope.append(out);
    try {
      ChunkFile file = ChunkFile.parse(PLACE, out.toBytes());
      file.names();
      file.find(Samples.counter("a"));
      file.forEach((series, points) -> {});
    } catch (CorruptException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @Property(tries = 300)
  void shouldReadOrRefuseRandomColumns(@ForAll byte[] bytes, @ForAll Random random) {
    for (Kind kind : Kind.values()) {
      Columns columns =
          new Columns(kind, PLACE, random.nextBoolean() ? null : IntStream.range(3, 57).toArray());
      ByteWriter out = new ByteWriter(64);
      Steps.write(out, new int[] {0, 1, 2, 50});
      out.raw(bytes);
      List<Point> read = columns.read(new ByteReader().reset(out.array(), 0, out.length()));
      assertThat(read == null || read.size() == 4).isTrue();
      columns.read(new ByteReader(bytes));
    }
  }

  @Test
  void shouldRefuseAFileOfAnotherPlace() {
    byte[] bytes = withNames(1).bytes();
    for (ChunkPlace other :
        List.of(
            new ChunkPlace(Span.HOUR, PERIOD_MS, 2, HOUR_MS, 0, 0),
            new ChunkPlace(Span.HOUR, PERIOD_MS, 1, HOUR_MS + Span.HOUR_MS, 0, 0),
            new ChunkPlace(Span.HOUR, PERIOD_MS, 1, HOUR_MS, 1, 0),
            new ChunkPlace(Span.DAY, PERIOD_MS, 1, HOUR_MS, 0, 0))) {
      assertThatThrownBy(() -> ChunkFile.parse(other, bytes)).isInstanceOf(CorruptException.class);
    }
  }

  private static String hex(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return HexFormat.of().formatHex(out.toBytes());
  }

  private static String hex(Swing swing) {
    ByteWriter out = new ByteWriter(64);
    swing.write(out);
    return HexFormat.of().formatHex(out.toBytes());
  }
}
