package org.skymetrics.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.ManualClock;

class RestTest {
  private final ManualClock clock = new ManualClock(0);
  private final List<Long> slept = new ArrayList<>();
  private final Rest rest =
      new Rest(
          clock,
          ns -> {
            slept.add(ns);
            clock.advance(Duration.ofNanos(ns));
          });

  @BeforeEach
  void begin() {
    rest.setBuffer(4 << 20);
  }

  private void read(int packets) {
    for (int i = 0; i < packets; i++) {
      rest.tookPacket();
    }
    rest.afterReading();
  }

  @Test
  void shouldRestWhilePacketsComeOften() {
    read(1);
    clock.advance(Duration.ofMillis(5));
    read(1);
    clock.advance(Duration.ofNanos(300_000));
    read(20);
    assertThat(slept).containsExactly(2_000_000L, 2_000_000L);
  }

  @Test
  void shouldNotRestWhileThereMayBeMore() {
    read(32);
    assertThat(slept).isEmpty();
    read(3);
    assertThat(slept).hasSize(1);
  }

  @Test
  void shouldRestNoLongerThanTheBufferHolds() {
    rest.setBuffer(1 << 20);
    read(1);
    assertThat(slept).containsExactly(524_000L);
    rest.setBuffer(212_992);
    read(1);
    assertThat(slept).hasSize(1);
  }
}
