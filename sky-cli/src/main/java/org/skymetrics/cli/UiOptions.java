package org.skymetrics.cli;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.SkyServer;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.SkyUi;
import org.skymetrics.ui.UiConfig;
import org.skymetrics.ui.count.Reading;
import picocli.CommandLine.Option;

/** Where the HTTP API is served. */
final class UiOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8180",
      description = "Where the HTTP API is served. Port 0: any free one. Default: ${DEFAULT-VALUE}")
  private HostPort http = new HostPort("127.0.0.1", 8180);

  @Option(
      names = "--keys-live",
      paramLabel = "TIME",
      defaultValue = "7d",
      description =
          "How long a key stays in the tree of keys after it was last seen; search finds it ever"
              + " after. Default: ${DEFAULT-VALUE}")
  private Duration keysLive = Duration.ofDays(7);

  HostPort http() {
    return http;
  }

  /**
   * Starts the HTTP API.
   *
   * @param members the servers that are asked for what history does not have yet
   * @param secrets what they are shown a token of; null for none
   */
  SkyUi start(
      HostPort at,
      boolean allowUnsealed,
      Stores stores,
      Layout layout,
      List<Member> members,
      @Nullable Supplier<Secrets> secrets,
      Supplier<List<Reading>> moreReadings) {
    InetSocketAddress address = at.resolve();
    if (!allowUnsealed && !address.getAddress().isLoopbackAddress()) {
      throw CommandFailure.usage(
          "--http is "
              + at
              + ", and who reaches it can read all: only loopback (127.0.0.1, [::1]) is bound, unless"
              + " --allow-unsealed says that the network is trusted");
    }
    UiConfig config =
        UiConfig.builder()
            .http(address)
            .layout(layout)
            .members(members)
            .keysLive(keysLive)
            .secrets(secrets)
            .moreReadings(moreReadings)
            .build();
    try {
      return SkyUi.start(config, stores.periods(), stores.history(), Clock.system());
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandFailure.failed(String.valueOf(cause.getMessage()), e);
    }
  }

  /** A server of this process, as a reader in the same process reaches it. */
  static Member near(SkyServer server) {
    InetSocketAddress admin = server.adminAddress();
    InetAddress host =
        admin.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : admin.getAddress();
    return new Member(
        server.member().name(),
        host.getHostAddress(),
        server.udpAddress().getPort(),
        admin.getPort());
  }

  /** What a start message says of it. */
  static String line(SkyUi ui) {
    return "HTTP API  http://" + HostPort.of(ui.address());
  }
}
