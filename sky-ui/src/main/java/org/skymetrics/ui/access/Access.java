package org.skymetrics.ui.access;

import com.google.common.base.Ascii;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * Who may use the page and the API: who shows a session that a login has opened, or a token. Where
 * there are no passwords, all may.
 *
 * <p>For any thread; {@link #login} takes a good part of a second of work.
 */
public final class Access {
  /** Tries to log in that each address has at once, and in which time one more. */
  static final int TRIES_PER_ADDRESS = 10;

  static final Duration ADDRESS_INTERVAL = Duration.ofSeconds(30);

  /** The same for each user, from wherever: more, for who tries may not be the user. */
  static final int TRIES_PER_USER = 20;

  static final Duration USER_INTERVAL = Duration.ofSeconds(10);

  private static final String BEARER = "bearer ";
  private static final int IPV6_NETWORK_BYTES = 8;

  private final @Nullable Supplier<Passwords> passwords;
  private final Supplier<Tokens> tokens;
  private final String ownToken;
  private final Tokens own;
  private final Sessions sessions;
  private final TryLimit byAddress;
  private final TryLimit byUser;
  private final Counters counters;

  /**
   * @param passwords who may log in; null: all may use all
   * @param tokens what scripts may show
   */
  public Access(
      @Nullable Supplier<Passwords> passwords,
      Supplier<Tokens> tokens,
      Clock clock,
      SecureRandom random,
      Counters counters) {
    this.passwords = passwords;
    this.tokens = tokens;
    this.ownToken = Tokens.random(random);
    this.own = Tokens.parse(List.of(Tokens.line("own", ownToken)));
    this.sessions = new Sessions(clock, random, counters);
    this.byAddress =
        new TryLimit(TRIES_PER_ADDRESS, ADDRESS_INTERVAL.toNanos(), random.nextLong(), clock);
    this.byUser = new TryLimit(TRIES_PER_USER, USER_INTERVAL.toNanos(), random.nextLong(), clock);
    this.counters = counters;
  }

  /** Whether all may use all. */
  public boolean isOpen() {
    return passwords == null;
  }

  /** A token for readers in the same process; nobody else learns it. */
  public String ownToken() {
    return ownToken;
  }

  /**
   * Whose token an {@code Authorization} header shows; null where it shows none that is good. A
   * token that is not good is counted.
   */
  public @Nullable String byToken(@Nullable String authorization) {
    if (authorization == null) {
      return null;
    }
    String name = null;
    if (Ascii.toLowerCase(authorization).startsWith(BEARER)) {
      String token = authorization.substring(BEARER.length()).strip();
      name = tokens.get().nameOf(token);
      if (name == null) {
        name = own.nameOf(token);
      }
    }
    if (name == null) {
      counters.count(UiCounter.TOKENS_REFUSED);
    }
    return name;
  }

  /** Whose session it is; null where it is none. */
  public @Nullable String bySession(@Nullable String id) {
    return id == null || passwords == null ? null : sessions.use(id, passwords.get());
  }

  /**
   * Asks whether somebody may try to log in now, and counts the try.
   *
   * @return 0 where he may, else the seconds after which to ask again
   */
  public long mayTry(InetAddress from, String user) {
    long waitNs = byAddress.takeNs(network(from));
    // Who is kept out by his address must not use up what the user may.
    if (waitNs == 0) {
      waitNs = byUser.takeNs(user);
    }
    if (waitNs == 0) {
      return 0;
    }
    counters.count(UiCounter.LOGINS_LIMITED);
    return Duration.ofNanos(waitNs).toSeconds() + 1;
  }

  /**
   * Opens a session.
   *
   * @return its id; null where this is no user, or not its password
   */
  public @Nullable String login(InetAddress from, String user, String password) {
    if (passwords == null) {
      return null;
    }
    Passwords now = passwords.get();
    String hash = now.hashOf(user);
    if (!now.verify(user, password) || hash == null) {
      counters.count(UiCounter.LOGINS_REFUSED);
      return null;
    }
    byAddress.giveBack(network(from));
    byUser.giveBack(user);
    counters.count(UiCounter.LOGINS);
    return sessions.open(user, hash);
  }

  public void logout(String session) {
    sessions.close(session);
  }

  /** An IPv4 address; of an IPv6 address the network, for a host has all the addresses in it. */
  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return Arrays.toString(
        bytes.length > IPV6_NETWORK_BYTES ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
  }
}
