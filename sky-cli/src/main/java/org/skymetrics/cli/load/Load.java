package org.skymetrics.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Clock;

/** Carries out a plan: calls the client from its threads, at the planned rate. */
public final class Load {
  /** So many calls at most between two looks at the clock. */
  private static final int BURST = 4096;

  private static final long PAUSE_NS = 1_000_000;

  private final Sky sky;
  private final LoadPlan plan;
  private final Clock clock;
  private final BooleanSupplier stopped;
  private final String[] keys;
  private final KeyChooser chooser;
  private final LongAdder done = new LongAdder();

  /**
   * @param stopped asked between bursts: whether to end before the plan is carried out
   */
  public Load(Sky sky, LoadPlan plan, Clock clock, BooleanSupplier stopped) {
    this.sky = sky;
    this.plan = plan;
    this.clock = clock;
    this.stopped = stopped;
    this.chooser = new KeyChooser(plan.keys());
    this.keys = new String[plan.keys()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = plan.key(i);
    }
  }

  /**
   * Runs to the end of the plan. Where the machine is slower than the rate it takes longer.
   *
   * @return how often each key was counted
   */
  public long[] run() throws InterruptedException {
    SplittableRandom seeds = new SplittableRandom(plan.seed());
    long startNs = clock.monotonicNs();
    List<Thread> threads = new ArrayList<>();
    List<long[]> counts = new ArrayList<>();
    for (int i = 0; i < plan.threads(); i++) {
      SplittableRandom random = seeds.split();
      long[] counted = new long[keys.length];
      long share = plan.total(i);
      Thread thread = new Thread(() -> count(random, counted, share, startNs), "sky-load-" + i);
      counts.add(counted);
      threads.add(thread);
      thread.start();
    }
    long[] sum = new long[keys.length];
    for (int i = 0; i < threads.size(); i++) {
      threads.get(i).join();
      long[] counted = counts.get(i);
      for (int k = 0; k < sum.length; k++) {
        sum[k] += counted[k];
      }
    }
    return sum;
  }

  /** How many counts were made so far. */
  public long done() {
    return done.sum();
  }

  private void count(SplittableRandom random, long[] counted, long share, long startNs) {
    double perNs = (double) plan.perSecond() / plan.threads() / 1e9;
    long made = 0;
    while (made < share && !stopped.getAsBoolean()) {
      long due = Math.min(share, (long) ((clock.monotonicNs() - startNs) * perNs) + 1);
      long end = Math.min(due, made + BURST);
      if (end <= made) {
        LockSupport.parkNanos(PAUSE_NS);
        continue;
      }
      done.add(end - made);
      for (; made < end; made++) {
        int key = chooser.next(random);
        counted[key]++;
        sky.counter(keys[key]);
      }
    }
  }
}
