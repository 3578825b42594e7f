package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.Period;

class PlacedCounterTest {
  private final long[] totals = new long[8];

  private static Relay relay(Harvester of) {
    return Relay.of(of.sky, Period.ONE_MINUTE);
  }

  private PlacedCounter count(Relay relay, String key, long n, int index) {
    return Objects.requireNonNull(relay.count(key, n, totals, index));
  }

  @Test
  void shouldCountWhatIsAddedToItsTotalAndWhatElseIsCountedInItsName() {
    Harvester harvester = new Harvester(new SkyBuilder());
    PlacedCounter counter = count(relay(harvester), "a", 3, 5);
    harvester.take();
    PlacedCounter.add(totals, 5, 4);
    harvester.sky.counter("a", 10);
    harvester.take();
    assertThat(harvester.counted("a")).isEqualTo(17);
    assertThat(harvester.core.stats().acceptedCounts()).isEqualTo(17);
    assertThat(totals).containsExactly(0, 0, 0, 0, 0, 7, 0, 0);
    assertThat(counter.hasEnded()).isFalse();
  }

  @Test
  void shouldEndWhenIdleAndStillCountWhatComesTooLate() {
    Harvester harvester = new Harvester(new SkyBuilder().retireAfter(Duration.ofMinutes(5)));
    Relay relay = relay(harvester);
    PlacedCounter counter = count(relay, "a", 1, 0);
    harvester.take();
    long before = relay.retirements();
    harvester.clock.advance(Duration.ofMinutes(6));
    harvester.take();
    assertThat(counter.hasEnded()).isTrue();
    assertThat(relay.retirements()).isNotEqualTo(before);
    PlacedCounter.add(totals, 0, 2);
    PlacedCounter next = count(relay, "a", 4, 1);
    for (int i = 0; i < 4; i++) {
      harvester.clock.advance(Duration.ofSeconds(30));
      harvester.take();
    }
    assertThat(next.hasEnded()).isFalse();
    assertThat(harvester.counted("a")).isEqualTo(7);
    assertThat(harvester.core.stats().acceptedCounts()).isEqualTo(7);
  }

  @Test
  void shouldCountAsAnyPastTheLimitOfKeys() {
    Harvester harvester = new Harvester(new SkyBuilder().keyLimit(1));
    Relay relay = relay(harvester);
    count(relay, "a", 1, 0);
    assertThat(relay.count("a|b", 2, totals, 1)).isNull();
    assertThat(relay.count("", 2, totals, 1)).isNull();
    harvester.take();
    assertThat(harvester.counted("a")).isEqualTo(3);
    assertThat(harvester.counted("sky>overflow")).isEqualTo(2);
    assertThat(totals[1]).isZero();
  }
}
