package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.redis.RedisAddress.Cluster;
import org.skymetrics.store.redis.RedisAddress.Node;
import org.skymetrics.store.redis.RedisAddress.Single;
import org.skymetrics.store.redis.RedisAddress.Watched;
import org.skymetrics.store.redis.RedisOptions.Login;

class RedisOptionsTest {
  @Test
  void shouldReadHostAndPort() {
    RedisOptions options = RedisOptions.parse("redis.example:6379");
    assertThat(options.address()).isEqualTo(new Single(new Node("redis.example", 6379)));
    assertThat(RedisOptions.parse("redis://redis.example:6379")).isEqualTo(options);
    RedisOptions v6 = RedisOptions.parse("[::1]:1");
    assertThat(v6.address()).isEqualTo(new Single(new Node("::1", 1))).hasToString("[::1]:1");
    RedisOptions all =
        v6.withUser("sky", "secret")
            .withSentinelLogin(new Login("watch", "hush"))
            .withConnectTimeout(Duration.ofMillis(5))
            .withCallTimeout(Duration.ofMillis(6))
            .withPoolSize(2);
    assertThat(all.login().user()).isEqualTo("sky");
    assertThat(all.sentinelLogin().password()).isEqualTo("hush");
    assertThat(all.callTimeout()).isEqualTo(Duration.ofMillis(6));
    assertThat(all.toString()).isEqualTo("Redis at [::1]:1");
    assertThat(all.login().toString() + all.sentinelLogin()).doesNotContain("secret", "hush");
  }

  @Test
  void shouldReadSentinelsAndClusters() {
    RedisOptions watched = RedisOptions.parse("sentinel://a:26379, [::1]:2/sky-master.1");
    assertThat(watched.address())
        .isEqualTo(new Watched(List.of(new Node("a", 26379), new Node("::1", 2)), "sky-master.1"));
    assertThat(watched.toString()).isEqualTo("Redis at sentinel://a:26379,[::1]:2/sky-master.1");
    RedisOptions cluster = RedisOptions.parse("cluster://a:1,b:2");
    assertThat(cluster.address())
        .isEqualTo(new Cluster(List.of(new Node("a", 1), new Node("b", 2))));
    assertThat(cluster.toString()).isEqualTo("Redis at cluster://a:1,b:2");
    assertThat(cluster.tls()).isNull();
    RedisOptions tls = RedisOptions.parse("rediss://a:1");
    assertThat(tls.tls()).isNotNull();
    assertThat(tls.toString()).isEqualTo("Redis (TLS) at a:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        ":1",
        "host:",
        "host:0",
        "host:65536",
        "::1:1",
        "h:1:2",
        "h:x",
        "h:1,h:2",
        "http://h:1",
        "sentinel://h:1",
        "sentinel://h:1/",
        "sentinel://h:1/a/b",
        "cluster://h:1,",
        "cluster://h:1/0"
      })
  void shouldSayWhatWouldBeRight(String text) {
    assertThatThrownBy(() -> RedisOptions.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT")
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void shouldNotRepeatAPasswordInAnAddress() {
    assertThatThrownBy(() -> RedisOptions.parse("redis://sky:secret@h:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password")
        .hasMessageNotContaining("secret");
  }

  @Test
  void shouldRefuseNonsense() {
    RedisOptions options = RedisOptions.parse("h:1");
    assertThatThrownBy(() -> options.withPoolSize(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Login("user", null)).isInstanceOf(IllegalArgumentException.class);
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
          ERR This instance has cluster support disabled; OTHER
          NOREPLICAS Not enough good replicas to write.; REFUSES_WRITES
          ERR unknown command; OTHER
          """)
  void shouldKnowWhatAnErrorMeans(String message, Fault fault) {
    assertThat(RedisFaults.answered("Redis at h:1", new Exception(message)))
        .hasMessageStartingWith("Redis at h:1 ")
        .hasMessageContaining(message)
        .extracting(e -> e.fault())
        .isEqualTo(fault);
  }
}
