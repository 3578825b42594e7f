package org.skymetrics.cli;

import com.google.common.net.InetAddresses;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.common.file.PrivateFile;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.SkyServer;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.SkyUi;
import org.skymetrics.ui.UiConfig;
import org.skymetrics.ui.access.Passwords;
import org.skymetrics.ui.access.Tokens;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.members.NearMember;
import picocli.CommandLine.Option;

/** Where the HTTP API is served. */
final class UiOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8180",
      description =
          "Where the page and the HTTP API are served. Port 0: any free one. Default:"
              + " ${DEFAULT-VALUE}")
  private HostPort http = new HostPort("127.0.0.1", 8180);

  @Option(
      names = "--keys-live",
      paramLabel = "TIME",
      defaultValue = "7d",
      description =
          "How long a key stays in the tree of keys after it was last seen; search finds it ever"
              + " after. Default: ${DEFAULT-VALUE}")
  private Duration keysLive = Duration.ofDays(7);

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "Who may log in: lines of user:hash, as sky password and htpasswd -B write them. Without it"
              + " there is no login. It is read again when it changes. Others must not be able to"
              + " read it.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The tokens that scripts may show in place of a login: lines of name:hash, as sky token"
              + " writes them. It is read again when it changes. Others must not be able to read it.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--allow-anonymous",
      description =
          "Bind another address than loopback without a login: for a network in which all may read"
              + " all.")
  private boolean allowAnonymous;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      split = ",",
      description =
          "A name that the server is reached by, besides addresses and localhost; more of them parted"
              + " by commas. Requests with any other Host are refused.")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--trusted-proxy",
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "The address of a proxy, if it is on another machine: who sent what it passes on, and"
              + " whether that came by TLS, is taken from its X-Forwarded headers. More of them"
              + " parted by commas.")
  private List<String> trustedProxies = List.of();

  HostPort http() {
    return http;
  }

  /**
   * Starts the HTTP API.
   *
   * @param members the servers that are asked for what history does not have yet
   * @param leases where they are found instead; null where they are not
   * @param secrets what they are shown a token of; null for none
   */
  SkyUi start(
      HostPort at,
      Stores stores,
      Layout layout,
      List<Member> members,
      Map<String, NearMember> near,
      @Nullable MemberLeases leases,
      @Nullable Supplier<Secrets> secrets,
      Supplier<List<Reading>> moreReadings) {
    InetSocketAddress address = at.resolve();
    refuseToBeOpen(at, address);
    UiConfig config =
        UiConfig.builder()
            .http(address)
            .layout(layout)
            .members(members)
            .near(near)
            .keysLive(keysLive)
            .secrets(secrets)
            .passwords(open("password", passwordFile, Passwords::parse))
            .tokens(tokens())
            .allowedHosts(Set.copyOf(allowedHosts))
            .trustedProxies(proxies())
            .moreReadings(
                () ->
                    Stream.concat(moreReadings.get().stream(), readings(stores.counters()))
                        .toList())
            .build();
    try {
      return SkyUi.start(config, stores.periods(), stores.history(), leases, Clock.system());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--ring: " + e.getMessage());
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandFailure.failed(String.valueOf(cause.getMessage()), e);
    }
  }

  private static Stream<Reading> readings(StoreCounters counters) {
    return counters.snapshot().entrySet().stream()
        .map(
            entry ->
                new Reading(
                    entry.getKey().metric(), entry.getKey().description(), entry.getValue()));
  }

  private void refuseToBeOpen(HostPort at, InetSocketAddress address) {
    if (passwordFile == null && tokenFile != null) {
      throw CommandFailure.usage(
          "--token-file needs --password-file: without a login all may read all, and no token is"
              + " asked for");
    }
    if (passwordFile == null && !allowAnonymous && !address.getAddress().isLoopbackAddress()) {
      throw CommandFailure.usage(
          "--http is "
              + at
              + ", and who reaches it can read all: only loopback (127.0.0.1, [::1]) is bound, unless"
              + " --password-file asks for a login or --allow-anonymous says that all may read all");
    }
  }

  private Supplier<Tokens> tokens() {
    Supplier<Tokens> file = open("token", tokenFile, Tokens::parse);
    return file == null ? () -> Tokens.NONE : file;
  }

  private static <T> @Nullable Supplier<T> open(
      String noun, @Nullable Path path, Function<List<String>, T> parse) {
    try {
      return path == null ? null : PrivateFile.open(noun, path, parse);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--" + noun + "-file: " + e.getMessage());
    }
  }

  private Set<InetAddress> proxies() {
    Set<InetAddress> addresses = new HashSet<>();
    for (String text : trustedProxies) {
      if (!InetAddresses.isInetAddress(text)) {
        throw CommandFailure.usage(
            "--trusted-proxy is an IP address, as 10.1.2.3, not \"" + text + "\"");
      }
      addresses.add(InetAddresses.forString(text));
    }
    return addresses;
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
    return "page      http://" + HostPort.of(ui.address());
  }
}
