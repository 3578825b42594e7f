package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.history.Context;

final class RollupTest {
  private final World world = new World();

  private static long counted(Rollup rollup, RollupCounter counter) {
    return rollup.counters().get(counter);
  }

  @Test
  void shouldMoveWhatWaitsToBlockCatalogueAndKeyList() throws Exception {
    world.put(World.batch(World.place(0, 0), 1, 1), World.batch(World.place(0, 1), 1, 2));
    world.put(World.batch(World.place(0, 1), 2, 1), World.batch(World.place(3, 7), 2, 1));

    Rollup rollup = world.rollup();

    assertThat(rollup.runOnce()).isEqualTo(4);
    world.assertSettled();
    assertThat(counted(rollup, RollupCounter.BATCHES_DONE)).isEqualTo(4);
    assertThat(counted(rollup, RollupCounter.BLOCKS_WRITTEN)).isEqualTo(3);
    // The window of the other shard's batch is not over yet.
    assertThat(counted(rollup, RollupCounter.HOURS_MADE)).isEqualTo(1);
    KeyList list = KeyList.parse(world.history.get(KeyList.historyKey(0)).values().get(0));
    assertThat(list.lastSeenMs())
        .containsEntry(new Series(Key.of("requests"), Kind.COUNTER), World.place(0, 1).startMs());
  }

  @Test
  void shouldMoveAnnotationsToTheirDayAndLeaveThoseOfADamagedOne() {
    long day = 19_675L * 86_400_000;
    Annotation good = Annotation.of(day, day, "good", "info", "", "", List.of());
    Annotation next =
        Annotation.of(day + 90_000_000, day + 90_000_000, "x", "info", "", "", List.of());
    world.periods.putAnnotations(List.of(good, next));
    world.history.put("annotations/2023-11-15", new byte[] {1}, Context.NONE);
    Rollup rollup = world.rollup();
    rollup.runOnce();
    rollup.runOnce();
    assertThat(new Annotations(world.history).read(day, day + 1).annotations())
        .containsExactly(good);
    assertThat(world.periods.annotations()).containsExactly(next);
    assertThat(counted(rollup, RollupCounter.ANNOTATIONS_MOVED)).isEqualTo(1);
    assertThat(counted(rollup, RollupCounter.ANNOTATIONS_DAMAGED)).isEqualTo(2);
    assertThat(world.history.get("annotations/2023-11-15").values()).hasSize(1);
  }

  @Test
  void shouldDoNothingWhereNothingWaits() {
    assertThat(world.rollup().runOnce()).isZero();
    assertThat(world.history.keys()).isEmpty();
  }

  @Test
  void shouldUniteLateBatchesWithTheirBlock() {
    Rollup rollup = world.rollup();
    for (int segment = 1; segment <= 4; segment++) {
      world.put(World.batch(World.place(1, segment % 2), 7, segment));
      rollup.runOnce();
      world.assertSettled();
    }
  }

  @Test
  void shouldTakeNoNoticeOfABatchPutAgain() {
    Batch batch = World.batch(World.place(2, 3), 5, 9);
    world.put(batch);
    Rollup rollup = world.rollup();
    rollup.runOnce();
    world.periods.done.clear();
    world.periods.sums.clear();
    world.periods.put(List.of(batch));

    rollup.runOnce();

    world.assertSettled();
    assertThat(counted(rollup, RollupCounter.BLOCKS_WRITTEN)).isEqualTo(1);
    assertThat(counted(rollup, RollupCounter.CHUNK_FILES_WRITTEN)).isEqualTo(1);
    assertThat(counted(rollup, RollupCounter.KEY_LISTS_WRITTEN)).isEqualTo(1);
  }

