package org.skymetrics.server.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.server.count.Offenders.Offence;
import org.skymetrics.server.count.Offenders.Offender;

class OffendersTest {
  private final ManualClock clock = new ManualClock(1_000);
  private final Offenders offenders = new Offenders(clock);

  private void newKey(long session, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    offenders.newKey(session, bytes, bytes.length);
  }

  @Test
  void shouldNameWhoDidWhatAndWhen() {
    newKey(0xabcL, "bomb|1");
    newKey(0xabcL, "bomb>2");
    clock.advance(Duration.ofSeconds(2));
    newKey(0xabcL, "other");
    offenders.add(Offence.OVER_RATE, 0xabcL);
    offenders.badLine("10.0.0.1");
    assertThat(offenders.list())
        .containsExactly(
            new Offender(Offence.BAD_LINES, "10.0.0.1", 1, 3_000, 3_000, Map.of()),
            new Offender(Offence.OVER_RATE, "session 0000000000000abc", 1, 3_000, 3_000, Map.of()),
            new Offender(
                Offence.NEW_KEYS,
                "session 0000000000000abc",
                3,
                1_000,
                3_000,
                Map.of("bomb", 2L, "other", 1L)));
  }

  @Test
  void shouldKeepThoseThatOffendedLastAndTenKeysOfEach() {
    for (int i = 0; i < 1000; i++) {
      newKey(i / 5, "k" + i);
      newKey(7, "first" + i);
    }
    assertThat(offenders.list()).hasSize(Offenders.MAX);
    Offender noisy = offenders.list().get(0);
    assertThat(noisy.who()).isEqualTo(Offenders.nameOf(7));
    assertThat(noisy.times()).isEqualTo(1005);
    assertThat(noisy.keys()).hasSize(Offenders.MAX_KEYS + 1).containsEntry("", 995L);
  }
}
