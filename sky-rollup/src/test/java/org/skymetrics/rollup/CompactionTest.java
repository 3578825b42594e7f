package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.key.Key;
import org.skymetrics.rollup.HookedStores.Hook;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.CatalogShelf;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.history.HistoryStore;

/** From blocks to hours, days and months, with late batches at each stage. */
final class CompactionTest {
  private static final long PERIOD_MS = World.PERIOD.lengthMs();
  private static final List<Series> SERIES =
      List.of(
          new Series(Key.of("requests"), Kind.COUNTER),
          new Series(Key.of("latency"), Kind.HISTOGRAM),
          new Series(Key.of("heap"), Kind.GAUGE),
          new Series(Key.of("users"), Kind.SET));

  /** The windows of the test lie in one day: minutes 0 to 1500 cross its end. */
  private static final int[] MINUTES = {0, 1, 7, 61, 62, 119, 400, 1439, 1440, 1500};

  /** As the world's, but with numbers whose sums are exact in any order. */
  private static Batch batch(ShardPeriod place, long incarnation, long segment) {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    CounterCell counter = new CounterCell();
    counter.add(1000 * incarnation + segment);
    counter.add(0.25);
    cells.put(SERIES.get(0), counter);
    HistogramCell histogram = new HistogramCell();
    histogram.record(segment * 1.75);
    histogram.record(incarnation * 0.5);
    cells.put(SERIES.get(1), histogram);
    GaugeCell gauge = new GaugeCell();
    gauge.set(segment * 0.125, place.startMs() + segment);
    cells.put(SERIES.get(2), gauge);
    SetCell users = new SetCell();
    for (int i = 0; i < 70; i++) {
      users.add(SetCell.hash("user " + (10 * segment + i)));
    }
    cells.put(SERIES.get(3), users);
    return Batch.of(new BatchName(incarnation, segment), place, PERIOD_MS, cells);
  }

  private static World filled() {
    World world = new World();
    for (int i = 0; i < MINUTES.length; i++) {
      world.put(batch(World.place(0, MINUTES[i]), 1 + i % 2, i + 1));
    }
    return world;
  }

  private static void goTo(World world, Duration sinceStart) {
    long wanted = World.WINDOW_MS + sinceStart.toMillis();
    world.clock.advance(Duration.ofMillis(wanted - world.clock.wallMs()));
  }

  /** Asserts that the files of a resolution hold just what follows from the batches. */
  private static void assertHolds(World world, Span span, long resolutionMs) {
    assertHolds(world, span, resolutionMs, 1);
  }

  /** The same, where there may be so many siblings: readers take the one made of most. */
  private static void assertHolds(World world, Span span, long resolutionMs, int siblings) {
    for (Series series : SERIES) {
      List<String> found = new ArrayList<>();
      long start = span.startOf(World.WINDOW_MS);
      long end = World.WINDOW_MS + Duration.ofDays(3).toMillis();
      for (long at = start; at < end; at = span.endOf(at)) {
        List<ChunkFile> files = world.files(span, resolutionMs, new ShardPeriod(0, at));
        assertThat(files).hasSizeLessThanOrEqualTo(siblings);
        files.stream()
            .max(Comparator.comparingInt(ChunkFile::batches))
            .ifPresent(file -> found.addAll(text(find(file, series))));
      }
      assertThat(found)
          .as("%s of %s at %s s", span, series, resolutionMs / 1000)
          .isEqualTo(text(world.expected(series, resolutionMs)));
    }
  }

