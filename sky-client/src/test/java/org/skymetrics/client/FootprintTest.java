package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a series costs, keys and tables included. */
final class FootprintTest {
  private static final int KEYS = 20_000;

  @Test
  void shouldCostLittleMemoryForASeries() throws InterruptedException {
    String[] keys = new String[KEYS];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "http_requests|" + (10_000 + i);
    }
    Harvester harvester = new Harvester(new SkyBuilder());
    Runnable count =
        () -> {
          for (String key : keys) {
            harvester.sky.counter(key);
          }
        };
    Thread other = new Thread(count);
    other.start();
    other.join();
    long before = used();
    harvester.sky.counter("warm");
    Harvester measured = new Harvester(new SkyBuilder());
    Runnable countMeasured =
        () -> {
          for (String key : keys) {
            measured.sky.counter(key);
          }
        };
    Thread alive = new Thread(() -> runAndWait(countMeasured));
    alive.start();
    countMeasured.run();
    while (measured.core.stats().acceptedCounts() < 2 * KEYS) {
      Thread.onSpinWait();
    }
    measured.take();
    measured.cells.clear();
    long each = (used() - before) / KEYS;
    alive.interrupt();
    alive.join();
    System.out.println("A counter of two threads costs " + each + " bytes, its String aside");
    assertThat(measured.core.stats().acceptedCounts()).isEqualTo(2 * KEYS);
    assertThat(harvester.core.stats().series()).isEqualTo(KEYS + 1);
    assertThat(each).isLessThan(500);
  }

  private static void runAndWait(Runnable work) {
    work.run();
    java.util.concurrent.locks.LockSupport.park();
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
