package org.skymetrics.server.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.TestRing;

/** When the engine seals, and how much it asks of clients. */
class EngineTest {
  @Test
  void shouldSealTwoSecondsAfterEachPeriodsEnd() {
    TestRing ring = TestRing.of(1);
    int sealed = 0;
    for (int ms = 0; ms < 180_000; ms += 100) {
      ring.engine.tick();
      ring.runAll();
      long now = (int) ring.counter(ServerCounter.SEGMENTS_SEALED);
      if (now > sealed) {
        assertThat(ring.clock.wallMs() % 60_000).isEqualTo(2_000);
      }
      sealed = (int) now;
      ring.clock.advance(Duration.ofMillis(100));
    }
    assertThat(sealed).isEqualTo(3);
  }

  @Test
  void shouldSealWhenTheClockIsStepped() {
    SealSchedule schedule =
        new SealSchedule(Period.ONE_MINUTE, Duration.ofSeconds(2), TestRing.START_MS);
    assertThat(schedule.isDue(TestRing.START_MS)).isFalse();
    assertThat(schedule.isDue(TestRing.START_MS + 3_600_000)).isTrue();
    assertThat(schedule.isDue(TestRing.START_MS + 3_600_000)).isFalse();
    assertThat(schedule.isDue(TestRing.START_MS)).isTrue();
  }

  @Test
  void shouldSealEarlyWhatManyPeriodsMakeTooLarge() {
    TestRing ring = new TestRing(1, 1, b -> b.keyLimit(10));
    DataPackets lane = new DataPackets(1, ring.open(0, TestRing.address(1), 1, 1, 0).lane());
    for (int i = 0; i < 22; i++) {
      ring.receive(
          0, TestRing.address(1), lane.packet(i * 60_000L, w -> w.addCounter(Key.of("a"), 1)));
      ring.engine.tick();
      ring.runAll();
    }
    assertThat(ring.counter(ServerCounter.SEGMENTS_SEALED_EARLY)).isEqualTo(1);
    assertThat(ring.counter(ServerCounter.OVERFLOW_RECORDS)).isZero();
  }
}