  private static List<Point> find(ChunkFile file, Series series) {
    try {
      return file.find(series);
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> text(List<Point> points) {
    List<String> text = new ArrayList<>();
    for (Point point : points) {
      ByteWriter out = new ByteWriter(64);
      Swing swing = new Swing();
      point.addTo(swing);
      swing.write(out);
      point.cell().store(out);
      text.add(
          (point.startMs() - World.WINDOW_MS) / 60_000
              + " "
              + HexFormat.of().formatHex(out.toBytes()));
    }
    return text;
  }

  private static long blocks(World world) {
    return world.history.keys().stream().filter(key -> key.startsWith("block/")).count();
  }

  private static long files(World world, String prefix) {
    return world.history.keys().stream().filter(key -> key.startsWith(prefix)).count();
  }

  @Test
  void shouldMakeHoursOfBlocksAndKeepThem() {
    World world = filled();
    goTo(world, Duration.ofMinutes(1510));
    world.settle();

    assertHolds(world, Span.HOUR, PERIOD_MS);
    assertThat(world.catalog(0).isMarked(Span.HOUR, 0, Long.MAX_VALUE)).isFalse();
    assertThat(blocks(world)).isEqualTo(MINUTES.length - 3);
  }

  @Test
  void shouldMakeTheRunningHourWindowByWindow() {
    World world = new World();
    world.put(batch(World.place(0, 0), 1, 1));
    goTo(world, Duration.ofSeconds(310));
    world.settle();
    assertThat(files(world, "chunk/h/")).isZero();

    goTo(world, Duration.ofSeconds(330));
    world.settle();
    world.put(batch(World.place(0, 5), 1, 2));
    world.settle();
    assertThat(find(world.files(Span.HOUR, PERIOD_MS, World.place(0, 0)).get(0), SERIES.get(0)))
        .hasSize(1);
    assertThat(world.catalog(0).marks())
        .extracting(m -> m.startMs())
        .contains(World.WINDOW_MS + Span.FIVE_MINUTES_MS);

    goTo(world, Duration.ofSeconds(630));
    world.settle();
    assertHolds(world, Span.HOUR, PERIOD_MS);
  }

  @Test
  void shouldReplaceBlocksByHoursAndHoursByDaysAndDaysByMonths() {
    World world = filled();
    goTo(world, Duration.ofMinutes(1540));
    world.settle();
    assertHolds(world, Span.HOUR, PERIOD_MS);
    assertThat(blocks(world)).isBetween(1L, (long) MINUTES.length - 1);

    goTo(world, Duration.ofDays(3).plusHours(1));
    world.settle();
    assertThat(blocks(world)).isZero();
    assertThat(files(world, "chunk/h/")).isZero();
    assertHolds(world, Span.DAY, PERIOD_MS);
    assertHolds(world, Span.DAY, Span.HOUR_MS);

    goTo(world, Duration.ofDays(20));
    world.settle();
    assertHolds(world, Span.MONTH, Span.HOUR_MS);
    assertHolds(world, Span.MONTH, Span.DAY_MS);
    assertHolds(world, Span.DAY, PERIOD_MS);
    assertThat(files(world, "chunk/d/3600/")).isZero();
    assertThat(world.catalog(0).marks()).isEmpty();
    assertThat(world.catalog(0).blocks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 26, 50, 80, 600})
  void shouldUniteALateBatchAtEveryLevel(long hoursLater) {
    World world = filled();
    goTo(world, Duration.ofHours(hoursLater));
    world.settle();
    world.put(batch(World.place(0, 61), 9, 1), batch(World.place(0, 300), 9, 1));
    world.settle();
    world.put(batch(World.place(0, 61), 9, 2));
    world.settle();
    goTo(world, Duration.ofDays(40));
    world.settle();

    assertThat(blocks(world)).isZero();
    assertHolds(world, Span.MONTH, Span.HOUR_MS);
    assertHolds(world, Span.MONTH, Span.DAY_MS);
    assertHolds(world, Span.DAY, PERIOD_MS);
  }

  @Test
  void shouldMakeAnHourAgainWhoseFilesWentIntoADayOfMoreParts() throws Exception {
    World world = filled();
    ShardPeriod late = World.place(0, 61);
    long hour = Span.HOUR.startOf(late.startMs());
    CatalogShelf catalogs = new CatalogShelf(world.history);
    catalogs.change(0, c -> c.claimed(Span.DAY, Span.DAY.startOf(hour), 0, 3));
    goTo(world, Duration.ofDays(3).plusHours(1));
    world.settle();
    assertThat(files(world, "chunk/h/")).isZero();
    // What comes late just when the files of the hour go leaves it in the catalogue.
    catalogs.change(0, c -> c.withBatches(late.startMs()).claimed(Span.HOUR, hour, 0, 0));
    world.put(batch(late, 9, 1));
    world.settle();
    goTo(world, Duration.ofDays(40));
    world.settle();

    assertThat(blocks(world)).isZero();
    assertHolds(world, Span.MONTH, Span.HOUR_MS);
    assertHolds(world, Span.MONTH, Span.DAY_MS);
  }

  @Test
  void shouldTakeNoNoticeOfABatchThatComesAgainAfterItsBlockHasGone() {
    World world = filled();
    goTo(world, Duration.ofDays(4));
    world.settle();
    assertThat(blocks(world)).isZero();
    world.periods.done.clear();
    world.periods.put(List.of(world.all.get(3)));
    world.settle();
    assertHolds(world, Span.DAY, PERIOD_MS);
    assertHolds(world, Span.DAY, Span.HOUR_MS);
    assertThat(blocks(world)).isZero();
  }

  @Test
  void shouldNotTakeABlockThatCameAgainForAllThatWasPut() {
    World world = new World();
    world.put(batch(World.place(0, 0), 1, 1));
    Rollup rollup =
        Rollup.create(
            RollupConfig.builder().lateHorizon(Duration.ofMinutes(10)).build(),
            world.periods,
            world.history,
            world.clock);
    settle(world, rollup, Duration.ofHours(2));
    assertThat(blocks(world)).isZero();
    world.put(batch(World.place(0, 0), 1, 2));
    rollup.runOnce();

    assertThat(rollup.counters())
        .containsEntry(RollupCounter.BATCHES_DONE, 2L)
        .containsEntry(RollupCounter.PERIODS_DIFFERENT, 0L);
  }

  @Test
  void shouldBearAClockThatJumps() {
    World world = filled();
    goTo(world, Duration.ofDays(40));
    world.rollup().runOnce();
    world.clock.advance(Duration.ofDays(-39));
    world.put(batch(World.place(0, 70), 4, 1));
    world.settle();
    world.clock.advance(Duration.ofDays(2));
    world.settle();
    world.clock.advance(Duration.ofDays(-2));
    world.put(batch(World.place(0, 71), 4, 2));
    goTo(world, Duration.ofDays(45));
    world.settle();
    assertHolds(world, Span.DAY, PERIOD_MS);
    assertHolds(world, Span.MONTH, Span.HOUR_MS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLoseAndDoubleNothingWhereverItIsCut(boolean afterEffect) {
    for (Duration stage :
        List.of(
            Duration.ofHours(3), Duration.ofHours(50), Duration.ofHours(80), Duration.ofDays(20))) {
      boolean cut = true;
      for (int at = 1; cut; at++) {
        World world = filled();
        world.rollup().runOnce();
        goTo(world, stage.minusHours(2));
        world.settle();
        world.put(batch(World.place(0, 61), 5, 5));
        goTo(world, stage);
        Cut hook = new Cut(at, afterEffect);
        Rollup dying =
            world.rollup(
                HookedStores.periods(world.periods, hook),
                HookedStores.history(world.history, hook));
        cut = false;
        try {
          for (int i = 0; i < 4; i++) {
            dying.runOnce();
          }
        } catch (StoreException e) {
          cut = true;
        }
        world.put(batch(World.place(0, 62), 5, 6));
        world.settle();
        goTo(world, Duration.ofDays(40));
        world.settle();
        assertHolds(world, Span.DAY, PERIOD_MS);
        assertHolds(world, Span.MONTH, Span.HOUR_MS);
        assertThat(blocks(world)).isZero();
      }
    }
  }

  /** Cuts at call n: before it has an effect, or after. */
  private static final class Cut implements Hook {
    private final int at;
    private final boolean afterEffect;
    private int calls;

    Cut(int at, boolean afterEffect) {
      this.at = at;
      this.afterEffect = afterEffect;
    }

    @Override
    public Object around(String method, Callable<Object> call) throws Exception {
      if (++calls < at) {
        return call.call();
      }
      if (calls == at && afterEffect) {
        call.call();
      }
      throw new StoreException(Fault.UNAVAILABLE, "cut at " + method);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 40 * 24})
  void shouldKeepWhatAnotherMadeOfMoreMeanwhile(int hoursLater) {
    Interrupted hook = new Interrupted(0, () -> {});
    for (int at = 1; hook.calls + 1 >= at; at++) {
      World world = filled();
      world.rollup().runOnce();
      goTo(world, Duration.ofHours(hoursLater));
      hook =
          new Interrupted(
              at,
              () -> {
                world.put(batch(World.place(0, 61), 5, 5));
                world.settle();
              });
      Rollup slow =
          world.rollup(
              HookedStores.periods(world.periods, hook), HookedStores.history(world.history, hook));
      for (int i = 0; i < 4; i++) {
        slow.runOnce();
      }
      world.settle();
      if (hoursLater < 48 + 24) {
        assertHolds(world, Span.DAY, Span.HOUR_MS, 2);
      } else {
        assertHolds(world, Span.MONTH, Span.HOUR_MS, 2);
        assertHolds(world, Span.MONTH, Span.DAY_MS, 2);
      }
    }
  }

  @Test
  void shouldRetireABlockThatCameAgainWhileTheFilesOfItsHourWent() {
    Interrupted hook = new Interrupted(0, () -> {});
    for (int at = 1; hook.calls + 1 >= at; at++) {
      World world = filled();
      goTo(world, Duration.ofHours(49));
      world.settle();
      goTo(world, Duration.ofHours(50));
      hook =
          new Interrupted(
              at,
              () -> {
                world.periods.done.clear();
                world.periods.put(List.of(world.all.get(6)));
                world.rollup().runOnce();
              });
      Rollup slow =
          world.rollup(
              HookedStores.periods(world.periods, hook), HookedStores.history(world.history, hook));
      for (int i = 0; i < 6; i++) {
        slow.runOnce();
      }
      goTo(world, Duration.ofHours(80));
      world.settle();
      assertThat(blocks(world)).isZero();
      assertThat(world.catalog(0).files(Span.HOUR)).isEmpty();
      assertHolds(world, Span.DAY, PERIOD_MS);
    }
  }

  @Test
  void shouldFindABlockThatGrewWhileItWasToGo() {
    Interrupted hook = new Interrupted(0, () -> {});
    for (int at = 1; hook.calls + 1 >= at; at++) {
      World world = filled();
      goTo(world, Duration.ofHours(20));
      world.settle();
      goTo(world, Duration.ofHours(50));
      hook =
          new Interrupted(
              at,
              () -> {
                // Another one's clock is behind: it makes the hour again, and retires nothing.
                goTo(world, Duration.ofHours(20));
                world.put(batch(World.place(0, 61), 5, 5));
                world.settle();
                goTo(world, Duration.ofHours(50));
              });
      Rollup slow =
          world.rollup(
              HookedStores.periods(world.periods, hook), HookedStores.history(world.history, hook));
      for (int i = 0; i < 6; i++) {
        slow.runOnce();
      }
      goTo(world, Duration.ofHours(80));
      world.settle();
      assertThat(blocks(world)).as("blocks, interrupted at %s", at).isZero();
      assertHolds(world, Span.DAY, PERIOD_MS);
    }
  }

  /** Lets others go first at call n. */
  private static final class Interrupted implements Hook {
    private final int at;
    private final Runnable others;
    private int calls;

    Interrupted(int at, Runnable others) {
      this.at = at;
      this.others = others;
    }

    @Override
    public Object around(String method, Callable<Object> call) throws Exception {
      if (++calls == at) {
        others.run();
      }
      return call.call();
    }
  }

  @Test
  void shouldMakeFilesAgainThatLackABlock() {
    World world = filled();
    goTo(world, Duration.ofHours(20));
    world.settle();
    // Nobody marked it: who wrote it died, and all other copies of its batch were lost.
    ShardPeriod place = World.place(0, 1);
    Batch lost = batch(place, 77, 7);
    world.all.add(lost);
    HistoryStore.Versions versions = world.history.get(Block.historyKey(place));
    world.history.put(
        Block.historyKey(place),
        world.block(place).with(List.of(lost)).toBytes(),
        versions.context());
    goTo(world, Duration.ofDays(3));
    Rollup rollup = world.rollup();
    for (int i = 0; i < 8; i++) {
      rollup.runOnce();
    }
    assertThat(rollup.counters().get(RollupCounter.SPANS_NOT_COVERED)).isPositive();
    assertThat(blocks(world)).isZero();
    assertHolds(world, Span.DAY, PERIOD_MS);
  }

  @Test
  void shouldKeepEachLevelAsLongAsItIsTold() {
    Retention keep =
        new Retention(
            Duration.ofDays(5), Duration.ofDays(10), Duration.ofDays(60), Duration.ofDays(100));
    World world = filled();
    Rollup rollup =
        Rollup.create(
            RollupConfig.builder().keep(keep).build(), world.periods, world.history, world.clock);
    settle(world, rollup, Duration.ofDays(4));
    assertHolds(world, Span.DAY, PERIOD_MS);

    settle(world, rollup, Duration.ofDays(8));
    assertThat(files(world, "chunk/d/60/")).isZero();
    assertHolds(world, Span.DAY, Span.FIVE_MINUTES_MS);
    assertHolds(world, Span.DAY, Span.HOUR_MS);

    world.put(batch(World.place(0, 61), 9, 9));
    world.all.remove(world.all.size() - 1);
    settle(world, rollup, Duration.ofDays(8));
    assertThat(rollup.counters()).containsEntry(RollupCounter.BATCHES_PAST_RETENTION, 1L);
    assertThat(world.periods.waiting()).isEmpty();
    assertThat(blocks(world)).isZero();

    settle(world, rollup, Duration.ofDays(30));
    assertThat(files(world, "chunk/d/")).isZero();
    assertHolds(world, Span.MONTH, Span.HOUR_MS);

    settle(world, rollup, Duration.ofDays(90));
    assertThat(files(world, "chunk/m/3600/")).isZero();
    assertHolds(world, Span.MONTH, Span.DAY_MS);

    settle(world, rollup, Duration.ofDays(130));
    assertThat(files(world, "chunk/")).isZero();
    assertThat(world.catalog(0).files(Span.MONTH).values())
        .containsOnly(new Catalog.Files(0, Catalog.MONTH_NOTHING));
  }

  private static void settle(World world, Rollup rollup, Duration sinceStart) {
    goTo(world, sinceStart);
    long before = -1;
    while (before != world.history.writes()) {
      before = world.history.writes();
      rollup.runOnce();
    }
  }

  @Test
  void shouldRefuseToKeepFinerLevelsLonger() {
    assertThatThrownBy(
            () ->
                new Retention(
                    Duration.ofDays(50),
                    Duration.ofDays(10),
                    Duration.ofDays(60),
                    Duration.ofDays(50)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("period is kept 50 days")
        .hasMessageContaining("1h is kept 60 days");
    assertThatThrownBy(
            () ->
                RollupConfig.builder()
                    .keep(
                        new Retention(
                            Duration.ofDays(2),
                            Duration.ofDays(10),
                            Duration.ofDays(60),
                            Duration.ofDays(60)))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("late horizon");
  }

  @Test
  void shouldReadHowLongToKeep() {
    assertThat(Retention.parse("period=30d,5m=1y"))
        .isEqualTo(
            new Retention(
                Duration.ofDays(30), Duration.ofDays(365), Retention.FOR_EVER, Retention.FOR_EVER));
    assertThat(Retention.parse("1h=8w").periods()).isEqualTo(Duration.ofDays(56));
    for (String wrong : List.of("", "2h=1d", "period", "period=5", "5m=1d,5m=2d", "1d=3d,1h=4d")) {
      assertThatThrownBy(() -> Retention.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldDoBoundedWorkAtOnce() {
    World world = new World();
    for (int hour = 0; hour < 40; hour++) {
      world.put(batch(World.place(0, hour * 60), 1, hour + 1));
    }
    goTo(world, Duration.ofHours(41));
    Rollup rollup = world.rollup();
    rollup.runOnce();
    long once = rollup.counters().getOrDefault(RollupCounter.HOURS_MADE, 0L);
    assertThat(once).isBetween(1L, 6L);
    rollup.runOnce();
    assertThat(rollup.counters()).containsEntry(RollupCounter.HOURS_MADE, 2 * once);
    goTo(world, Duration.ofDays(4));
    world.settle();
    assertHolds(world, Span.DAY, PERIOD_MS);
  }

  /** Each access to history takes half a second, so one shard's hour takes longer than a poll. */
  @Test
  void shouldMoveWhatArrivesBeforeAllHoursAreMade() {
    World world = new World();
    HistoryStore slow =
        HookedStores.history(
            world.history,
            (method, call) -> {
              world.clock.advance(Duration.ofMillis(500));
              return call.call();
            });
    Rollup rollup = world.rollup(world.periods, slow);
    for (int shard = 0; shard < 4; shard++) {
      world.put(batch(World.place(shard, 0), 1, 1));
    }
    for (long made = 1; made <= 4; made++) {
      int shard = 4 - (int) made;
      world.put(batch(World.place(shard, 1), 1, 2));
      rollup.turn();
      assertThat(world.periods.waiting()).isEmpty();
      assertThat(rollup.counters()).containsEntry(RollupCounter.HOURS_MADE, made);
    }
    world.settle();
    world.assertSettled();
  }
}
