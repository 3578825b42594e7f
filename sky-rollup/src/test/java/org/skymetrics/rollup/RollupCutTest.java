package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.rollup.HookedStores.Hook;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.Span;

/** A rollup that is cut at each of its steps, and another that takes over. */
final class RollupCutTest {
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

  private static World filled() {
    World world = new World();
    world.put(World.batch(World.place(0, 0), 1, 1), World.batch(World.place(0, 1), 1, 1));
    world.put(World.batch(World.place(0, 7), 1, 2), World.batch(World.place(1, 0), 1, 1));
    world.rollup().runOnce();
    world.put(World.batch(World.place(0, 0), 2, 5), World.batch(World.place(0, 2), 1, 3));
    world.put(World.batch(World.place(2, 0), 2, 5));
    return world;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLoseAndDoubleNothingWhereverItIsCut(boolean afterEffect) {
    int at = 0;
    boolean cut = true;
    while (cut) {
      at++;
      World world = filled();
      cut = isCut(world, new Cut(at, afterEffect));
      if (cut) {
        world.assertNothingIsMissed();
      }
      world.put(World.batch(World.place(0, 1), 3, 3));
      world.rollup().runOnce();
      world.assertSettled();
    }
    assertThat(at).as("calls of the stores").isGreaterThan(20);
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "true, 1", "false, 9", "true, 9", "false, 70", "true, 70"})
  void shouldKeepWhatReachedABlockThoughItIsCutAndTheMailIsLost(boolean afterEffect, int minute)
      throws CorruptException {
    int inFiles = 0;
    boolean cut = true;
    for (int at = 1; cut; at++) {
      World world = new World();
      Batch lost = World.batch(World.place(0, 0), 1, 1);
      world.put(lost);
      cut = isCut(world, new Cut(at, afterEffect));
      boolean inBlock = world.block(lost.place()).names().contains(lost.name());
      MemoryPeriodStore wiped = new MemoryPeriodStore(world.periods.layout(), world.clock);
      wiped.put(List.of(World.batch(World.place(0, minute), 2, 1)));
      Rollup other = world.rollup(wiped, world.history);
      other.runOnce();
      world.clock.advance(Duration.ofHours(30));
      for (int i = 0; i < 8; i++) {
        other.runOnce();
      }
      assertThat(world.history.keys()).noneMatch(key -> key.startsWith("block/"));
      boolean inFile = false;
      for (ChunkFile file : world.files(Span.DAY, World.PERIOD.lengthMs(), lost.place())) {
        Set<Series> listed = world.keyList(0).lastSeenMs().keySet();
        file.forEach((series, points) -> assertThat(listed).contains(series));
        inFile |= file.names().at(lost.place().startMs()).contains(lost.name());
      }
      assertThat(inFile).isEqualTo(inBlock);
      inFiles += inFile ? 1 : 0;
    }
    assertThat(inFiles).as("cuts after which files have the lost batch").isGreaterThan(1);
  }

  /** Whether a rollup was cut, or reached its end before. */
  private static boolean isCut(World world, Cut cut) {
    Rollup dying =
        world.rollup(
            HookedStores.periods(world.periods, cut), HookedStores.history(world.history, cut));
    try {
      dying.runOnce();
      return false;
    } catch (StoreException e) {
      assertThat(e).hasMessageContaining("cut");
      return true;
    }
  }
}
