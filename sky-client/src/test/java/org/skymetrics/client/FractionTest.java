package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FractionTest {
  private final Recording recording = Sky.recording();
  private final Sky sky = recording.sky();

  @Test
  void shouldCountWhatIsNotWholeBesideWhatIs() {
    sky.counter("a|b", 0.25);
    sky.counter("a|b", 3);
    sky.counter("a|b", -1.5);
    sky.counter("a|b", 2.0);
    assertThat(recording.sum("a|b")).isEqualTo(3.75);
    assertThat(recording.sum("a")).isEqualTo(3.75);
    sky.counter("a|b", 0.25);
    assertThat(recording.sum("a")).isEqualTo(4);
  }

  @Test
  void shouldKeepTheWholePartExactBesideAFraction() {
    sky.counter("large", 0.5);
    sky.counter("large", Long.MAX_VALUE - 7);
    assertThat(recording.count("large")).isEqualTo(Long.MAX_VALUE - 7);
  }

  @Test
  void shouldRefuseWhatIsNotFinite() {
    sky.counter("a", Double.NaN);
    sky.histogram("h", Double.POSITIVE_INFINITY, 3);
    assertThat(sky.stats().get(ClientCounter.REFUSED_NOT_FINITE)).isEqualTo(2);
    assertThatThrownBy(() -> Sky.recording().strict().sky().counter("a", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(recording.sum("a")).isZero();
  }

  @Test
  void shouldTakeASampleThatStandsForMany() {
    sky.histogram("ms", 10, 3);
    sky.histogram("ms", 20);
    sky.histogram("ms", 30, 0);
    assertThat(recording.samples("ms")).isEqualTo(4);
    assertThat(recording.quantile("ms", 0.75)).isCloseTo(10, within(0.05));
    assertThat(sky.stats().acceptedCounts()).isEqualTo(4);
  }

  @Test
  void shouldLoseNoFractionWhileThreadsAndTheHarvestRace() throws InterruptedException {
    Sky shared = recording.sky();
    int threads = 4;
    int each = 20_000;
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  shared.counter("raced", 1.25);
                }
              });
      all.add(thread);
      thread.start();
    }
    for (Thread thread : all) {
      while (thread.isAlive()) {
        assertThat(recording.sum("raced")).isLessThanOrEqualTo(threads * each * 1.25);
      }
      thread.join();
    }
    assertThat(recording.sum("raced")).isEqualTo(threads * each * 1.25);
  }
}
