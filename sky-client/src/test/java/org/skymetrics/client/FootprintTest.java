package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a series costs, keys and tables included. */
final class FootprintTest {
  /** A hundred numbers of a normal distribution. */
  private static final double[] DEVIATIONS =
      DoubleStream.generate(new Random(1)::nextGaussian).limit(100).toArray();

  /** Of each kind, by how many threads, in how many series, and the most that one may cost. */
  @ParameterizedTest
  @CsvSource({
    "counter, 2, 20000, 300",
    "counter, 200, 20000, 600",
    "histogram, 2, 2000, 8000",
    "histogram, 200, 200, 120000"
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
    countInAll(new Harvester(new SkyBuilder()), 2, 100, call).countDown();
    Harvester measured = new Harvester(new SkyBuilder());
    measured.take();
    long before = used();
    CountDownLatch end = countInAll(measured, threads, keys, call);
    measured.takeAndForget();
    long each = (used() - before) / keys;
    end.countDown();
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

  /** Threads that have counted, and live on until told to end. */
  private static CountDownLatch countInAll(
      Harvester harvester, int threads, int keys, BiConsumer<Sky, Integer> call)
      throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch counted = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < keys; i++) {
                  call.accept(harvester.sky, i);
                }
                counted.countDown();
                awaitQuietly(end);
              });
      thread.setDaemon(true);
      thread.start();
    }
    counted.await();
    return end;
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
