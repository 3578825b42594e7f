package org.skymetrics.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.skymetrics.cli.settings.Converters.Members;
import org.skymetrics.common.ring.Member;

final class ConvertersTest {
  @Test
  void shouldReadLengthsOfTime() {
    assertThat(Converters.duration("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(Converters.duration("10s")).isEqualTo(Duration.ofSeconds(10));
    assertThat(Converters.duration("10")).isEqualTo(Duration.ofSeconds(10));
    assertThat(Converters.duration("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThat(Converters.duration("1h")).isEqualTo(Duration.ofHours(1));
    assertThat(Converters.duration("7d")).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void shouldSayWhatALengthOfTimeIs() {
    for (String text : new String[] {"", "s", "-5s", "5 s", "1y", "99999999999s"}) {
      assertThatThrownBy(() -> Converters.duration(text))
          .hasMessage("a length of time is 500ms, 10s, 5m, 1h or 7d, not \"" + text + "\"");
    }
  }

  @Test
  void shouldReadAddresses() {
    assertThat(HostPort.parse("127.0.0.1:8125")).isEqualTo(new HostPort("127.0.0.1", 8125));
    assertThat(HostPort.parse("[::1]:0")).isEqualTo(new HostPort("::1", 0)).hasToString("[::1]:0");
  }

  @Test
  void shouldSayWhatAnAddressIs() {
    for (String text :
        new String[] {"", "8125", ":8125", "a:", "a:b", "a:-1", "a:65536", "::1:5"}) {
      assertThatThrownBy(() -> HostPort.parse(text))
          .as(text)
          .hasMessage("an address is HOST:PORT (127.0.0.1:8125, [::1]:8125), not \"" + text + "\"");
    }
  }

  @Test
  void shouldReadARing() {
    assertThat(Members.parse("a:1, b:2/9").list())
        .containsExactly(Member.parse("a:1"), Member.parse("b:2/9"));
    assertThatThrownBy(() -> Members.parse(" , ")).hasMessageContaining("parted by commas");
  }

  @Test
  void shouldFindTheNearestName() {
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.of("shard", java.util.List.of("udp", "shards", "period")))
        .contains("shards");
    assertThat(NearestName.of("x", java.util.List.of())).isEmpty();
  }
}
