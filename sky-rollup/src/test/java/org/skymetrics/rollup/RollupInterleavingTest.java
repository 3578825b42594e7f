package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.skymetrics.rollup.HookedStores.Hook;
import org.skymetrics.store.batch.Batch;

/**
 * Several rollups on the same stores, one store call at a time, in an order that the test decides:
 * each is a thread that waits for its turn before each call, so exactly one runs at any moment.
 */
final class RollupInterleavingTest {
  private static final int SEEDS = 250;

  /** A rollup that makes one store call when it is told to. */
  private static final class Stepped implements Hook {
    private final SynchronousQueue<Boolean> turns = new SynchronousQueue<>();
    private final SynchronousQueue<Boolean> alive = new SynchronousQueue<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final Rollup rollup;
    private boolean running = true;

    Stepped(World world) {
      rollup =
          world.rollup(
              HookedStores.periods(world.periods, this), HookedStores.history(world.history, this));
      Thread thread =
          new Thread(
              () -> {
                try {
                  turns.take();
                  rollup.runOnce();
                } catch (Throwable e) {
                  faults.add(e);
                }
                try {
                  alive.put(false);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public Object around(String method, Callable<Object> call) throws Exception {
      Object result = call.call();
      alive.put(true);
      turns.take();
      return result;
    }

    /** Makes one call. False where there was none left. */
    boolean step() throws InterruptedException {
      if (running) {
        turns.put(true);
        running = alive.take();
        assertThat(faults).isEmpty();
        assertThat(rollup.counters())
            .containsEntry(RollupCounter.CHUNKS_DAMAGED, 0L)
            .containsEntry(RollupCounter.SPANS_NOT_COVERED, 0L)
            .containsEntry(RollupCounter.BATCHES_NOT_READ_BACK, 0L)
            .containsEntry(RollupCounter.WINDOWS_FAILED, 0L);
      }
      return running;
    }

    void finish() throws InterruptedException {
      while (step()) {
        // One more.
      }
    }
  }

  private static World filled() {
    World world = new World();
    world.put(World.batch(World.place(0, 0), 1, 1));
    world.rollup().runOnce();
    world.put(World.batch(World.place(0, 0), 2, 1), World.batch(World.place(0, 1), 1, 2));
    return world;
  }

  private static Batch late(int n) {
    return World.batch(World.place(0, n % 5), 3, n);
  }

  private static void settle(World world) {
    world.rollup().runOnce();
    world.assertSettled();
  }

  @Test
  void shouldBearOneStoppedAnywhereWhileAnotherRunsOn() throws Exception {
    int calls = 1;
    for (int first = 0; first < calls; first++) {
      for (int second = 0; second < calls; second++) {
        World world = filled();
        Stepped a = new Stepped(world);
        Stepped b = new Stepped(world);
        int made = 0;
        while (made < first && a.step()) {
          made++;
        }
        world.put(late(1));
        for (int i = 0; i < second && b.step(); i++) {
          world.assertNothingIsMissed();
        }
        while (a.step()) {
          made++;
          world.assertNothingIsMissed();
        }
        b.finish();
        world.assertNothingIsMissed();
        settle(world);
        calls = Math.max(calls, made + 1);
      }
    }
    assertThat(calls).isGreaterThan(10);
  }

  @Test
  void shouldBearAWriterThatIsStaleByManyRounds() throws Exception {
    for (int stop = 1; stop < 25; stop++) {
      World world = filled();
      Stepped stale = new Stepped(world);
      for (int i = 0; i < stop; i++) {
        stale.step();
      }
      for (int round = 1; round <= 3; round++) {
        world.put(late(round));
        world.rollup().runOnce();
        world.assertNothingIsMissed();
      }
      while (stale.step()) {
        world.assertNothingIsMissed();
      }
      world.assertNothingIsMissed();
      settle(world);
    }
  }

  @Test
  void shouldBearAnyInterleavingOfThree() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      World world = filled();
      List<Stepped> rollups = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rollups.add(new Stepped(world));
      }
      int batches = 0;
      while (!rollups.isEmpty()) {
        Stepped next = rollups.get(random.nextInt(rollups.size()));
        if (!next.step()) {
          rollups.remove(next);
        }
        if (batches < 4 && random.nextInt(6) == 0) {
          world.put(late(++batches));
        }
        try {
          world.assertNothingIsMissed();
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
      settle(world);
    }
  }
}
