package org.skymetrics.store.redis;

import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.Samples;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import redis.clients.jedis.Protocol.Command;

/**
 * Prints what a counter costs in Redis, in bytes: one batch of each shard for a period, of keys as
 * {@code http_requests|host-0042|GET|200}, by the difference in {@code used_memory} when the keys
 * of one kind are deleted.
 */
final class RedisMemory {
  private static final int SHARDS = 16;

  private RedisMemory() {}

  public static void main(String[] arguments) throws IOException {
    for (int keys : new int[] {1_000, 10_000, 100_000, 500_000}) {
      measure(keys);
    }
  }

  private static void measure(int keys) throws IOException {
    Layout layout = new Layout(Period.ONE_MINUTE, SHARDS);
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), layout)) {
      List<Batch> batches = batches(keys);
      for (Batch batch : batches) {
        store.put(List.of(batch));
      }
      long bytes = batches.stream().mapToLong(batch -> batch.bytes().length).sum();
      System.out.printf("%,9d keys: batches %.1f", keys, (double) bytes / keys);
      for (String kind : List.of("mail", "count", "seen")) {
        long before = used(redis);
        for (int shard = 0; shard < SHARDS; shard++) {
          redis.command(Command.DEL, name(shard, kind));
        }
        System.out.printf(", %s %.1f", kind, (double) (before - used(redis)) / keys);
      }
      System.out.println(" bytes a key");
    }
    if (keys == 1_000) {
      measureDoneLists(layout);
    }
  }

  /** Of a shard and period, with the batches of three servers. */
  private static void measureDoneLists(Layout layout) throws IOException {
    int periods = 1_000;
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RedisPeriodStore store = RedisPeriodStore.connect(redis.options(), layout)) {
      long before = used(redis);
      for (int period = 0; period < periods; period++) {
        store.done(
            new ShardPeriod(0, START_MS + period * 60_000L),
            List.of(new BatchName(1, period), new BatchName(2, period), new BatchName(3, period)));
      }
      System.out.printf("a done-list of three names: %d bytes%n", (used(redis) - before) / periods);
    }
  }

  private static String name(int shard, String kind) {
    return "sky:{" + shard + "}:" + kind + (kind.equals("seen") ? "" : ":" + START_MS / 1000);
  }

  /** Without what connections hold. */
  private static long used(RedisUnderTest redis) {
    return Long.parseLong(redis.info("used_memory_dataset"));
  }

  private static List<Batch> batches(int keys) {
    List<Map<Series, Cell>> shards = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      shards.add(new TreeMap<>());
    }
    List<String> statuses = Arrays.asList("200", "301", "404", "500");
    for (int i = 0; i < keys; i++) {
      String key = "http_requests|host-%04d|GET|%s".formatted(i / 4, statuses.get(i % 4));
      Series series = counter(key);
      shards.get(series.key().shard(SHARDS)).put(series, count(i));
    }
    List<Batch> batches = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      batches.add(Samples.batch(new ShardPeriod(shard, START_MS), 1, shards.get(shard)));
    }
    return batches;
  }
}
