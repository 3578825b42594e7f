package org.skymetrics.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.server.statsd.Dialect;

class ServerConfigTest {
  @Test
  void shouldHoldTheDefaults() {
    ServerConfig config = ServerConfig.builder().build();
    assertThat(config.udp().getPort()).isEqualTo(8125);
    assertThat(config.udp().getAddress().isLoopbackAddress()).isTrue();
    assertThat(config.admin().getPort()).isEqualTo(8126);
    assertThat(config.threads()).isBetween(1, 4);
    assertThat(config.flushDelay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.lateHorizon()).isEqualTo(Duration.ofHours(24));
    assertThat(config.keyLimit()).isEqualTo(1_000_000);
    assertThat(config.sessionKeyLimit()).isEqualTo(500_000);
    assertThat(config.sessionPackets()).isEqualTo(50_000);
  }

  @Test
  void shouldNameAllFaultsAtOnce() {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .name("")
            .udp("8125")
            .admin("127.0.0.1:99999")
            .threads(0)
            .flushDelay(Duration.ofMinutes(2))
            .keyLimit(0)
            .advertise("nowhere:0");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .matches(message -> message.lines().count() == 7)
        .contains("udp=8125")
        .contains("admin=127.0.0.1:99999")
        .contains("threads=0")
        .contains("advertise=nowhere:0");
  }

  @Test
  void shouldBindOnlyLoopbackWithoutASecret() {
    assertThatThrownBy(ServerConfig.builder().udp("192.0.2.1:8125")::build)
        .hasMessageContaining("udp=192.0.2.1:8125")
        .hasMessageContaining("allow-unsealed");
    assertThatThrownBy(ServerConfig.builder().admin("192.0.2.1:8126")::build)
        .hasMessageContaining("admin=192.0.2.1:8126")
        .hasMessageContaining("secret-file");
    assertThat(ServerConfig.builder().udp("192.0.2.1:8125").allowUnsealed(true).build().udp())
        .hasToString("/192.0.2.1:8125");
  }

  @Test
  void shouldBindAnyAddressWithASecret(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("secret");
    Files.writeString(file, "0f".repeat(32));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    ServerConfig config =
        ServerConfig.builder()
            .udp("192.0.2.1:8125")
            .admin("192.0.2.1:8126")
            .secretFile(file)
            .build();
    assertThat(config.secrets().get().all()).hasSize(1);
    assertThatThrownBy(
            ServerConfig.builder()
                    .udp("192.0.2.1:8125")
                    .secretFile(file)
                    .statsd(List.of("192.0.2.1:9125=statsd"))
                ::build)
        .as("text is not sealed")
        .hasMessageContaining("statsd=192.0.2.1:9125=statsd: text is taken from this machine only");
    assertThatThrownBy(ServerConfig.builder().keyLimit(0).secretFile(folder.resolve("none"))::build)
        .hasMessageContaining("secret-file=")
        .hasMessageContaining("is not there")
        .hasMessageContaining("key-limit=0");
  }

  @Test
  void shouldWantAnAddressToTellWhereAllAreBound() {
    ServerConfig.Builder builder = ServerConfig.builder().udp("0.0.0.0:8125").allowUnsealed(true);
    assertThatThrownBy(builder::build).hasMessageContaining("advertise");
    assertThat(builder.advertise("sky.example:9125").build().advertise())
        .isEqualTo("sky.example:9125");
  }

  @Test
  void shouldReadIpv6Addresses() {
    assertThat(ServerConfig.builder().udp("[::1]:8125").build().udp().getPort()).isEqualTo(8125);
    assertThatThrownBy(ServerConfig.builder().udp("::1:8125")::build)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void shouldReadListenersOfText() {
    ServerConfig config =
        ServerConfig.builder()
            .statsd(List.of("127.0.0.1:8125=dogstatsd", "0.0.0.0:9125=statsd"))
            .statsdFrom(List.of("10.0.0.0/8"))
            .build();
    assertThat(config.text().dialectAt(config.udp())).isEqualTo(Dialect.DOGSTATSD);
    assertThat(config.text().besides(config.udp()))
        .singleElement()
        .satisfies(listener -> assertThat(listener.address().getPort()).isEqualTo(9125));
    ServerConfig defaults = ServerConfig.builder().build();
    assertThat(defaults.text().dialectAt(defaults.udp())).isEqualTo(Dialect.STATSD);
  }

  @Test
  void shouldNameAllFaultsOfTextAtOnce() {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .admin("127.0.0.1:8125")
            .statsd(
                List.of(
                    "127.0.0.1:1=graphite",
                    "127.0.0.1:2",
                    "nowhere=statsd",
                    "192.0.2.1:3=statsd",
                    "127.0.0.1:4=statsd",
                    "127.0.0.1:4=dogstatsd"))
            .statsdFrom(List.of("10.0.0.0/33"))
            .statsdConnections(0)
            .statsdIdle(Duration.ZERO);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .matches(message -> message.lines().count() == 9)
        .contains("admin=127.0.0.1:8125")
        .contains("statsd=127.0.0.1:1=graphite")
        .contains("statsd=192.0.2.1:3=statsd")
        .contains("statsd-from=10.0.0.0/33")
        .contains("statsd-connections=0");
  }
}
