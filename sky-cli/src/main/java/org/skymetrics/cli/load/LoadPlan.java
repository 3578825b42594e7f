package org.skymetrics.cli.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What a load does. The same plan gives the same counts for each key, however fast it goes.
 *
 * @param keys how many keys, 1 to a million
 * @param perSecond counts a second, of all threads
 * @param seconds for how long
 * @param seed of the choice of keys
 * @param threads that call the client, 1 to 64
 */
public record LoadPlan(int keys, long perSecond, int seconds, long seed, int threads) {
  public static final String PARENT = "load";

  private static final int MAX_KEYS = 1_000_000;
  private static final long MAX_PER_SECOND = 1_000_000_000;
  private static final int MAX_SECONDS = 86_400;
  private static final int MAX_THREADS = 64;

  public LoadPlan {
    List<String> faults = new ArrayList<>();
    check(faults, "--keys", keys, MAX_KEYS);
    check(faults, "--rate", perSecond, MAX_PER_SECOND);
    check(faults, "--seconds", seconds, MAX_SECONDS);
    check(faults, "--threads", threads, MAX_THREADS);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static void check(List<String> faults, String option, long value, long max) {
    if (value < 1 || value > max) {
      faults.add(option + " is 1 to " + max + ", not " + value);
    }
  }

  /** How many counts there are in all. */
  public long total() {
    return perSecond * seconds;
  }

  /** The share of one of the threads in {@link #total()}. */
  long total(int thread) {
    return total() / threads + (thread < total() % threads ? 1 : 0);
  }

  /** The name of a key: {@code load|key-00042}. */
  public String key(int index) {
    return PARENT + "|key-" + String.format("%05d", index);
  }
}
