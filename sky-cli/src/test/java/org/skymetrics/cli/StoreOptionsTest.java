package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.Converters;
import org.skymetrics.store.redis.RedisOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class StoreOptionsTest {
  /** Something that has these options. */
  @Command
  private static final class Holder {
    @Mixin final StoreOptions store = new StoreOptions();
  }

  private static RedisOptions redis(String... arguments) {
    Holder holder = new Holder();
    CommandLine command = new CommandLine(holder);
    Converters.register(command);
    command.parseArgs(arguments);
    RedisOptions redis = holder.store.redisOptions();
    assertThat(redis).isNotNull();
    return redis;
  }

  @Test
  void shouldSayHowRedisIsReached() {
    RedisOptions redis =
        redis(
            "--redis=sentinel://a:1,b:2/sky",
            "--redis-user=me",
            "--redis-password=secret",
            "--redis-sentinel-user=watch",
            "--redis-sentinel-password=hush",
            "--redis-tls");
    assertThat(redis.toString()).isEqualTo("Redis (TLS) at sentinel://a:1,b:2/sky");
    assertThat(redis.login()).isEqualTo(new RedisOptions.Login("me", "secret"));
    assertThat(redis.sentinelLogin()).isEqualTo(new RedisOptions.Login("watch", "hush"));
    assertThat(redis("--redis=a:1").tls()).isNull();
    assertThat(redis("--redis=a:1", "--redis-password=p").login().user()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "--redis-user=me, --redis-user needs a --redis-password",
    "--redis-sentinel-user=me, --redis-sentinel-user needs a --redis-sentinel-password",
    "--redis-cert=c.pem, a certificate and its key go together",
    "--redis-ca=/no/such/file, /no/such/file can't be read",
  })
  void shouldSayWhatIsMissing(String option, String sentence) {
    assertThatThrownBy(() -> redis("--redis=a:1", option))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(sentence);
  }
}
