package org.skymetrics.ui.access;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * Who is logged in. A session ends when it is closed, was not used for {@link #IDLE}, is older than
 * {@link #LONGEST}, when its user's password is changed or taken away, or with the process. There
 * are at most {@link #MAX}: past it the one that was not used for longest ends.
 */
final class Sessions {
  static final int MAX = 10_000;
  static final Duration IDLE = Duration.ofHours(12);
  static final Duration LONGEST = Duration.ofDays(7);
  private static final int ID_BYTES = 32;

  private static final class Session {
    final String user;
    final String passwordHash;
    final long openedNs;
    long usedNs;

    Session(String user, String passwordHash, long openedNs) {
      this.user = user;
      this.passwordHash = passwordHash;
      this.openedNs = openedNs;
      this.usedNs = openedNs;
    }

    boolean isOver(long nowNs) {
      return nowNs - usedNs > IDLE.toNanos() || nowNs - openedNs > LONGEST.toNanos();
    }
  }

  /** By the hash of the id, so that looking one up tells nothing of others; least used first. */
  private final Map<HashCode, Session> open = new LinkedHashMap<>(16, 0.75f, true);

  private final Clock clock;
  private final SecureRandom random;
  private final Counters counters;

  Sessions(Clock clock, SecureRandom random, Counters counters) {
    this.clock = clock;
    this.random = random;
    this.counters = counters;
  }

  /** Opens a session; returns its id, which only its user is told. */
  synchronized String open(String user, String passwordHash) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = BaseEncoding.base64Url().omitPadding().encode(bytes);
    long nowNs = clock.monotonicNs();
    dropOld(nowNs);
    open.put(hash(id), new Session(user, passwordHash, nowNs));
    return id;
  }

  private void dropOld(long nowNs) {
    open.values().removeIf(session -> session.isOver(nowNs));
    Iterator<Session> leastUsedFirst = open.values().iterator();
    for (int over = open.size() - (MAX - 1); over > 0; over--) {
      leastUsedFirst.next();
      leastUsedFirst.remove();
      counters.count(UiCounter.SESSIONS_DROPPED);
    }
  }

  /** Whose session it is; null where it is none, or over. Counts as use. */
  synchronized @Nullable String use(String id, Passwords passwords) {
    HashCode key = hash(id);
    Session session = open.get(key);
    if (session == null) {
      return null;
    }
    long nowNs = clock.monotonicNs();
    if (session.isOver(nowNs) || !session.passwordHash.equals(passwords.hashOf(session.user))) {
      open.remove(key);
      return null;
    }
    session.usedNs = nowNs;
    return session.user;
  }

  synchronized void close(String id) {
    open.remove(hash(id));
  }

  synchronized int size() {
    return open.size();
  }

  private static HashCode hash(String id) {
    return Hashing.sha256().hashString(id, StandardCharsets.UTF_8);
  }
}
