package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call with a known key makes nothing, on any path. */
final class AllocationTest {
  private static final int CALLS = 50_000;

  static Stream<Arguments> calls() {
    return Stream.of(false, true).flatMap(AllocationTest::calls);
  }

  private static Stream<Arguments> calls(boolean sharedOnly) {
    Sky sky = new Harvester(new SkyBuilder().sharedTableOnly(sharedOnly)).sky;
    Counter counter = sky.bindCounter("bound");
    Gauge gauge = sky.bindGauge("bound");
    Histogram histogram = sky.bindHistogram("bound");
    String where = sharedOnly ? ", shared table" : "";
    return Stream.of(
        Arguments.of("counter" + where, (Runnable) () -> sky.counter("a|b")),
        Arguments.of("counter(n)" + where, (Runnable) () -> sky.counter("a|b", 3)),
        Arguments.of("counterIn(number)" + where, (Runnable) () -> sky.counterIn("status", 200)),
        Arguments.of("counterIn(text)" + where, (Runnable) () -> sky.counterIn("method", "GET")),
        Arguments.of("gauge" + where, (Runnable) () -> sky.gauge("g", 1.5)),
        Arguments.of("histogram" + where, (Runnable) () -> sky.histogram("h", 17)),
        Arguments.of("scope" + where, (Runnable) () -> sky.scope("app").counter("a")),
        Arguments.of("bound counter" + where, (Runnable) counter::increment),
        Arguments.of("bound gauge" + where, (Runnable) () -> gauge.set(2)),
        Arguments.of("bound histogram" + where, (Runnable) () -> histogram.record(2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void shouldMakeNothing(String name, Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20 && least > 0; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int k = 0; k < CALLS; k++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    // What the measuring itself and the compiler's change-over make is not per call.
    assertThat(least).as(name).isLessThan(CALLS / 10);
  }

  /** Threads whose ids want the same place of a handle. */
  @org.junit.jupiter.api.Test
  void shouldMakeNothingWhereThreadsMeetInAHandle() throws InterruptedException {
    Sky sky = new Harvester(new SkyBuilder()).sky;
    Counter counter = sky.bindCounter("bound");
    Thread[] meeting = new Thread[2];
    meeting[0] = new Thread(() -> turns(counter));
    while (meeting[1] == null) {
      Thread next = new Thread(() -> turns(counter));
      if (next.getId() % 64 == meeting[0].getId() % 64) {
        meeting[1] = next;
      }
    }
    meeting[0].start();
    meeting[1].start();
    meeting[0].join();
    meeting[1].join();
    assertThat(made).allMatch(bytes -> bytes < CALLS / 10);
  }

  private final java.util.List<Long> made =
      java.util.Collections.synchronizedList(new java.util.ArrayList<>());

  private void turns(Counter counter) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int k = 0; k < CALLS; k++) {
        counter.increment();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    made.add(least);
  }
}
