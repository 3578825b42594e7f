package org.skymetrics.benchmarks;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;

/** A history in memory that counts what is put, by the kind of value. */
final class CountingHistory implements HistoryStore {
  private final Map<String, TreeMap<Long, byte[]>> siblings = new TreeMap<>();
  private final Map<String, long[]> written = new TreeMap<>();
  private long versions;
  private long puts;
  private long gets;
  private long deletes;

  @Override
  public Versions get(String key) {
    gets++;
    TreeMap<Long, byte[]> found = siblings.getOrDefault(key, new TreeMap<>());
    ByteBuffer seen = ByteBuffer.allocate(8 * found.size());
    found.keySet().forEach(seen::putLong);
    return new Versions(new ArrayList<>(found.values()), new Context(seen.array()));
  }

  @Override
  public void put(String key, byte[] value, Context context) {
    remove(key, context);
    siblings.computeIfAbsent(key, k -> new TreeMap<>()).put(++versions, value);
    puts++;
    long[] of = written.computeIfAbsent(kind(key), k -> new long[3]);
    of[0]++;
    of[1] += value.length;
    of[2] = Math.max(of[2], value.length);
  }

  @Override
  public void delete(String key, Context context) {
    deletes++;
    remove(key, context);
  }

  private void remove(String key, Context context) {
    TreeMap<Long, byte[]> present = siblings.get(key);
    if (present != null) {
      ByteBuffer seen = ByteBuffer.wrap(context.toBytes());
      while (seen.hasRemaining()) {
        present.remove(seen.getLong());
      }
      if (present.isEmpty()) {
        siblings.remove(key);
      }
    }
  }

  private static String kind(String key) {
    String[] parts = key.split("/");
    return parts[0].equals("chunk") ? "chunk/" + parts[1] + "/" + parts[2] : parts[0];
  }

  long puts() {
    return puts;
  }

  long deletes() {
    return deletes;
  }

  void startCounting() {
    written.clear();
    puts = 0;
    gets = 0;
  }

  void printRate(PrintStream out, int minutes) {
    out.printf(
        Locale.ROOT,
        "a minute: %.1f puts, %.1f gets%n",
        (double) puts / minutes,
        (double) gets / minutes);
    written.forEach(
        (kind, n) ->
            out.printf(
                Locale.ROOT,
                "  %-14s %7.1f puts a minute, %10.0f bytes a minute, largest %d%n",
                kind,
                (double) n[0] / minutes,
                (double) n[1] / minutes,
                n[2]));
  }

  /** Prints what is there, by kind, and what it is for each point. */
  void print(PrintStream out, String title, long points) {
    Map<String, long[]> kinds = new TreeMap<>();
    siblings.forEach(
        (key, values) ->
            values
                .values()
                .forEach(
                    value -> {
                      long[] of = kinds.computeIfAbsent(kind(key), k -> new long[2]);
                      of[0]++;
                      of[1] += value.length;
                    }));
    out.printf(Locale.ROOT, "%s: %d points%n", title, points);
    kinds.forEach(
        (kind, n) ->
            out.printf(
                Locale.ROOT,
                "  %-14s %6d values, %10d bytes, %6.3f a point%n",
                kind,
                n[0],
                n[1],
                (double) n[1] / points));
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {}
}
