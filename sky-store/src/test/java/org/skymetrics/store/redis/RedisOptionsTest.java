package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.store.StoreException.Fault;

class RedisOptionsTest {
  @Test
  void shouldReadHostAndPort() {
    RedisOptions options = RedisOptions.parse("redis.example:6379");
    assertThat(options.host()).isEqualTo("redis.example");
    assertThat(options.port()).isEqualTo(6379);
    RedisOptions v6 = RedisOptions.parse("[::1]:1");
    assertThat(v6.host()).isEqualTo("::1");
    assertThat(v6.address()).isEqualTo("[::1]:1");
    RedisOptions all =
        v6.withUser("sky", "secret")
            .withConnectTimeout(Duration.ofMillis(5))
            .withCallTimeout(Duration.ofMillis(6))
            .withPoolSize(2);
    assertThat(all.user()).isEqualTo("sky");
    assertThat(all.callTimeout()).isEqualTo(Duration.ofMillis(6));
    assertThat(all.toString()).isEqualTo("Redis at [::1]:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "host", ":1", "host:", "host:0", "host:65536", "::1:1", "h:1:2", "h:x"})
  void shouldSayWhatWouldBeRight(String text) {
    assertThatThrownBy(() -> RedisOptions.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void shouldRefuseNonsense() {
    RedisOptions options = RedisOptions.parse("h:1");
    assertThatThrownBy(() -> options.withPoolSize(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withCallTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          OOM command not allowed when used memory > 'maxmemory'.; REFUSES_WRITES
          ERR Error running script (call to f_12): @user_script:9: -OOM command not allowed; REFUSES_WRITES
          READONLY You can't write against a read only replica.; REFUSES_WRITES
          MISCONF Errors writing to the AOF file: No space left on device; REFUSES_WRITES
          NOAUTH Authentication required.; NOT_ALLOWED
          ERR AUTH <password> called without any password configured; NOT_ALLOWED
          WRONGTYPE Operation against a key holding the wrong kind of value script: a, on @user_script:1.; FOREIGN_CONTENT
          ERR Error running script (call to f_12): @user_script:6: WRONGTYPE Operation against; FOREIGN_CONTENT
          LOADING Redis is loading the dataset in memory; UNAVAILABLE
          MOVED 3999 127.0.0.1:6381; OTHER
          ERR unknown command; OTHER
          """)
  void shouldKnowWhatAnErrorMeans(String message, Fault fault) {
    assertThat(RedisFaults.answered(RedisOptions.parse("h:1"), new Exception(message)))
        .hasMessageStartingWith("Redis at h:1 ")
        .hasMessageContaining(message)
        .extracting(e -> e.fault())
        .isEqualTo(fault);
  }
}
