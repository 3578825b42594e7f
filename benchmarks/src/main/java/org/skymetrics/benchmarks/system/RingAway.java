package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.skymetrics.client.Sky;
import org.skymetrics.client.Stats;

/**
 * An application whose ring is killed and stays away: what the library holds meanwhile, what a call
 * costs, and whether each count is there in the end, in the minute in which it was made.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.RingAway [seconds away]
 * </pre>
 *
 * <p>200 threads make a million calls a second of 1,000 keys. They rest for a moment around each
 * minute's edge, so that each key's counts of each minute are known exactly.
 */
public final class RingAway {
  private static final int THREADS = 200;
  private static final int KEYS = 1_000;
  private static final int CALLS_A_SECOND = 1_000_000;
  private static final int CALLS_A_TURN = 100;
  private static final long TURN_NS = 1_000_000_000L * CALLS_A_TURN * THREADS / CALLS_A_SECOND;
  private static final long MINUTE_MS = 60_000;
  private static final long EDGE_MS = 300;
  private static final int SECONDS_THERE = 60;
  private static final int MAX_MINUTES = 120;

  /** What is going on, an index into what is measured. */
  private enum Phase {
    RING_THERE,
    RING_AWAY,
    RING_BACK
  }

  private final String[] keys = new String[KEYS];
  private final long firstMinute = System.currentTimeMillis() / MINUTE_MS;

  /** By minute, then by key. */
  private final LongAdder[][] counted = new LongAdder[MAX_MINUTES][];

  private final LongAdder[] cpuNs = adders(Phase.values().length);
  private final LongAdder[] calls = adders(Phase.values().length);
  private final AtomicInteger phase = new AtomicInteger();
  private volatile boolean ends;

  private RingAway() {
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "away|key" + i;
    }
    for (int i = 0; i < MAX_MINUTES; i++) {
      counted[i] = adders(KEYS);
    }
  }

  private static LongAdder[] adders(int n) {
    LongAdder[] adders = new LongAdder[n];
    for (int i = 0; i < n; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }

  /**
   * Runs it.
   *
   * @param arguments for how many seconds the ring is away; 600 where nothing is said
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int away = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 600;
    System.exit(new RingAway().run(away) ? 0 : 1);
  }

  private boolean run(int secondsAway) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("sky-away").resolve("data");
    RunningSky ring = RunningSky.start(data, "-Xmx512m", List.of());
    try (Sky sky =
        Sky.builder().servers(RunningSky.UDP).closeTimeout(Duration.ofMinutes(2)).build()) {
      long before = liveHeapBytes();
      List<Thread> threads = start(sky);
      TimeUnit.SECONDS.sleep(SECONDS_THERE);
      say("ring there", sky, before);
      ring.kill();
      phase.set(Phase.RING_AWAY.ordinal());
      for (int i = 0; i < secondsAway; i += 60) {
        TimeUnit.SECONDS.sleep(Math.min(60, secondsAway - i));
        say("ring away for " + Math.min(secondsAway, i + 60) + " s", sky, before);
      }
      phase.set(Phase.RING_BACK.ordinal());
      ring = RunningSky.start(data, "-Xmx512m", List.of());
      TimeUnit.SECONDS.sleep(SECONDS_THERE);
      say("ring back", sky, before);
      ends = true;
      for (Thread thread : threads) {
        thread.join();
      }
      boolean acknowledged = sky.awaitAcknowledged(Duration.ofMinutes(2));
      System.out.printf("all acknowledged: %s%n", acknowledged);
      sayCalls();
      return compare(ring) && acknowledged;
    } finally {
      ring.close();
    }
  }

  private List<Thread> start(Sky sky) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int first = i * KEYS / THREADS;
      Thread thread = new Thread(() -> count(sky, first), "application-" + i);
      threads.add(thread);
      thread.start();
    }
    return threads;
  }

  private void count(Sky sky, int first) {
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    int next = first;
    long dueNs = System.nanoTime();
    while (!ends) {
      long ms = System.currentTimeMillis();
      long intoMinute = ms % MINUTE_MS;
      if (intoMinute < EDGE_MS || intoMinute > MINUTE_MS - EDGE_MS) {
        LockSupport.parkNanos(10_000_000);
        dueNs = System.nanoTime();
        continue;
      }
      LongAdder[] ofMinute = counted[(int) (ms / MINUTE_MS - firstMinute)];
      int now = phase.get();
      long startNs = cpu.getCurrentThreadCpuTime();
      for (int i = 0; i < CALLS_A_TURN; i++) {
        sky.counter(keys[(next + i) % KEYS]);
      }
      cpuNs[now].add(cpu.getCurrentThreadCpuTime() - startNs);
      calls[now].add(CALLS_A_TURN);
      for (int i = 0; i < CALLS_A_TURN; i++) {
        ofMinute[(next + i) % KEYS].increment();
      }
      next = (next + CALLS_A_TURN) % KEYS;
      dueNs += TURN_NS;
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
  }

  private static long liveHeapBytes() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void say(String when, Sky sky, long before) {
    Stats stats = sky.stats();
    System.out.printf(
        Locale.ROOT,
        "%-22s %,14d calls; the library holds %6.2f MB of heap, %,d packets (%,d bytes) to be acknowledged%n",
        when,
        stats.acceptedCounts(),
        (liveHeapBytes() - before) / 1e6,
        stats.heldPackets(),
        stats.heldBytes());
  }

  private void sayCalls() {
    double there = nsACall(Phase.RING_THERE);
    for (Phase p : Phase.values()) {
      System.out.printf(
          Locale.ROOT,
          "%-12s %,14d calls, %.1f ns of CPU a call, ratio %.2f%n",
          p,
          calls[p.ordinal()].sum(),
          nsACall(p),
          nsACall(p) / there);
    }
  }

  private double nsACall(Phase p) {
    return (double) cpuNs[p.ordinal()].sum() / Math.max(1, calls[p.ordinal()].sum());
  }

  /** Whether each key has in each minute what was counted in it. */
  private boolean compare(RunningSky ring) throws InterruptedException {
    Map<String, Map<Long, Long>> found =
        ring.counters(List.of(keys), firstMinute * MINUTE_MS / 1000, "1m");
    long sent = 0;
    long arrived = 0;
    long inTheirMinute = 0;
    for (int k = 0; k < KEYS; k++) {
      Map<Long, Long> points = found.getOrDefault(keys[k], Map.of());
      arrived += points.values().stream().mapToLong(Long::longValue).sum();
      for (int m = 0; m < MAX_MINUTES; m++) {
        long made = counted[m][k].sum();
        sent += made;
        inTheirMinute += Math.min(made, points.getOrDefault((firstMinute + m) * 60, 0L));
      }
    }
    System.out.printf(
        "counted %,d; arrived %,d; of them in their minute %,d%n", sent, arrived, inTheirMinute);
    return sent == arrived && sent == inTheirMinute;
  }
}
