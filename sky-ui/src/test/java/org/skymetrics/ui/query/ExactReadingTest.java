package org.skymetrics.ui.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.skymetrics.ui.count.Counters;

/**
 * A reader among moving data: before each call that it makes to a store, the world may move on: new
 * counts, segments sealed and put, rollups that run or are cut in the middle, servers that drop
 * what is confirmed. One thread; a seed decides.
 */
final class ExactReadingTest {
  private static final long START_MS = 1_699_999_800_000L;
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 3);
  private static final List<Series> SERIES =
      List.of(
          new Series(Key.of("requests"), Kind.COUNTER),
          new Series(Key.of("requests|a"), Kind.COUNTER),
          new Series(Key.of("requests|b"), Kind.COUNTER),
          new Series(Key.of("requests|c"), Kind.COUNTER),
          new Series(Key.of("latency"), Kind.HISTOGRAM),
          new Series(Key.of("heap"), Kind.GAUGE));

  @TempDir Path dir;

  /** A server of the ring: an open segment, and batches not known to be in history. */
  private static final class FakeMember {
    private final long incarnation;
    private long segment = 1;
    private final Map<ShardPeriod, TreeMap<Series, Cell>> open = new TreeMap<>();
    private final List<Batch> unconfirmed = new ArrayList<>();

    FakeMember(long incarnation) {
      this.incarnation = incarnation;
    }

    void count(Series series, long timeMs, long n) {
      ShardPeriod place =
          new ShardPeriod(series.key().shard(LAYOUT.shards()), LAYOUT.period().startOf(timeMs));
      Cell cell =
          open.computeIfAbsent(place, p -> new TreeMap<>())
              .computeIfAbsent(series, s -> s.kind().newCell());
      if (cell instanceof CounterCell counter) {
        counter.add(n);
      } else if (cell instanceof HistogramCell histogram) {
        histogram.record(n * 0.1);
      } else if (cell instanceof GaugeCell gauge) {
        gauge.set(n * 0.1, timeMs);
      }
    }

    List<Batch> batches() {
      List<Batch> all = new ArrayList<>(unconfirmed);
      open.forEach((place, cells) -> all.add(batch(place, cells)));
      return all;
    }

    private Batch batch(ShardPeriod place, TreeMap<Series, Cell> cells) {
      return Batch.of(
          new BatchName(incarnation, segment), place, LAYOUT.period().lengthMs(), cells);
    }

    void seal() {
      open.forEach((place, cells) -> unconfirmed.add(batch(place, cells)));
      open.clear();
      segment++;
    }

    void put(PeriodStore store) {
      store.put(unconfirmed);
    }

    void dropConfirmed(PeriodStore store) {
      unconfirmed.removeIf(
          batch ->
              store.states(batch.place(), List.of(batch.name())).get(batch.name())
                  == BatchState.DONE);
    }
  }

  private interface Before {
    void call(String method);
  }

  private static <T> T hooked(Class<T> type, T store, Before before) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              if (!method.getName().equals("layout") && !method.getName().equals("describe")) {
                before.call(method.getName());
              }
              try {
                return method.invoke(store, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** The stores, two servers, and the true totals. */
  private final class World implements AutoCloseable {
    final Random random;
    final ManualClock clock = new ManualClock(START_MS + 60_000);
    final PeriodStore periods;
    final HistoryStore history;
    final List<FakeMember> members = List.of(new FakeMember(11), new FakeMember(22));
    final Map<Series, Long> totals = new HashMap<>();

    /** How far the clock goes at once, and how far back counts may lie: in periods. */
    final int stride;

    boolean moving;

    World(long seed) {
      this(seed, 0);
    }

    World(long seed, int stride) {
      this.stride = stride;
      random = new Random(seed);
      Path data = dir.resolve("world-" + seed + "-" + stride);
      periods = SqlitePeriodStore.open(data, LAYOUT, clock, new StoreCounters());
      history = stride > 0 ? new MemoryHistoryStore() : SqliteHistoryStore.open(data);
    }

    void move() {
      FakeMember member = members.get(random.nextInt(members.size()));
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> count(member);
        case 3 -> member.seal();
        case 4 -> member.put(periods);
        case 5 -> member.dropConfirmed(periods);
        case 6 -> rollup(Integer.MAX_VALUE);
        case 7 -> rollup(1 + random.nextInt(stride > 0 ? 80 : 14));
        default -> {
          clock.advance(Duration.ofSeconds(random.nextInt(90)));
          if (stride > 0 && random.nextInt(3) == 0) {
            clock.advance(Duration.ofMinutes(random.nextInt(stride)));
          }
        }
      }
    }

    private void count(FakeMember member) {
      Series series = SERIES.get(random.nextInt(SERIES.size()));
      long back = random.nextInt(4) * 60_000L;
      if (stride > 0 && random.nextInt(3) == 0) {
        back = random.nextInt(3 * stride) * 60_000L;
      }
      long n = 1 + random.nextInt(1000);
      member.count(series, Math.max(START_MS, clock.wallMs() - back), n);
      totals.merge(series, series.kind() == Kind.COUNTER ? n : 1, Long::sum);
    }

    void rollup(int cutAt) {
      int[] calls = {0};
      Before cut =
          method -> {
            if (++calls[0] >= cutAt) {
              throw new StoreException(StoreException.Fault.UNAVAILABLE, "cut at " + method);
            }
          };
      Rollup rollup =
          Rollup.create(
              RollupConfig.builder().lateHorizon(Duration.ofHours(2)).build(),
              hooked(PeriodStore.class, periods, cut),
              hooked(HistoryStore.class, history, cut),
              clock);
      try {
        rollup.runOnce();
      } catch (StoreException e) {
        assertThat(cutAt).isLessThan(Integer.MAX_VALUE);
      }
    }

    QueryEngine reader() {
      Before maybeMove =
          method -> {
            for (int i = random.nextInt(4); moving && i > 0; i--) {
              move();
            }
          };
      return new QueryEngine(
          LAYOUT,
          hooked(PeriodStore.class, periods, maybeMove),
          hooked(HistoryStore.class, history, maybeMove),
          clock,
          1 << 20,
          Duration.ofDays(100_000),
          new Counters());
    }

    Map<Series, Long> read(QueryEngine reader, long stepMs) {
      Map<Series, Long> read = new HashMap<>();
      Answer answer = read(stepMs, (range, batches) -> reader.answer(SERIES, range, batches));
      answer.lines().forEach(line -> read.put(line.series(), total(line)));
      return read;
    }

    Answer read(long stepMs, BiFunction<Range, List<Batch>, Answer> reading) {
      long points = (clock.wallMs() + 60_000 - START_MS) / stepMs;
      Range range =
          Range.at(
              START_MS,
              clock.wallMs() + 60_000,
              points < 19_000 ? stepMs : stepMs * (points / 19_000 + 1),
              LAYOUT.period());
      List<Batch> fromMembers = new ArrayList<>();
      for (FakeMember member : members) {
        fromMembers.addAll(member.batches());
        for (int i = random.nextInt(3); moving && i > 0; i--) {
          move();
        }
      }
      Answer answer = reading.apply(range, fromMembers);
      assertThat(answer.damaged()).isEmpty();
      return answer;
    }

    @Override
    public void close() {
      periods.close();
      history.close();
    }
  }

  private static long total(Answer.Line line) {
    long total = 0;
    for (Point point : line.points()) {
      Cell cell = point.cell();
      total +=
          cell instanceof CounterCell counter
              ? counter.sum()
              : cell instanceof GaugeCell gauge ? gauge.count() : ((HistogramCell) cell).count();
    }
    return total;
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, 120_000, 300_000, 900_000})
  void shouldNeverMissNorDoubleWhileDataMoves(long stepMs) {
    for (int seed = 0; seed < 4; seed++) {
      try (World world = new World(seed * 1_000_003L + stepMs)) {
        QueryEngine reader = world.reader();
        for (int round = 0; round < 20; round++) {
          Map<Series, Long> before = Map.copyOf(world.totals);
          world.moving = true;
          Map<Series, Long> read = world.read(reader, stepMs);
          world.moving = false;
          for (Series series : SERIES) {
            assertThat(read.get(series))
                .as("seed %s, round %s, %s", seed, round, series)
                .isBetween(before.getOrDefault(series, 0L), world.totals.getOrDefault(series, 0L));
          }
          // At rest the same reader, with what its cache holds, is exact.
          Map<Series, Long> atRest = world.read(reader, stepMs);
          SERIES.forEach(
              s -> assertThat(atRest.get(s)).isEqualTo(world.totals.getOrDefault(s, 0L)));
        }
      }
    }
  }

  /**
   * Hours, days and months go by: blocks are made into files of hours, those into files of days and
   * months, and what was replaced is removed, late batches come to all of them, and rollups are cut
   * at any call.
   */
  @ParameterizedTest
  @CsvSource({
    "60000, 120",
    "300000, 700",
    "3600000, 300",
    "3600000, 3000",
    "86400000, 9000",
    "10800000, 5000"
  })
  void shouldNeverMissNorDoubleWhileHistoryIsCompacted(long stepMs, int stride) {
    for (int seed = 0; seed < 2; seed++) {
      try (World world = new World(seed * 7_000_003L + stepMs, stride)) {
        QueryEngine reader = world.reader();
        for (int round = 0; round < 20; round++) {
          for (int i = 0; i < 6; i++) {
            world.move();
          }
          Map<Series, Long> before = Map.copyOf(world.totals);
          world.moving = true;
          Map<Series, Long> read = world.read(reader, stepMs);
          world.moving = false;
          for (Series series : SERIES) {
            assertThat(read.get(series))
                .as("seed %s, round %s, %s", seed, round, series)
                .isBetween(before.getOrDefault(series, 0L), world.totals.getOrDefault(series, 0L));
          }
          Map<Series, Long> atRest = world.read(reader, stepMs);
          for (Series s : SERIES) {
            assertThat(atRest.get(s))
                .as("at rest, seed %s, round %s, %s", seed, round, s)
                .isEqualTo(world.totals.getOrDefault(s, 0L));
          }
        }
      }
    }
  }

  @Test
  void shouldGiveTheSameBitsFromBlocksAndFromLevels() {
    try (World world = new World(99)) {
      for (int i = 0; i < 200; i++) {
        world.count(world.members.get(i % 2));
        if (i % 20 == 0) {
          world.clock.advance(Duration.ofSeconds(70));
          world.members.forEach(FakeMember::seal);
        }
      }
      world.members.forEach(FakeMember::seal);
      Range range = Range.at(START_MS, world.clock.wallMs(), 300_000, LAYOUT.period());
      List<Batch> fromMembers = new ArrayList<>();
      world.members.forEach(member -> fromMembers.addAll(member.batches()));
      Answer before = world.reader().answer(SERIES, range, fromMembers);
      world.members.forEach(member -> member.put(world.periods));
      Answer inMailbox = world.reader().answer(SERIES, range, List.of());
      world.rollup(Integer.MAX_VALUE);
      Answer after = world.reader().answer(SERIES, range, List.of());

      assertThat(before.isFromHistory()).isFalse();
      assertThat(inMailbox.isFromHistory()).isFalse();
      assertThat(bits(before)).isEqualTo(bits(after)).isEqualTo(bits(inMailbox));
      assertThat(after.lines().get(0).points().get(0).open()).isFalse();
    }
  }

  /** Children of one key, in several shards. */
  private static final List<Series> CHILDREN = SERIES.subList(1, 4);

  private static final Series SUM = new Series(Key.of("requests|*"), Kind.COUNTER);

  @ParameterizedTest
  @ValueSource(longs = {60_000, 900_000})
  void shouldSumExactlyWhileDataMoves(long stepMs) {
    try (World world = new World(7 + stepMs)) {
      QueryEngine reader = world.reader();
      for (int round = 0; round < 30; round++) {
        long before = childrenTotal(world);
        world.moving = true;
        long sum = total(world.read(stepMs, (r, m) -> reader.sum(SUM, CHILDREN, r, m)));
        world.moving = false;
        assertThat(sum).as("round %s", round).isBetween(before, childrenTotal(world));

        Answer atRest = world.read(stepMs, (r, m) -> reader.sum(SUM, CHILDREN, r, m));
        Answer each = world.read(stepMs, (r, m) -> reader.answer(CHILDREN, r, m));
        assertThat(total(atRest)).isEqualTo(childrenTotal(world));
        assertThat(values(atRest)).isEqualTo(values(each));
      }
    }
  }

  private static long childrenTotal(World world) {
    return CHILDREN.stream().mapToLong(s -> world.totals.getOrDefault(s, 0L)).sum();
  }

  private static long total(Answer answer) {
    return answer.lines().stream().mapToLong(ExactReadingTest::total).sum();
  }

  /** The values of all lines by time. */
  private static Map<Long, Double> values(Answer answer) {
    Map<Long, Double> values = new TreeMap<>();
    for (Answer.Line line : answer.lines()) {
      line.points().forEach(p -> values.merge(p.timeMs(), p.cell().magnitude(), Double::sum));
    }
    return values;
  }

  @Test
  void shouldGiveTheGreatest() {
    try (World world = new World(5)) {
      world.members.get(0).count(CHILDREN.get(0), START_MS, 10);
      world.members.get(0).count(CHILDREN.get(2), START_MS, 10);
      world.members.get(1).count(CHILDREN.get(1), START_MS + 60_000, 11);
      QueryEngine reader = world.reader();

      Answer top = world.read(60_000, (r, m) -> reader.top(2, CHILDREN, r, m));

      assertThat(top.lines())
          .extracting(Answer.Line::series)
          .containsExactly(CHILDREN.get(1), CHILDREN.get(0));
      assertThat(total(top)).isEqualTo(21);
    }
  }

  @Test
  void shouldAddGaugesAsOneSample() {
    Series one = new Series(Key.of("queue|a"), Kind.GAUGE);
    Series other = new Series(Key.of("queue|b"), Kind.GAUGE);
    try (World world = new World(6)) {
      world.members.get(0).count(one, START_MS, 10);
      world.members.get(0).count(one, START_MS + 1000, 30);
      world.members.get(1).count(other, START_MS + 500, 50);
      QueryEngine reader = world.reader();
      Series name = new Series(Key.of("queue|*"), Kind.GAUGE);

      Answer sum = world.read(60_000, (r, m) -> reader.sum(name, List.of(one, other), r, m));

      GaugeCell cell = (GaugeCell) sum.lines().get(0).points().get(0).cell();
      assertThat(cell.last()).isEqualTo(8);
      assertThat(cell.magnitude()).isEqualTo(7);
      assertThat(cell.moments().min()).isEqualTo(6);
      assertThat(cell.moments().max()).isEqualTo(8);
      assertThat(cell.count()).isEqualTo(1);
    }
  }

  /** The same before and after the rollup: a window that is cut in two is read from its blocks. */
  @ParameterizedTest
  @ValueSource(longs = {60_000, 300_000, 600_000})
  void shouldPassOverWhatWasDeleted(long stepMs) {
    try (World world = new World(8)) {
      FakeMember member = world.members.get(0);
      Series gone = CHILDREN.get(0);
      for (int minute = 0; minute < 10; minute++) {
        member.count(gone, START_MS + minute * 60_000L, 1L << minute);
        member.count(CHILDREN.get(1), START_MS + minute * 60_000L, 1);
      }
      world.clock.advance(Duration.ofMinutes(10));
      int shard = gone.key().shard(LAYOUT.shards());
      world.history.put(
          DeletionList.historyKey(shard),
          DeletionList.empty().with(Map.of(gone, START_MS + 7 * 60_000)).toBytes(),
          Context.NONE);
      QueryEngine reader = world.reader();
      long left = (1 << 7) + (1 << 8) + (1 << 9);

      assertThat(total(world.read(stepMs, (r, m) -> reader.answer(List.of(gone), r, m))))
          .isEqualTo(left);
      member.seal();
      member.put(world.periods);
      member.dropConfirmed(world.periods);
      world.rollup(Integer.MAX_VALUE);
      member.dropConfirmed(world.periods);
      assertThat(total(world.read(stepMs, (r, m) -> reader.answer(List.of(gone), r, m))))
          .isEqualTo(left);
      assertThat(total(world.read(stepMs, (r, m) -> reader.sum(SUM, CHILDREN, r, m))))
          .isEqualTo(left + 10);
    }
  }

  private static List<String> bits(Answer answer) {
    List<String> bits = new ArrayList<>();
    for (Answer.Line line : answer.lines()) {
      for (Point point : line.points()) {
        ByteWriter out = new ByteWriter(100);
        point.swing().write(out);
        point.cell().store(out);
        bits.add(line.series() + " " + point.timeMs() + " " + Arrays.toString(out.toBytes()));
      }
    }
    return bits;
  }
}