  @Test
  void shouldWriteTheKeyListOnlyWhenItGainsOrIsStale() {
    Rollup rollup = world.rollup();
    for (int minute = 0; minute < 12; minute++) {
      world.put(World.batch(World.place(1, minute), 7, minute + 1));
      rollup.runOnce();
    }
    assertThat(counted(rollup, RollupCounter.KEY_LISTS_WRITTEN)).isEqualTo(2);
    world.assertSettled();
  }

  @Test
  void shouldLeaveADamagedBlockAndItsWindowAlone() {
    ShardPeriod damaged = World.place(0, 1);
    byte[] junk = {1, 2, 3};
    world.history.put(Block.historyKey(damaged), junk, Context.NONE);
    world.put(World.batch(damaged, 1, 1), World.batch(World.place(0, 2), 1, 1));
    world.put(World.batch(World.place(0, 5), 1, 1), World.batch(World.place(1, 1), 1, 1));

    Rollup rollup = world.rollup();

    assertThat(rollup.runOnce()).isEqualTo(2);
    assertThat(world.periods.waiting()).containsExactly(damaged, World.place(0, 2));
    assertThat(world.history.get(Block.historyKey(damaged)).values()).containsExactly(junk);
    assertThat(counted(rollup, RollupCounter.BLOCKS_DAMAGED)).isEqualTo(1);

    world.history.delete(
        Block.historyKey(damaged), world.history.get(Block.historyKey(damaged)).context());
    rollup.runOnce();
    world.assertSettled();
  }

  @Test
  void shouldLeaveABlockAloneOfWhichOneSiblingIsDamaged() {
    ShardPeriod place = World.place(0, 1);
    world.put(World.batch(place, 1, 1));
    world.rollup().runOnce();
    world.history.put(Block.historyKey(place), new byte[] {9}, Context.NONE);
    world.put(World.batch(place, 1, 2));

    world.rollup().runOnce();

    assertThat(world.history.get(Block.historyKey(place)).values()).hasSize(2);
    assertThat(world.periods.waiting()).containsExactly(place);
  }

  @Test
  void shouldLetAShardWaitWhoseCatalogueIsDamaged() {
    byte[] junk = {7};
    world.history.put(Catalog.historyKey(0), junk, Context.NONE);
    world.put(World.batch(World.place(0, 1), 1, 1), World.batch(World.place(1, 1), 1, 1));

    Rollup rollup = world.rollup();
    rollup.runOnce();

    assertThat(world.periods.waiting()).containsExactly(World.place(0, 1));
    assertThat(world.history.get(Catalog.historyKey(0)).values()).containsExactly(junk);
    assertThat(counted(rollup, RollupCounter.CATALOGS_DAMAGED)).isPositive();

    world.history.delete(Catalog.historyKey(0), world.history.get(Catalog.historyKey(0)).context());
    rollup.runOnce();
    world.assertSettled();
  }

  @Test
  void shouldKeepACopyOfADamagedKeyList() {
    byte[] junk = {4, 4, 4};
    world.history.put(KeyList.historyKey(2), junk, Context.NONE);
    world.put(World.batch(World.place(2, 1), 1, 1));

    Rollup rollup = world.rollup();
    rollup.runOnce();

    world.assertSettled();
    String copy =
        world.history.keys().stream().filter(k -> k.startsWith("damaged/")).findFirst().get();
    assertThat(world.history.get(copy).values()).containsExactly(junk);
  }

  @Test
  void shouldReportOnceASumThatDiffers() {
    ShardPeriod place = World.place(0, 1);
    world.put(World.batch(place, 1, 1));
    world.periods.sums.get(place).merge(Key.of("requests"), 5L, Long::sum);
    Rollup rollup = world.rollup();
    rollup.runOnce();
    world.put(World.batch(place, 1, 2));
    rollup.runOnce();

    assertThat(counted(rollup, RollupCounter.PERIODS_DIFFERENT)).isEqualTo(1);
    assertThat(counted(rollup, RollupCounter.PERIODS_FORGOTTEN)).isZero();
  }

