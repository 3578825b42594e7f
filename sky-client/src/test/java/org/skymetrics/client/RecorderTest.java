package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;

final class RecorderTest {
  private final Harvester harvester = new Harvester(new SkyBuilder().keyLimit(10));
  private final Sky sky = harvester.sky;

  @Test
  void shouldCountWhatWasCounted() {
    sky.counter("a");
    sky.counter("a", 41);
    sky.counter("a", -2);
    sky.counterIn("s", 200);
    sky.counterIn("s", "200");
    sky.counterIn("s", Long.MIN_VALUE);
    sky.scope("app").scope("db").counter("q|1");
    harvester.take();
    assertThat(harvester.counted("a")).isEqualTo(40);
    assertThat(harvester.counted("s|200")).isEqualTo(2);
    assertThat(harvester.counted("s|" + Long.MIN_VALUE)).isEqualTo(1);
    assertThat(harvester.counted("app>db>q|1")).isEqualTo(1);
    harvester.take();
    assertThat(harvester.counted("a")).isEqualTo(40);
  }

  @Test
  void shouldRefuseByCause() {
    sky.counter(null);
    sky.counter("");
    sky.counterIn(null, 1);
    sky.counterIn("a", (String) null);
    sky.gauge(null, Double.NaN);
    sky.histogram(null, 1);
    sky.timer(null).close();
    sky.bindCounter(null).increment();
    sky.bindGauge(null).set(1);
    sky.bindHistogram(null).record(1);
    assertThat(harvester.stat(ClientCounter.REFUSED_NO_KEY)).isEqualTo(10);
    sky.counter("k".repeat(501));
    sky.counter("ü".repeat(251));
    assertThat(harvester.stat(ClientCounter.REFUSED_LONG_KEY)).isEqualTo(2);
    sky.counter("a\nb");
    assertThat(harvester.stat(ClientCounter.REFUSED_CONTROL_CHARACTER)).isEqualTo(1);
    sky.counter("a||b");
    sky.counterIn("", 200);
    sky.counterIn("a", "");
    sky.scope("").counter("a");
    sky.scope(null).counter("a");
    assertThat(harvester.stat(ClientCounter.REFUSED_EMPTY_SEGMENT)).isEqualTo(5);
    sky.counter("a\ud800");
    assertThat(harvester.stat(ClientCounter.REFUSED_NOT_UNICODE)).isEqualTo(1);
    sky.gauge("a", Double.NaN);
    sky.histogram("a", Double.POSITIVE_INFINITY);
    sky.bindGauge("a").set(Double.NEGATIVE_INFINITY);
    sky.bindHistogram("a").record(Double.NaN);
    assertThat(harvester.stat(ClientCounter.REFUSED_NOT_FINITE)).isEqualTo(4);
    harvester.take();
    assertThat(harvester.cells).isEmpty();
    assertThat(harvester.core.stats().acceptedCounts()).isZero();
  }

  @Test
  void shouldTakeKeysOfFiveHundredBytes() {
    sky.counter("k".repeat(500));
    harvester.take();
    assertThat(harvester.counted("k".repeat(500))).isEqualTo(1);
  }

  @Test
  void shouldCountInParentsPastTheKeyLimit() {
    sky.counter("a");
    for (int i = 0; i < 9; i++) {
      sky.counter("k" + i);
    }
    for (int i = 0; i < 100; i++) {
      sky.counter("a|" + i, 2);
      sky.counterIn("a", i);
      sky.counter("other" + i);
      sky.gauge("g" + i, i);
      sky.histogram("h" + i, i);
      sky.bindCounter("bound" + i).increment();
    }
    harvester.take();
    assertThat(harvester.counted("a")).isEqualTo(301);
    assertThat(harvester.counted("sky>overflow")).isEqualTo(300 + 100 + 100);
    assertThat(harvester.counted(Kind.GAUGE, "sky>overflow")).isEqualTo(100);
    assertThat(harvester.counted(Kind.HISTOGRAM, "sky>overflow")).isEqualTo(100);
    assertThat(harvester.stat(ClientCounter.OVER_LIMIT)).isGreaterThanOrEqualTo(600);
    assertThat(harvester.core.stats().series()).isEqualTo(13);
  }

