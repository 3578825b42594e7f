package org.skymetrics.client;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.seal.Secret;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;

/** Settings of a client. What is not set has the default that its method names. */
public final class SkyBuilder {
  private final List<Member> servers = new ArrayList<>();
  private Duration flushInterval = Duration.ofMillis(500);
  private Duration closeTimeout = Duration.ofSeconds(3);
  private Duration retireAfter = Duration.ofMinutes(10);
  private Period assumedPeriod = Period.ONE_MINUTE;
  private int keyLimit = 50_000;
  private long packetBudgetBytes = 16L << 20;
  private Duration holdFor = Duration.ofHours(24);
  private @Nullable Supplier<Secrets> secrets;
  private @Nullable SecretFile secretFile;
  private boolean closeAtExit = true;
  private boolean sharedTableOnly = Boolean.getBoolean("sky.client.sharedTableOnly");

  SkyBuilder() {}

  /**
   * Servers to begin with, {@code host:port} parted by commas; the ring is learned from any of
   * them.
   *
   * @throws IllegalArgumentException where one is not of that form; a name that is not known yet is
   *     no fault
   */
  public SkyBuilder servers(String addresses) {
    // What the environment did not set: an absent ring never fails the application.
    if (addresses == null) {
      return this;
    }
    for (String address : addresses.split(",", -1)) {
      if (!address.isBlank()) {
        servers.add(Member.parse(address.trim()));
      }
    }
    return this;
  }

  /**
   * How often folds are sent: 10 ms to 1 minute; 500 ms unless set. Less often, down to an eighth
   * of this, where that would be more than 200,000 records a second, and where a server asks for
   * patience; the end of each period is sent at once in any case.
   */
  public SkyBuilder flushInterval(Duration interval) {
    flushInterval =
        require("flush interval", interval, Duration.ofMillis(10), Duration.ofMinutes(1));
    return this;
  }

  /** How long close() waits for acknowledgements: up to 1 hour; 3 s unless set. */
  public SkyBuilder closeTimeout(Duration timeout) {
    closeTimeout = require("close timeout", timeout, Duration.ZERO, Duration.ofHours(1));
    return this;
  }

  /**
   * After how long without use a series costs no more memory: at least 1 minute; 10 minutes unless
   * set.
   */
  public SkyBuilder retireAfter(Duration idle) {
    retireAfter =
        require("time to retire after", idle, Duration.ofMinutes(1), Duration.ofDays(365));
    return this;
  }

  /** The period to fold by until a server has said the ring's; 60 s unless set. */
  public SkyBuilder assumedPeriod(Period period) {
    assumedPeriod = period;
    return this;
  }

  /**
   * How many series there may be; past it a new key counts in its parents and in {@code
   * sky>overflow}. 50,000 unless set.
   */
  public SkyBuilder keyLimit(int keys) {
    if (keys < 1) {
      throw new IllegalArgumentException("a key limit is at least 1, not " + keys);
    }
    keyLimit = keys;
    return this;
  }

  /**
   * Bytes of packets that wait for their acknowledgement, from which on counts only fold: at least
   * 64 KiB; 16 MiB unless set. Where it is used up while some servers answer and others do not, the
   * oldest packets of those that do not are given up, down to half of it: see {@link #holdFor}.
   */
  public SkyBuilder packetBudget(long bytes) {
    if (bytes < 1 << 16) {
      throw new IllegalArgumentException("a packet budget is at least 65536 bytes, not " + bytes);
    }
    packetBudgetBytes = bytes;
    return this;
  }

  /**
   * How long a packet that a server has not acknowledged, and may have counted, waits for that
   * server's return before it is given up and reported as ambiguous: 1 second to 24 days; 24 hours
   * unless set, after which servers refuse it as late, unless told otherwise.
   */
  public SkyBuilder holdFor(Duration longest) {
    holdFor = require("time to hold for", longest, Duration.ofSeconds(1), Duration.ofDays(24));
    return this;
  }

  /**
   * Seals all packets with this secret, at least 32 bytes in base64 or hex, and takes none that are
   * not sealed with it. Without one packets are not encrypted.
   *
   * @throws IllegalArgumentException where it is none
   */
  public SkyBuilder secret(String text) {
    try {
      return secrets(constant(Secrets.of(Secret.parse(text))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the secret " + e.getMessage(), e);
    }
  }

  private static Supplier<Secrets> constant(Secrets value) {
    return () -> value;
  }

  /**
   * The same, with the secrets in a file, one a line: the first seals, all are accepted. The file
   * is read again when it has changed.
   *
   * @throws IllegalArgumentException where it can't be read, holds none, or others can read it
   */
  public SkyBuilder secretFile(Path file) {
    return secretFile(SecretFile.open(file));
  }

  /** The same, with a file that was opened; the client reads it again when it has changed. */
  public SkyBuilder secretFile(SecretFile file) {
    secrets(file);
    secretFile = file;
    return this;
  }

  /** The same, with secrets that another part of the process keeps up to date. */
  public SkyBuilder secrets(Supplier<Secrets> source) {
    secrets = source;
    secretFile = null;
    return this;
  }

  /**
   * Whether the client closes by itself when the JVM ends; it does unless set. For an application
   * that goes on counting while it ends, and calls {@link Sky#close()}.
   */
  public SkyBuilder closeAtExit(boolean closes) {
    closeAtExit = closes;
    return this;
  }

  /** Has all threads use the shared table, as virtual threads do; for tests. */
  public SkyBuilder sharedTableOnly(boolean only) {
    sharedTableOnly = only;
    return this;
  }

  /**
   * The client. Never fails for want of a server, a network or a known host: a client without them
   * folds, or does nothing, and says so.
   */
  public Sky build() {
    if (servers.isEmpty()) {
      System.getLogger("org.skymetrics.client")
          .log(Level.WARNING, "Sky: no server was given, so nothing is counted");
      return Sky.disabled();
    }
    Settings settings = settings();
    Clock clock = Clock.system();
    Core core = new Core(settings, clock, false);
    try {
      UdpNetwork network = new UdpNetwork(core.mishaps());
      SecureRandom random = new SecureRandom();
      ClientSeal seal = secrets == null ? ClientSeal.none() : ClientSeal.of(secrets, random);
      Sender sender = core.newSender(random, network, seal);
      core.start(
          new SenderThread(
              sender, network, core.progress(), core.mishaps(), clock, new SecretWatch(secretFile)),
          closeAtExit);
    } catch (IOException e) {
      System.getLogger("org.skymetrics.client")
          .log(Level.ERROR, "Sky: no network, so nothing will be sent", e);
      return Sky.disabled();
    }
    return core.root();
  }

  Settings settings() {
    return new Settings(
        List.copyOf(servers),
        flushInterval,
        closeTimeout,
        retireAfter,
        assumedPeriod,
        keyLimit,
        packetBudgetBytes,
        holdFor,
        sharedTableOnly);
  }

  private static Duration require(String what, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "a " + what + " is " + min + " to " + max + ", not " + value);
    }
    return value;
  }
}
