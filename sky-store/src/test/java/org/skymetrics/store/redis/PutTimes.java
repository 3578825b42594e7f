package org.skymetrics.store.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.Samples;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;

/**
 * Prints how long a minute's batches take: 16 shards of 31,000 counters each, put, put again, read,
 * done; for both period stores. Arguments: a directory on the disk to measure.
 */
final class PutTimes {
  private static final int SHARDS = 16;
  private static final int COUNTERS = 31_000;
  private static final int PERIODS = 5;

  private PutTimes() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "put-times");
    Layout layout = new Layout(Period.ONE_MINUTE, SHARDS);
    try (PeriodStore store = SqlitePeriodStore.open(directory, layout)) {
      measure("SQLite", store);
      System.out.printf("period.db %,d bytes%n", Files.size(directory.resolve("period.db")));
    }
    try (SqliteHistoryStore history = SqliteHistoryStore.open(directory)) {
      byte[] block = new byte[500_000];
      long start = System.nanoTime();
      for (int i = 0; i < SHARDS; i++) {
        history.put("block/" + i + "/1", block, Context.NONE);
      }
      say("SQLite history, 16 blocks of 500 kB", start);
    }
    try (RedisUnderTest redis = RedisUnderTest.launch();
        PeriodStore store = RedisPeriodStore.connect(redis.options(), layout)) {
      measure("Redis", store);
    }
  }

  private static void measure(String name, PeriodStore store) {
    for (int period = 0; period < PERIODS; period++) {
      List<Batch> batches = new ArrayList<>();
      List<ShardPeriod> places = new ArrayList<>();
      for (int shard = 0; shard < SHARDS; shard++) {
        ShardPeriod place = new ShardPeriod(shard, Samples.START_MS + period * Samples.PERIOD_MS);
        places.add(place);
        batches.add(Samples.large(place, 1, COUNTERS));
      }
      long start = System.nanoTime();
      store.put(batches);
      say(name + " put", start);
      start = System.nanoTime();
      store.put(batches);
      say(name + " put again", start);
      start = System.nanoTime();
      places.forEach(store::mailbox);
      say(name + " mailboxes", start);
      start = System.nanoTime();
      places.forEach(store::counters);
      say(name + " counters", start);
      start = System.nanoTime();
      places.forEach(place -> store.done(place, List.of(batches.get(0).name())));
      say(name + " done", start);
    }
    long start = System.nanoTime();
    store.seen(0);
    say(name + " seen of a shard", start);
  }

  private static void say(String what, long startNs) {
    System.out.printf("%-40s %,7d ms%n", what, (System.nanoTime() - startNs) / 1_000_000);
  }
}