  @Test
  void shouldReportAPeriodStoreThatForgot() {
    ShardPeriod place = World.place(0, 1);
    world.put(World.batch(place, 1, 1));
    Rollup rollup = world.rollup();
    rollup.runOnce();
    world.periods.done.clear();
    world.periods.sums.clear();
    world.put(World.batch(place, 1, 2));
    rollup.runOnce();

    assertThat(counted(rollup, RollupCounter.PERIODS_FORGOTTEN)).isEqualTo(1);
    assertThat(counted(rollup, RollupCounter.PERIODS_DIFFERENT)).isZero();
  }

  @Test
  void shouldFindNoDifferenceWhereThereIsNone() {
    for (int i = 1; i < 20; i++) {
      world.put(World.batch(World.place(i % 4, i % 7), i, 1));
    }
    Rollup rollup = world.rollup();
    rollup.runOnce();

    assertThat(counted(rollup, RollupCounter.PERIODS_DIFFERENT)).isZero();
    assertThat(counted(rollup, RollupCounter.PERIODS_FORGOTTEN)).isZero();
  }

  @Test
  void shouldThrowAndLoseNothingWhereAStoreIsAway() {
    world.put(World.batch(World.place(0, 1), 1, 1));
    Rollup rollup =
        world.rollup(
            world.periods,
            HookedStores.history(
                world.history,
                (method, call) -> {
                  throw new StoreException(StoreException.Fault.UNAVAILABLE, "away");
                }));

    assertThatThrownBy(rollup::runOnce).isInstanceOf(StoreException.class);
    assertThat(rollup.drain(Duration.ZERO)).isFalse();
    assertThat(counted(rollup, RollupCounter.STORE_UNAVAILABLE)).isEqualTo(1);
    world.assertNothingIsMissed();
  }

  @Test
  void shouldGoOnWithOtherWindowsWhereOneFails() {
    world.put(World.batch(World.place(0, 1), 1, 1), World.batch(World.place(1, 1), 1, 1));
    String bad = KeyList.historyKey(0);
    Rollup rollup =
        world.rollup(
            world.periods,
            HookedStores.history(
                world.history,
                (method, call) -> {
                  Object result = call.call();
                  if (method.equals("put") && !world.history.get(bad).values().isEmpty()) {
                    world.history.delete(bad, world.history.get(bad).context());
                    throw new IllegalStateException("a fault of the store's code");
                  }
                  return result;
                }));

    rollup.runOnce();

    assertThat(counted(rollup, RollupCounter.WINDOWS_FAILED)).isEqualTo(1);
    assertThat(world.periods.waiting()).containsExactly(World.place(0, 1));
    world.rollup().runOnce();
    world.assertSettled();
  }

  @Test
  void shouldDrainUntilNothingWaits() {
    for (int i = 0; i < 30; i++) {
      world.put(World.batch(World.place(i % 4, i), 1, i + 1));
    }
    assertThat(world.rollup().drain(Duration.ofSeconds(10))).isTrue();
    world.assertSettled();
  }

  @Test
  void shouldWorkOnOldestFirst() {
    List<ShardPeriod> order = new ArrayList<>();
    for (int minute : new int[] {22, 3, 11}) {
      world.put(World.batch(World.place(1, minute), 1, 1));
    }
    Rollup rollup =
        world.rollup(
            HookedStores.periods(
                world.periods,
                (method, call) -> {
                  if (method.equals("done")) {
                    order.add(world.periods.waiting().first());
                  }
                  return call.call();
                }),
            world.history);
    rollup.runOnce();
    assertThat(order).containsExactly(World.place(1, 3), World.place(1, 11), World.place(1, 22));
  }

  @Test
  void shouldRefuseNonsenseInItsConfiguration() {
    assertThatThrownBy(() -> RollupConfig.builder().holder(" ").pollInterval(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holder")
        .hasMessageContaining("pollInterval");
  }
}
