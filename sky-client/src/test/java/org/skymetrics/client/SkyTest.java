package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SkyTest {
  @Test
  void shouldDoNothingWhenDisabled() {
    Sky sky = Sky.disabled();
    sky.counter("a");
    sky.counter(null);
    sky.counterIn("a", 1);
    sky.gauge("g", Double.NaN);
    sky.histogram("h", 1);
    sky.timer("t").close();
    sky.bindCounter("a").increment();
    sky.bindGauge("a").set(1);
    sky.bindHistogram("a").start().close();
    assertThat(sky.scope("x")).isSameAs(sky);
    assertThat(sky.awaitAcknowledged(Duration.ofHours(1))).isTrue();
    assertThat(sky.stats().acceptedCounts()).isZero();
    assertThat(sky.stats().get(ClientCounter.REFUSED_NO_KEY)).isZero();
    sky.close();
  }

  @Test
  void shouldBeDisabledWithoutServers() {
    assertThat(Sky.from(Map.of())).isSameAs(Sky.disabled());
    assertThat(Sky.from(Map.of("SKY_RING", " "))).isSameAs(Sky.disabled());
    assertThat(Sky.from(Map.of("SKY_RING", "no address"))).isSameAs(Sky.disabled());
    assertThat(Sky.connect(" , ")).isSameAs(Sky.disabled());
    assertThat(Sky.connect(null)).isSameAs(Sky.disabled());
  }

  @Test
  void shouldCountNothingWhereItsSecretCanNotBeUsed() {
    Map<String, String> environment =
        Map.of("SKY_RING", "127.0.0.1:1", "SKY_SECRET_FILE", "no such file");
    assertThat(Sky.from(environment)).as("never unsealed").isSameAs(Sky.disabled());
    SkyBuilder builder = Sky.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.secret("c2hvcnQ="))
        .withMessage("the secret has 5 bytes; a secret has at least 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.secretFile(Path.of("no such file")))
        .withMessageContaining("is not there");
  }

  @Test
  void shouldRefuseNonsense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sky.connect("host"))
        .withMessageContaining("HOST:UDPPORT");
    SkyBuilder builder = Sky.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.flushInterval(Duration.ofMillis(9)))
        .withMessageContaining("PT0.01S to PT1M");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.closeTimeout(Duration.ofSeconds(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.retireAfter(Duration.ofSeconds(59)));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.keyLimit(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.packetBudget(65_535));
  }

  @Test
  void shouldRecordForTests() {
    Recording recording = Sky.recording();
    Sky sky = recording.sky();
    sky.counter("orders|paid", 2);
    sky.counterIn("orders", "open");
    sky.scope("app").gauge("load", 0.5);
    recording.clock().advance(Duration.ofMinutes(2));
    sky.scope("app").gauge("load", 0.7);
    for (int i = 1; i <= 100; i++) {
      sky.histogram("ms", i);
    }
    assertThat(recording.count("orders|paid")).isEqualTo(2);
    assertThat(recording.count("orders")).isEqualTo(3);
    assertThat(recording.count("nothing")).isZero();
    assertThat(recording.gauge("app>load")).isEqualTo(0.7);
    assertThat(recording.gauge("nothing")).isNaN();
    assertThat(recording.samples("ms")).isEqualTo(100);
    assertThat(recording.quantile("ms", 0.5)).isBetween(49.5, 50.5);
    assertThat(recording.quantile("nothing", 0.5)).isNaN();
    sky.counter("orders|paid");
    assertThat(recording.count("orders")).isEqualTo(4);
    assertThat(sky.awaitAcknowledged(Duration.ZERO)).isTrue();
    sky.close();
  }

  @Test
  void shouldThrowWhereItIsStrict() {
    Sky sky = Sky.recording().strict().sky();
    sky.counter("good|key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sky.counter("bad||key"))
        .withMessageContaining("bad||key");
    assertThatIllegalArgumentException().isThrownBy(() -> sky.gauge("g", Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> sky.counter(null));
  }

  @Test
  void shouldDescribeEachOfItsCounters() {
    for (ClientCounter counter : ClientCounter.values()) {
      assertThat(counter.description()).isNotBlank();
    }
  }
}
