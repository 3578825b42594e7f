package org.skymetrics.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.journal.JournalSync;
import org.skymetrics.server.lane.LaneNumbers;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.text.AllowedSenders;
import org.skymetrics.server.text.TextConfig;
import org.skymetrics.server.text.TextListener;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;

/**
 * How a server runs. Immutable; made by {@link #builder()}, which names all faults at once.
 *
 * @param name of this server in the ring, kept over restarts
 * @param udp where packets are received; port 0: any free one
 * @param admin where the admin HTTP is served; port 0: any free one
 * @param advertise HOST:PORT that clients and members are told instead of {@code udp}, or null
 * @param members the ring; this server is added where it is not in it
 * @param threads receiving threads, where the system has epoll; one elsewhere
 * @param layout period and shards, as the period store was created with
 * @param flushDelay how long after a period's end it is flushed
 * @param lateHorizon how old a count may be
 * @param keyLimit series at most in a segment, which is a period long; past it detail is given up,
 *     not totals
 * @param sessionKeyLimit series at most that one session is the first to name in a segment
 * @param sessionPackets data packets that one session may send a receiving thread in a second
 * @param sessionLanes lanes that one session may have of a receiving thread
 * @param unconfirmedLimitBytes how much may wait for history before no new data is taken
 * @param maxLanes lanes at most
 * @param laneIdle after how long a lane on which nothing was heard is closed
 * @param receiveBufferBytes the receive buffer wanted for each socket
 * @param stopTimeout how long {@link SkyServer#close()} waits for the period store
 * @param confirmTimeout how long it then waits until history has all of it, too; as long again
 *     while history gains, but for 20 s at most
 * @param secrets what packets are sealed with; null: they are not
 * @param allowUnsealed whether other addresses than loopback may be bound without a secret
 * @param nativeTransport whether epoll is used where it is there
 * @param journal the directory of the journal; null: it is kept nowhere, and what a kill takes with
 *     it is lost
 * @param journalSync when the journal is forced to the disk
 * @param journalMaxBytes how long the journal may be before no new data is taken
 * @param reportsItself whether the server's counters are series under {@code sky>} too
 * @param text how statsd text is taken
 * @param storeCounters what the stores of this process count, to be shown with the server's own
 */
