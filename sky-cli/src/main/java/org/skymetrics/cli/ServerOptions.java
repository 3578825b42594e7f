package org.skymetrics.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.Converters.Members;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.ServerStartException;
import org.skymetrics.server.SkyServer;
import org.skymetrics.server.journal.JournalSync;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.period.Layout;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a server of the ring listens, and who it is. */
final class ServerOptions {
  private static final Duration FLUSH_DELAY = Duration.ofSeconds(2);

  @Option(
      names = "--udp",
      paramLabel = "HOST:PORT",
      defaultValue = ServerConfig.DEFAULT_UDP,
      description = "Where counts are received. Port 0: any free one. Default: ${DEFAULT-VALUE}")
  private HostPort udp = HostPort.parse(ServerConfig.DEFAULT_UDP);

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = ServerConfig.DEFAULT_ADMIN,
      description =
          "Where /status, /metrics and what readers ask are served. Default: ${DEFAULT-VALUE}")
  private HostPort admin = HostPort.parse(ServerConfig.DEFAULT_ADMIN);

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description =
          "The UDP address that clients and members are told, where it is not --udp: behind NAT, in"
              + " a container.")
  private @Nullable HostPort advertise;

  @Option(
      names = "--id",
      paramLabel = "NAME",
      description =
          "The name of this server, kept over restarts. Default: made once, and kept in --data.")
  private @Nullable String id;

  @Option(
      names = "--ring",
      paramLabel = "MEMBERS",
      description =
          "All servers of the ring, this one among them: HOST:UDPPORT[/ADMINPORT], parted by commas;"
              + " the admin port is the one above, unless said. The same for all of them. Default: with"
              + " --redis all servers that use it, as they come and go; without it this server"
              + " alone.")
  private Members ring = Members.NONE;

  @Option(
      names = "--journal-sync",
      paramLabel = "none|1s|each",
      defaultValue = "1s",
      description =
          "When the journal is forced to the disk: when the system likes to, each second, or before"
              + " each acknowledgement. A killed process loses nothing with any of them; a machine"
              + " that fails loses at most what was not forced. Default: ${DEFAULT-VALUE}")
  private String journalSync = "1s";

  @Option(
      names = "--journal-max",
      paramLabel = "BYTES",
      defaultValue = "4294967296",
      description =
          "How long the journal may be. Past it no new data is taken, and clients go on folding."
              + " Default: ${DEFAULT-VALUE} (4 GiB)")
  private long journalMax = 4L << 30;

  @Option(
      names = "--max-keys",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "How many series a period may have on this server. Past it new keys count in their parents"
              + " and in sky>overflow. Default: ${DEFAULT-VALUE}")
  private int maxKeys = ServerConfig.DEFAULT_KEY_LIMIT;

  @Option(
      names = "--session-keys",
      paramLabel = "N",
      description =
          "How many of them one client may be the first to name; so one that makes keys without end"
              + " leaves the others theirs. Default: half of --max-keys")
  private int sessionKeys;

  @Option(
      names = "--session-packets",
      paramLabel = "N",
      defaultValue = "50000",
      description =
          "How many packets one client may send a receiving thread in a second. What is beyond that"
              + " is dropped and sent again, and the client asked to fold longer. Default:"
              + " ${DEFAULT-VALUE}")
  private int sessionPackets = ServerConfig.DEFAULT_SESSION_PACKETS;

  @Option(
      names = "--statsd",
      paramLabel = "HOST:PORT=DIALECT",
      description =
          "Take statsd text there too, over UDP and TCP, as statsd or dogstatsd means it; may be"
              + " repeated. The address of --udp takes text always; named here, it gets another"
              + " dialect than statsd.")
  private List<String> statsd = List.of();

  @Option(
      names = "--statsd-from",
      paramLabel = "ADDRESS[/BITS]",
      split = ",",
      description =
          "From which senders text is taken, parted by commas. Default: from this machine alone.")
  private List<String> statsdFrom = List.of();

  @Mixin private SecretOptions secret = new SecretOptions();

  @Option(
      names = "--allow-unsealed",
      description =
          "Bind other addresses than loopback, although packets are not encrypted: for a network in"
              + " which all are trusted.")
  private boolean allowUnsealed;

  private boolean alone;

  /** The name that was given; null where there was none. */
  @Nullable String id() {
    return id;
  }

  /** Makes this server a ring of its own, whatever the environment says of another. */
  void beAlone() {
    alone = true;
    ring = Members.NONE;
    advertise = null;
  }

  HostPort udp() {
    return udp;
  }

  HostPort admin() {
    return admin;
  }

  /** Where the members of the ring are found; null where it is by a list. */
  @Nullable MemberLeases leases(Stores stores) {
    return alone || !ring.isEmpty() ? null : stores.leases();
  }

  /** The secret file; null where none is named. */
  @Nullable SecretFile openSecretFile() {
    return secret.open();
  }

  /**
   * Starts a server.
   *
   * @param confirmTimeout how long it waits at its end until history has all that it counted
   */
  SkyServer start(Stores stores, Layout layout, Duration confirmTimeout) {
    return start(stores, layout, udp, admin, openSecretFile(), confirmTimeout);
  }

  /** Starts a server at these addresses, in one process with the rollup. */
  SkyServer start(
      Stores stores,
      Layout layout,
      HostPort udpAt,
      HostPort adminAt,
      @Nullable SecretFile secrets) {
    return start(stores, layout, udpAt, adminAt, secrets, Duration.ZERO);
  }

  private SkyServer start(
      Stores stores,
      Layout layout,
      HostPort udpAt,
      HostPort adminAt,
      @Nullable SecretFile secrets,
      Duration confirmTimeout) {
    String kept = stores.memberName();
    ServerConfig.Builder config =
        ServerConfig.builder()
            .name(id != null ? id : kept != null ? kept : "sky")
            .udp(udpAt.toString())
            .admin(adminAt.toString())
            .advertise(advertise == null ? null : advertise.toString())
            .members(ring.list())
            .layout(layout)
            .flushDelay(flushDelay(layout))
            .lateHorizon(stores.lateHorizon())
            .keyLimit(maxKeys)
            .sessionKeyLimit(sessionKeys)
            .sessionPackets(sessionPackets)
            .journal(stores.journal())
            .journalSync(journalSync())
            .journalMaxBytes(journalMax)
            .confirmTimeout(confirmTimeout)
            .statsd(statsd)
            .statsdFrom(statsdFrom)
            .secrets(secrets)
            .allowUnsealed(allowUnsealed);
    try {
      return SkyServer.start(config.build(), stores.periods(), leases(stores), Clock.system());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    } catch (ServerStartException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private JournalSync journalSync() {
    try {
      return JournalSync.parse(journalSync);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--journal-sync: " + e.getMessage());
    }
  }

  /** 2 s; with short periods half of one, for a period is flushed before the next one ends. */
  private static Duration flushDelay(Layout layout) {
    Duration half = layout.period().length().dividedBy(2);
    return half.compareTo(FLUSH_DELAY) < 0 ? half : FLUSH_DELAY;
  }

  /** What a start message says of a server. */
  static List<String> lines(SkyServer server) {
    List<String> lines = new ArrayList<>();
    lines.add("counts    udp " + HostPort.of(server.udpAddress()));
    lines.add("admin     http://" + HostPort.of(server.adminAddress()));
    return lines;
  }
}
