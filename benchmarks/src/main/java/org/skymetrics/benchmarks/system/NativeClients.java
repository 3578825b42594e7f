package org.skymetrics.benchmarks.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.skymetrics.client.Counter;
import org.skymetrics.client.Sky;

/**
 * Clients of one server, each of which counts each of the same keys at each turn. A turn a second
 * makes as many records as there are keys, for each client.
 */
final class NativeClients implements AutoCloseable {
  /** The keys are children of so many. */
  static final int PARENTS = 50;

  private static final int SLICES_PER_SECOND = 20;

  private final int keys;
  private final List<Sky> skies = new ArrayList<>();
  private final List<Counter[]> handles = new ArrayList<>();
  private long counted;

  NativeClients(int keys) {
    this.keys = keys;
  }

  void add() {
    Sky sky = Sky.builder().servers(RunningSky.UDP).keyLimit(2 * keys).build();
    Counter[] ofClient = new Counter[keys];
    for (int i = 0; i < keys; i++) {
      ofClient[i] =
          sky.bindCounter(String.format(Locale.ROOT, "service-%02d|%07d", i % PARENTS, i));
    }
    skies.add(sky);
    handles.add(ofClient);
  }

  /** Ends the last ones, until so many are left. */
  void keep(int n) {
    while (skies.size() > n) {
      handles.remove(handles.size() - 1);
      skies.remove(skies.size() - 1).close();
    }
  }

  int size() {
    return skies.size();
  }

  /** Counts for some seconds, with a turn in each that {@code every} divides. */
  void count(int seconds, int every) {
    long startNs = System.nanoTime();
    for (int second = 0; second < seconds; second += every) {
      LockSupport.parkNanos(startNs + second * 1_000_000_000L - System.nanoTime());
      turn();
    }
    LockSupport.parkNanos(startNs + seconds * 1_000_000_000L - System.nanoTime());
  }

  /** Counts each key once in so many seconds, some of the keys at a time, for some such turns. */
  void spread(int turns, int every) {
    int slices = SLICES_PER_SECOND * every;
    long startNs = System.nanoTime();
    for (int slice = 0; slice < turns * slices; slice++) {
      int of = slice % slices;
      part((int) ((long) keys * of / slices), (int) ((long) keys * (of + 1) / slices));
      long dueNs = startNs + (slice + 1) * (1_000_000_000L / SLICES_PER_SECOND);
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
  }

  private void turn() {
    part(0, keys);
  }

  private void part(int from, int to) {
    for (Counter[] ofClient : handles) {
      for (int i = from; i < to; i++) {
        ofClient[i].increment();
      }
    }
    counted += (long) (to - from) * handles.size();
  }

  /** All that was counted so far. */
  long counted() {
    return counted;
  }

  /** The key that counts what one in {@link #PARENTS} keys counts, for all clients. */
  String firstParent() {
    return "service-00";
  }

  boolean awaitAcknowledged(Duration timeout) throws InterruptedException {
    boolean all = true;
    for (Sky sky : skies) {
      all &= sky.awaitAcknowledged(timeout);
    }
    return all;
  }

  @Override
  public void close() {
    keep(0);
  }
}
