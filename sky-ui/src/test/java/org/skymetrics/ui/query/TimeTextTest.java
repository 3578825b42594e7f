package org.skymetrics.ui.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeTextTest {
  private static final long NOW_MS = 1_700_000_123_456L;

  @Test
  void shouldReadInstants() {
    assertThat(TimeText.instantMs("from", "now", NOW_MS)).isEqualTo(NOW_MS);
    assertThat(TimeText.instantMs("from", "-90s", NOW_MS)).isEqualTo(NOW_MS - 90_000);
    assertThat(TimeText.instantMs("from", "-1h", NOW_MS)).isEqualTo(NOW_MS - 3_600_000);
    assertThat(TimeText.instantMs("from", "-7d", NOW_MS)).isEqualTo(NOW_MS - 604_800_000L);
    assertThat(TimeText.instantMs("from", "-2w", NOW_MS)).isEqualTo(NOW_MS - 1_209_600_000L);
    assertThat(TimeText.instantMs("from", "1700000000", NOW_MS)).isEqualTo(1_700_000_000_000L);
    assertThat(TimeText.instantMs("from", "0", NOW_MS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yesterday",
        "-1",
        "-h",
        "1h",
        "--1h",
        "+1h",
        "-1.5h",
        "1e9",
        "-1y",
        "NOW",
        "-1h ",
        "-99999999999h",
        "-9999999999w",
        "1700000000000",
        "9999999999999999999999",
        "0x10",
        "-0x1h",
        "\u0661\u0662"
      })
  void shouldRefuseOtherInstantsWithASentence(String text) {
    assertThatThrownBy(() -> TimeText.instantMs("from", text, NOW_MS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("from");
  }

  @ParameterizedTest
  @CsvSource({"10s,10", "1m,60", "5m,300", "1h,3600", "1d,86400", "1w,604800", "60,60"})
  void shouldReadDurations(String text, long seconds) {
    assertThat(TimeText.durationMs("resolution", text)).isEqualTo(seconds * 1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0m", "m", "-1m", "1.5m", "1 m", "1M", "99999999999m"})
  void shouldRefuseOtherDurationsWithASentence(String text) {
    assertThatThrownBy(() -> TimeText.durationMs("resolution", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10s, 1m, 5m, 1h or 1d");
  }

  @Property
  void shouldReadBackWhatItWrites(@ForAll int n) {
    long ms = (Math.abs((long) n) % 1_000_000 + 1) * 1000;
    assertThat(TimeText.durationMs("d", TimeText.duration(ms))).isEqualTo(ms);
  }

  @Property
  void shouldReadAnythingOrSaySo(@ForAll String text) {
    try {
      assertThat(TimeText.instantMs("from", text, NOW_MS)).isNotNegative();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
    }
  }
}
