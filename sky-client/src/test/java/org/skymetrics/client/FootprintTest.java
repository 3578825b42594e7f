package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a series costs, keys and tables included. */
final class FootprintTest {
  /** From the second on a fold of the minute before is kept, to be used again. */
  private static final int MINUTES = 3;

  /** A hundred numbers of a normal distribution. */
  private static final double[] DEVIATIONS =
      DoubleStream.generate(new Random(1)::nextGaussian).limit(100).toArray();

  /** Of each kind, by how many threads, in how many series, and the most that one may cost. */
  @ParameterizedTest
  @CsvSource({
    "counter, 2, 20000, 200",
    "counter, 200, 20000, 400",
    "histogram, 2, 2000, 1500",
    "histogram, 200, 200, 24000"
  })
  void shouldCostLittleMemoryForASeries(String kind, int threads, int keys, long most)
      throws InterruptedException {
    String[] names = new String[keys];
    for (int i = 0; i < keys; i++) {
      names[i] = "http_requests|" + (10_000 + i);
    }
    BiConsumer<Sky, Integer> call =
        kind.equals("counter")
            ? (sky, i) -> sky.counter(names[i])
            : (sky, i) -> latencies(sky, names[i]);
    // Classes, compiled code and what a client has without a series.
    new Counting(new Harvester(new SkyBuilder()), 2, 100, call).end();
    Harvester measured = new Harvester(new SkyBuilder());
    measured.take();
    long before = used();
    Counting counting = new Counting(measured, threads, keys, call);
    measured.takeAndForget();
    long each = (used() - before) / keys;
    counting.end();
    System.out.println(
        "A " + kind + " of " + threads + " threads costs " + each + " bytes, its String aside");
    assertThat(measured.core.stats().series()).isEqualTo(keys);
    assertThat(each).isLessThan(most);
  }

  /** A hundred latencies around 20 ms, two thirds of them between 12 and 33. */
  private static void latencies(Sky sky, String name) {
    for (int i = 0; i < 100; i++) {
      sky.histogram(name, 20 * Math.exp(0.5 * DEVIATIONS[i]));
    }
  }

  /** Threads that have counted in each minute, and live on until they are to end. */
  private static final class Counting {
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    Counting(Harvester harvester, int count, int keys, BiConsumer<Sky, Integer> call)
        throws InterruptedException {
      CyclicBarrier minute = new CyclicBarrier(count + 1);
      for (int t = 0; t < count; t++) {
        Runnable work =
            () -> {
              for (int m = 0; m < MINUTES; m++) {
                meet(minute);
                for (int i = 0; i < keys; i++) {
                  call.accept(harvester.sky, i);
                }
                meet(minute);
              }
              awaitQuietly(end);
            };
        Thread thread = new Thread(work);
        thread.start();
        threads.add(thread);
      }
      for (int m = 0; m < MINUTES; m++) {
        harvester.cut();
        harvester.takeAndForget();
        meet(minute);
        meet(minute);
      }
    }

    /** Until they have ended they hold their client, which the next would be measured against. */
    void end() throws InterruptedException {
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitQuietly(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long used() {
    assertThat(ManagementFactory.getThreadMXBean()).isInstanceOf(ThreadMXBean.class);
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
