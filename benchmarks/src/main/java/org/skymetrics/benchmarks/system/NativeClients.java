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

  private void turn() {
    for (Counter[] ofClient : handles) {
      for (Counter counter : ofClient) {
        counter.increment();
      }
    }
    counted += (long) keys * handles.size();
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
