package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.redis.RedisOptions;
import org.skymetrics.store.redis.RedisPeriodStore;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import redis.embedded.RedisServer;

/** Rollups on threads of their own, on real stores. */
final class RollupIT {
  private static final RollupConfig QUICK =
      RollupConfig.builder()
          .pollInterval(Duration.ofMillis(5))
          .maxBackoff(Duration.ofMillis(20))
          .build();

  @TempDir Path dir;

  @Test
  void shouldMoveAllWhereThreeRunAtOnceOnSqlite() throws Exception {
    try (PeriodStore periods = SqlitePeriodStore.open(dir, new Layout(World.PERIOD, 4))) {
      moveAll(periods);
    }
  }

  @Test
  void shouldMoveAllWhereThreeRunAtOnceOnRedis() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    RedisServer redis =
        RedisServer.newRedisServer()
            .bind("127.0.0.1")
            .port(port)
            .setting("save \"\"")
            .setting("dir " + dir)
            .build();
    redis.start();
    try (PeriodStore periods =
        RedisPeriodStore.connect(
            RedisOptions.parse("127.0.0.1:" + port), new Layout(World.PERIOD, 4))) {
      moveAll(periods);
    } finally {
      redis.stop();
    }
  }

  private void moveAll(PeriodStore periods) {
    // The sums are compared for young periods only; these must be.
    ManualClock clock = new ManualClock(World.WINDOW_MS + 400_000);
    try (HistoryStore history = SqliteHistoryStore.open(dir)) {
      List<Batch> all = new ArrayList<>();
      Rollup one = Rollup.start(QUICK, periods, history, clock);
      RollupConfig other = RollupConfig.builder().pollInterval(Duration.ofMillis(5)).build();
      Rollup two = Rollup.start(other, periods, history, clock);
      Rollup three = Rollup.create(QUICK, periods, history, clock);
      for (int i = 0; i < 120; i++) {
        Batch batch = World.batch(World.place(i % 4, i % 7), i % 3, i + 1);
        all.add(batch);
        periods.put(List.of(batch));
        if (i % 10 == 0) {
          three.runOnce();
        }
      }
      assertThat(three.drain(Duration.ofSeconds(30))).isTrue();
      one.close();
      two.close();
      for (Rollup rollup : List.of(one, two, three)) {
        assertThat(rollup.counters())
            .containsEntry(RollupCounter.PERIODS_DIFFERENT, 0L)
            .containsEntry(RollupCounter.PERIODS_FORGOTTEN, 0L)
            .containsEntry(RollupCounter.CHUNKS_DAMAGED, 0L)
            .containsEntry(RollupCounter.WINDOWS_FAILED, 0L);
      }
      for (Batch batch : all) {
        List<BatchName> name = List.of(batch.name());
        assertThat(periods.states(batch.place(), name).get(batch.name()))
            .isEqualTo(PeriodStore.BatchState.DONE);
        assertThat(block(history, batch).batches()).containsKey(batch.name());
      }
    }
  }

  private static Block block(HistoryStore history, Batch of) {
    try {
      BlockShelf shelf = new BlockShelf(history, new Counters());
      return shelf.read(List.of(of.place())).get(of.place());
    } catch (DamagedValueException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldGoOnWhenItsStoresComeBack() throws Exception {
    try (PeriodStore periods = SqlitePeriodStore.open(dir, new Layout(World.PERIOD, 4));
        HistoryStore history = SqliteHistoryStore.open(dir)) {
      CountDownLatch failures = new CountDownLatch(5);
      PeriodStore away =
          HookedStores.periods(
              periods,
              (method, call) -> {
                if (failures.getCount() > 0) {
                  failures.countDown();
                  throw new StoreException(StoreException.Fault.UNAVAILABLE, "away");
                }
                return call.call();
              });
      CountDownLatch moved = new CountDownLatch(1);
      HistoryStore watched =
          HookedStores.history(
              history,
              (method, call) -> {
                Object result = call.call();
                if (method.equals("put")) {
                  moved.countDown();
                }
                return result;
              });
      periods.put(List.of(World.batch(World.place(0, 1), 1, 1)));
      try (Rollup rollup = Rollup.start(QUICK, away, watched, Clock.system())) {
        assertThat(moved.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(rollup.counters()).containsEntry(RollupCounter.STORE_UNAVAILABLE, 5L);
      }
      assertThat(Rollup.create(QUICK, periods, history, Clock.system()).drain(Duration.ZERO))
          .isTrue();
    }
  }
}