public record ServerConfig(
    String name,
    InetSocketAddress udp,
    InetSocketAddress admin,
    @Nullable String advertise,
    List<Member> members,
    int threads,
    Layout layout,
    Duration flushDelay,
    Duration lateHorizon,
    int keyLimit,
    int sessionKeyLimit,
    int sessionPackets,
    int sessionLanes,
    long unconfirmedLimitBytes,
    int maxLanes,
    Duration laneIdle,
    int receiveBufferBytes,
    Duration stopTimeout,
    Duration confirmTimeout,
    @Nullable Supplier<Secrets> secrets,
    boolean allowUnsealed,
    boolean nativeTransport,
    @Nullable Path journal,
    JournalSync journalSync,
    long journalMaxBytes,
    boolean reportsItself,
    TextConfig text,
    StoreCounters storeCounters) {
  public static final String DEFAULT_UDP = "127.0.0.1:8125";
  public static final String DEFAULT_ADMIN = "127.0.0.1:8126";
  public static final int DEFAULT_SHARDS = 16;
  public static final int DEFAULT_KEY_LIMIT = 1_000_000;
  public static final int DEFAULT_SESSION_PACKETS = 50_000;

  /** The age of a packet is 32 bits of milliseconds: 24.8 days. */
  public static final Duration MAX_LATE_HORIZON = Duration.ofDays(24);

  public ServerConfig {
    members = List.copyOf(members);
  }

  /** A builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers a configuration; says all that is wrong with it at once. */
  public static final class Builder {
    private String name = "sky";
    private String udp = DEFAULT_UDP;
    private String admin = DEFAULT_ADMIN;
    private @Nullable String advertise;
    private List<Member> members = List.of();
    private int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
    private Layout layout = new Layout(Period.ONE_MINUTE, DEFAULT_SHARDS);
    private Duration flushDelay = Duration.ofSeconds(2);
    private Duration lateHorizon = PeriodStore.LATE_HORIZON;
    private int keyLimit = DEFAULT_KEY_LIMIT;
    private int sessionKeyLimit;
    private int sessionPackets = DEFAULT_SESSION_PACKETS;
    private int sessionLanes = 64;
    private long unconfirmedLimitBytes = 512L << 20;
    private int maxLanes = 65_536;
    private Duration laneIdle = Duration.ofHours(24);
    private int receiveBufferBytes = 4 << 20;
    private Duration stopTimeout = Duration.ofSeconds(10);
    private Duration confirmTimeout = Duration.ZERO;
    private @Nullable Path secretFile;
    private @Nullable Supplier<Secrets> secrets;
    private boolean allowUnsealed;
    private boolean nativeTransport = true;
    private @Nullable Path journal;
    private JournalSync journalSync = JournalSync.EVERY_SECOND;
    private long journalMaxBytes = 4L << 30;
    private boolean reportsItself = true;
    private StoreCounters storeCounters = new StoreCounters();
    private List<String> statsd = List.of();
    private List<String> statsdFrom = List.of();
    private int statsdConnections = 1000;
    private Duration statsdIdle = Duration.ofHours(1);

    private final List<String> faults = new ArrayList<>();

    private Builder() {}

    /** This server's name in the ring. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** HOST:PORT to receive packets at. */
    public Builder udp(String value) {
      udp = value;
      return this;
    }

    /** HOST:PORT to serve the admin HTTP at. */
    public Builder admin(String value) {
      admin = value;
      return this;
    }

    /** HOST:PORT that clients and members are told; null for that of {@link #udp}. */
    public Builder advertise(@Nullable String value) {
      advertise = value;
      return this;
    }

    /** The ring, this server in it or not. */
    public Builder members(List<Member> value) {
      members = List.copyOf(value);
      return this;
    }

    /** Receiving threads, 1 to 64. */
    public Builder threads(int value) {
      threads = value;
      return this;
    }

    /** Period and shards. */
    public Builder layout(Layout value) {
      layout = value;
      return this;
    }

    /** How long after a period's end it is flushed; less than a period and at least 0. */
    public Builder flushDelay(Duration value) {
      flushDelay = value;
      return this;
    }

    /** How old a count may be; at least a period, and {@link #MAX_LATE_HORIZON} at most. */
    public Builder lateHorizon(Duration value) {
      lateHorizon = value;
      return this;
    }

    /** Series at most in a period. */
    public Builder keyLimit(int value) {
      keyLimit = value;
      return this;
    }

    /** Series that one session may be the first to name in a period; 0 for half of all. */
    public Builder sessionKeyLimit(int value) {
      sessionKeyLimit = value;
      return this;
    }

    /** Data packets that one session may send a receiving thread in a second. */
    public Builder sessionPackets(int value) {
      sessionPackets = value;
      return this;
    }

    /** Lanes that one session may have of a receiving thread. */
    public Builder sessionLanes(int value) {
      sessionLanes = value;
      return this;
    }

    /** Bytes that may wait for history before no new data is taken. */
    public Builder unconfirmedLimitBytes(long value) {
      unconfirmedLimitBytes = value;
      return this;
    }

    /** Lanes at most, over all threads. */
    public Builder maxLanes(int value) {
      maxLanes = value;
      return this;
    }

    /** After how long an idle lane is closed. */
    public Builder laneIdle(Duration value) {
      laneIdle = value;
      return this;
    }

    /** The receive buffer wanted for each socket. */
    public Builder receiveBufferBytes(int value) {
      receiveBufferBytes = value;
      return this;
    }

    /** How long closing waits for the period store. */
    public Builder stopTimeout(Duration value) {
      stopTimeout = value;
      return this;
    }

    /**
     * How long closing then waits for history to gain, until it has all and nothing is left behind;
     * not at all unless set, for nobody brings it there where the rollup ends first.
     */
    public Builder confirmTimeout(Duration value) {
      confirmTimeout = value;
      return this;
    }

    /** The file of the shared secrets; null for none. */
    public Builder secretFile(@Nullable Path value) {
      secretFile = value;
      return this;
    }

    /** Shared secrets that another part of the process keeps up to date; null for none. */
    public Builder secrets(@Nullable Supplier<Secrets> value) {
      secrets = value;
      return this;
    }

    /** Lets other addresses than loopback be bound without a secret. */
    public Builder allowUnsealed(boolean value) {
      allowUnsealed = value;
      return this;
    }

    /** Whether epoll is used where it is there. */
    public Builder nativeTransport(boolean value) {
      nativeTransport = value;
      return this;
    }

    /** What the stores of this process count. */
    public Builder storeCounters(StoreCounters value) {
      storeCounters = value;
      return this;
    }

    /** The directory of the journal; null for none. */
    public Builder journal(@Nullable Path value) {
      journal = value;
      return this;
    }

    /** When the journal is forced to the disk. */
    public Builder journalSync(JournalSync value) {
      journalSync = value;
      return this;
    }

    /** Bytes that the journal may have before no new data is taken. */
    public Builder journalMaxBytes(long value) {
      journalMaxBytes = value;
      return this;
    }

    /** Whether the server's counters are series under {@code sky>} too. */
    public Builder reportsItself(boolean value) {
      reportsItself = value;
      return this;
    }

    /**
     * Listeners of text, each {@code HOST:PORT=statsd} or {@code HOST:PORT=dogstatsd}, UDP and TCP;
     * the address of {@link #udp} among them sets the dialect there, which is statsd otherwise.
     */
    public Builder statsd(List<String> value) {
      statsd = List.copyOf(value);
      return this;
    }

    /**
     * IP addresses and networks ({@code 10.0.0.0/8}) that text is taken from, besides this machine.
     */
    public Builder statsdFrom(List<String> value) {
      statsdFrom = List.copyOf(value);
      return this;
    }

    /** TCP connections of text at most. */
    public Builder statsdConnections(int value) {
      statsdConnections = value;
      return this;
    }

    /** After how long a TCP connection of text on which nothing was heard is closed. */
    public Builder statsdIdle(Duration value) {
      statsdIdle = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming all faults, each with its key, its value, and what
     *     would be right
     */
    public ServerConfig build() {
      faults.clear();
      require(
          !name.isEmpty() && name.length() <= 255, "name", name, "a name has 1 to 255 characters");
      openSecretFile();
      InetSocketAddress udpAddress = address("udp", udp);
      InetSocketAddress adminAddress = address("admin", admin);
      checkAdvertise(udpAddress);
      require(
          threads >= 1 && threads <= LaneNumbers.MAX_THREADS,
          "threads",
          threads,
          "1 to " + LaneNumbers.MAX_THREADS + " threads can receive");
      require(
          !flushDelay.isNegative() && flushDelay.compareTo(layout.period().length()) < 0,
          "flush-delay",
          flushDelay,
          "a delay is at least 0 and less than the period of " + layout.period().label());
      require(
          lateHorizon.compareTo(layout.period().length()) >= 0
              && lateHorizon.compareTo(MAX_LATE_HORIZON) <= 0,
          "late-horizon",
          lateHorizon,
          "the horizon is from a period of " + layout.period().label() + " to 24 days");
      requirePositive("key-limit", keyLimit);
      require(
          sessionKeyLimit >= 0 && sessionKeyLimit <= keyLimit,
          "session-keys",
          sessionKeyLimit,
          "a session may have 1 to all " + keyLimit + " series; 0 means half of them");
      requirePositive("session-packets", sessionPackets);
      requirePositive("session-lanes", sessionLanes);
      requirePositive("unconfirmed-limit", unconfirmedLimitBytes);
      requirePositive("journal-max", journalMaxBytes);
      requirePositive("max-lanes", maxLanes);
      requirePositive("lane-idle", laneIdle.toMillis());
      requirePositive("receive-buffer", receiveBufferBytes);
      require(!stopTimeout.isNegative(), "stop-timeout", stopTimeout, "a time is at least 0");
      require(
          !confirmTimeout.isNegative(), "confirm-timeout", confirmTimeout, "a time is at least 0");
      requirePositive("statsd-connections", statsdConnections);
      requirePositive("statsd-idle", statsdIdle.toMillis());
      TextConfig text = text();
      require(
          udpAddress == null || udpAddress.getPort() == 0 || !udpAddress.equals(adminAddress),
          "admin",
          admin,
          "statsd text is taken over TCP at the address of udp; another port is wanted here");
      if (!faults.isEmpty() || udpAddress == null || adminAddress == null) {
        throw new IllegalArgumentException(String.join("\n", faults));
      }
      return new ServerConfig(
          name,
          udpAddress,
          adminAddress,
          advertise,
          members,
          threads,
          layout,
          flushDelay,
          lateHorizon,
          keyLimit,
          sessionKeyLimit == 0 ? Math.max(1, keyLimit / 2) : sessionKeyLimit,
          sessionPackets,
          sessionLanes,
          unconfirmedLimitBytes,
          maxLanes,
          laneIdle,
          receiveBufferBytes,
          stopTimeout,
          confirmTimeout,
          secrets,
          allowUnsealed,
          nativeTransport,
          journal,
          journalSync,
          journalMaxBytes,
          reportsItself,
          text,
          storeCounters);
    }

    private void openSecretFile() {
      Path file = secretFile;
      if (file != null) {
        try {
          secrets = SecretFile.open(file);
        } catch (IllegalArgumentException e) {
          fault("secret-file", file, String.valueOf(e.getMessage()));
        }
      }
    }

    private TextConfig text() {
      AllowedSenders from = AllowedSenders.loopback();
      try {
        from = AllowedSenders.of(statsdFrom);
      } catch (IllegalArgumentException e) {
        faults.add("statsd-from=" + String.join(",", statsdFrom) + ": " + e.getMessage());
      }
      List<TextListener> listeners = new ArrayList<>();
      for (String listener : statsd) {
        addListener(listener, from.namesOthers(), listeners);
      }
      return new TextConfig(listeners, from, statsdConnections, statsdIdle);
    }

    private void addListener(String spelled, boolean open, List<TextListener> listeners) {
      int equals = spelled.indexOf('=');
      Dialect dialect = equals < 0 ? null : Dialect.parse(spelled.substring(equals + 1));
      if (dialect == null) {
        fault("statsd", spelled, "a listener is HOST:PORT=statsd or HOST:PORT=dogstatsd");
        return;
      }
      InetSocketAddress address = resolve("statsd", spelled.substring(0, equals));
      if (address == null) {
        return;
      }
      require(
          open || address.getAddress().isLoopbackAddress(),
          "statsd",
          spelled,
          "text is taken from this machine only, so at 127.0.0.1 or [::1]; statsd-from names"
              + " others that it is taken from");
      require(
          address.getPort() == 0
              || listeners.stream().noneMatch(other -> other.address().equals(address)),
          "statsd",
          spelled,
          "another listener has this address");
      listeners.add(new TextListener(address, dialect));
    }

    private @Nullable InetSocketAddress address(String key, String value) {
      InetSocketAddress address = resolve(key, value);
      if (address != null) {
        require(
            allowUnsealed
                || secrets != null
                || secretFile != null
                || address.getAddress().isLoopbackAddress(),
            key,
            value,
            "without a shared secret only loopback is bound (127.0.0.1 or [::1]); secret-file seals"
                + " what goes over the network, and allow-unsealed is for one where all are trusted");
      }
      return address;
    }

    private @Nullable InetSocketAddress resolve(String key, String value) {
      HostPort parsed = hostPort(key, value);
      if (parsed == null) {
        return null;
      }
      InetSocketAddress address = new InetSocketAddress(parsed.host(), parsed.port());
      if (address.getAddress() == null) {
        fault(key, value, "there is no host of this name; an IP address always works");
        return null;
      }
      return address;
    }

    private void checkAdvertise(@Nullable InetSocketAddress udpAddress) {
      String told = advertise;
      if (told != null) {
        HostPort parsed = hostPort("advertise", told);
        require(parsed == null || parsed.port() > 0, "advertise", told, "a port to tell is not 0");
      } else if (udpAddress != null && udpAddress.getAddress().isAnyLocalAddress()) {
        fault(
            "udp",
            udp,
            "clients can't be told this address; say with advertise HOST:PORT where they reach it");
      }
    }

    private @Nullable HostPort hostPort(String key, String value) {
      try {
        return HostPort.parse(value);
      } catch (IllegalArgumentException e) {
        fault(key, value, String.valueOf(e.getMessage()));
        return null;
      }
    }

    private void requirePositive(String key, long value) {
      require(value > 0, key, value, "a positive number is wanted");
    }

    private void require(boolean good, String key, Object value, String right) {
      if (!good) {
        fault(key, value, right);
      }
    }

    private void fault(String key, Object value, String right) {
      faults.add(key + "=" + value + ": " + right);
    }
  }
}