  @Test
  void shouldForgetIdleSeriesAndMakeRoomForOthers() {
    Counter bound = sky.bindCounter("bound");
    bound.increment();
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 8; i++) {
        sky.counter("r" + round + "k" + i);
        sky.counterIn("r" + round + "k", i + "");
      }
      pass(Duration.ofMinutes(15));
    }
    assertThat(harvester.core.stats().series()).isEqualTo(2);
    bound.increment();
    sky.counter("r0k0");
    harvester.take();
    assertThat(harvester.counted("bound")).isEqualTo(2);
    assertThat(harvester.counted("r0k0")).isEqualTo(2);
    // The limit of 10 was met in each round: 9 found place, 7 counted in sky>overflow.
    assertThat(harvester.core.stats().acceptedCounts()).isEqualTo(5 * 16 + 3);
    assertThat(harvester.stat(ClientCounter.SERIES_RETIRED)).isPositive();
  }

  @Test
  void shouldForgetIdleSeriesThatThreadsShare() {
    Harvester shared = new Harvester(new SkyBuilder().sharedTableOnly(true).keyLimit(100));
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 20; i++) {
        shared.sky.counter("r" + round + "k" + i);
        shared.sky.counterIn("p" + round, i);
        shared.sky.gauge("g" + round + "k" + i, i);
      }
      for (int i = 0; i < 15; i++) {
        shared.clock.advance(Duration.ofMinutes(1));
        shared.take();
      }
    }
    assertThat(shared.core.stats().series()).isZero();
    assertThat(shared.core.stats().acceptedCounts()).isEqualTo(20 * 60);
    shared.sky.counterIn("p0", 1);
    shared.take();
    assertThat(shared.counted("p0|1")).isEqualTo(2);
  }

  @Test
  void shouldKeepARetiredSourceForAMinuteThoughHarvestedOften() {
    sky.counter("a");
    harvester.take();
    harvester.clock.advance(Duration.ofMinutes(11));
    for (int i = 0; i < 10; i++) {
      harvester.take();
    }
    assertThat(harvester.stat(ClientCounter.SERIES_RETIRED)).isEqualTo(1);
    assertThat(harvester.core.stats().series()).isEqualTo(1);
    pass(Duration.ofMinutes(2));
    assertThat(harvester.core.stats().series()).isZero();
  }

  private void pass(Duration time) {
    harvester.take();
    for (int i = 0; i < time.toMinutes(); i++) {
      harvester.clock.advance(Duration.ofMinutes(1));
      harvester.take();
    }
  }

  @Test
  void shouldGoOnWithTheTablesOfThreadsThatEnded() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      Thread thread =
          new Thread(
              () -> {
                sky.counter("a");
                sky.histogram("a", 1);
              });
      thread.start();
      thread.join();
    }
    harvester.take();
    assertThat(harvester.counted("a")).isEqualTo(100);
    assertThat(harvester.counted(Kind.HISTOGRAM, "a")).isEqualTo(100);
    assertThat(harvester.core.registry().entries()).hasSize(2);
    for (Entry entry : harvester.core.registry().entries()) {
      assertThat(entry.count()).as("sources of %s", entry.kind).isEqualTo(1);
    }
  }

  @Test
  void shouldBoundScopes() {
    for (int i = 0; i < 1_500; i++) {
      sky.scope("s" + i).counter("a");
    }
    assertThat(harvester.stat(ClientCounter.REFUSED_SCOPE)).isEqualTo(501);
    assertThat(sky.scope("s1")).isSameAs(sky.scope("s1"));
  }

  @Test
  void shouldTimeInMilliseconds() {
    Timer timer = sky.timer("t");
    timer.close();
    timer.close();
    sky.bindHistogram("t").start().close();
    harvester.take();
    assertThat(harvester.counted(Kind.HISTOGRAM, "t")).isEqualTo(2);
  }
}
