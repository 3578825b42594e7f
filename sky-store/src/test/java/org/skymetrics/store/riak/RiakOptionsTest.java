package org.skymetrics.store.riak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skymetrics.store.riak.RiakOptions.Node;

final class RiakOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "riak1:8087, riak1, 8087",
    "riak1, riak1, 8087",
    "10.0.0.1:1, 10.0.0.1, 1",
    "[::1]:8087, ::1, 8087",
    "[fe80::1], fe80::1, 8087",
    "fe80::1, fe80::1, 8087",
    "' a.b.example:65535 ', a.b.example, 65535"
  })
  void shouldReadAnAddress(String text, String host, int port) {
    assertThat(RiakOptions.parse(text).nodes()).containsExactly(new Node(host, port));
  }

  @Test
  void shouldReadSeveralAddressesAndWriteThemTheSame() {
    RiakOptions options = RiakOptions.parse("a:1, [::1]:2,c");
    assertThat(options.nodes().stream().map(Node::toString))
        .containsExactly("a:1", "[::1]:2", "c:8087");
    assertThat(options.bucket()).isEqualTo("sky");
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "a:",
    "a:x",
    ":1",
    "a:0",
    "a:65536",
    "a:-1",
    "a b:1",
    "[::1:1",
    "[::1]x:1",
    "a/b"
  })
  void shouldRefuseWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> RiakOptions.parse("good:1," + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("HOST:PORT,HOST:PORT");
  }

  @Test
  void shouldNameAllFaultsAtOnce() {
    RiakOptions good = RiakOptions.parse("a");
    assertThatThrownBy(
            () -> new RiakOptions(good.nodes(), " ", Duration.ZERO, Duration.ofDays(1), 4, 5, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket")
        .hasMessageContaining("the timeout is 10 ms to 1 h, not PT0S")
        .hasMessageContaining("the connect timeout is 10 ms to 1 h, not PT24H")
        .hasMessageContaining("puts in flight are 1 to 4");
  }
}
