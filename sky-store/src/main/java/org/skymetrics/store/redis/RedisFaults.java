package org.skymetrics.store.redis;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;

/** What an error of Redis means to whoever runs Sky. */
final class RedisFaults {
  /**
   * An error's code leads its message; older versions wrap that of a command inside a script in a
   * sentence of their own, behind {@code ": "} and sometimes a dash.
   */
  private static final Pattern CODE = Pattern.compile("(?:^|: -?)([A-Z]{3,})\\b");

  private record Meaning(Fault fault, String sentence) {}

  private static final ImmutableMap<String, Meaning> MEANINGS =
      ImmutableMap.<String, Meaning>builder()
          .put("OOM", new Meaning(Fault.REFUSES_WRITES, "has reached its maxmemory"))
          .put("READONLY", new Meaning(Fault.REFUSES_WRITES, "is a read-only replica"))
          .put("MISCONF", new Meaning(Fault.REFUSES_WRITES, "can't save to its disk"))
          .put("NOREPLICAS", new Meaning(Fault.REFUSES_WRITES, "has too few replicas to write"))
          .put("NOAUTH", new Meaning(Fault.NOT_ALLOWED, "asks for a password"))
          .put("WRONGPASS", new Meaning(Fault.NOT_ALLOWED, "does not take this user or password"))
          .put("NOPERM", new Meaning(Fault.NOT_ALLOWED, "does not give this user the rights"))
          .put("DENIED", new Meaning(Fault.NOT_ALLOWED, "takes no connections from here"))
          .put("WRONGTYPE", new Meaning(Fault.FOREIGN_CONTENT, "holds something else than Sky's"))
          .put("LOADING", new Meaning(Fault.UNAVAILABLE, "is loading its data"))
          .put("BUSY", new Meaning(Fault.UNAVAILABLE, "is busy with a script"))
          .put("MASTERDOWN", new Meaning(Fault.UNAVAILABLE, "has lost its master"))
          .put("CLUSTERDOWN", new Meaning(Fault.UNAVAILABLE, "is a cluster that is down"))
          .put("TRYAGAIN", new Meaning(Fault.UNAVAILABLE, "is moving these keys"))
          .put(
              "MOVED",
              new Meaning(
                  Fault.OTHER, "sends us to another node; of a cluster, give cluster://HOST:PORT"))
          .build();

  /** Another server is, or will soon be, the one to ask. */
  private static final ImmutableSet<String> WRONG_SERVER =
      ImmutableSet.of("READONLY", "MASTERDOWN", "CLUSTERDOWN", "MOVED");

  private RedisFaults() {}

  /** An error that Redis answered with. */
  static StoreException answered(String redis, Exception error) {
    String message = String.valueOf(error.getMessage());
    Matcher code = CODE.matcher(message);
    while (code.find()) {
      Meaning meaning = MEANINGS.get(code.group(1));
      if (meaning != null) {
        return of(meaning.fault, redis, meaning.sentence, message, error);
      }
    }
    if (message.contains("AUTH")) {
      return of(Fault.NOT_ALLOWED, redis, "does not take this password", message, error);
    }
    if (message.contains("cluster support disabled")) {
      return of(Fault.OTHER, redis, "is not of a cluster; leave out cluster://", message, error);
    }
    if (message.contains("unknown command")) {
      return of(
          Fault.OTHER,
          redis,
          "does not know this command; of sentinels, give sentinel://HOST:PORT/MASTER",
          message,
          error);
    }
    return of(Fault.OTHER, redis, "answered with an error", message, error);
  }

  /** An error that was given as one to a sentinel answered with. */
  static StoreException ofSentinel(RedisAddress.Node sentinel, Exception error) {
    String message = String.valueOf(error.getMessage());
    String name = "the sentinel at " + sentinel;
    return message.contains("unknown command")
        ? of(Fault.OTHER, name, "is none", message, error)
        : answered(name, error);
  }

  static boolean isFromTheWrongServer(Exception error) {
    Matcher code = CODE.matcher(String.valueOf(error.getMessage()));
    while (code.find()) {
      if (WRONG_SERVER.contains(code.group(1))) {
        return true;
      }
    }
    return false;
  }

  /**
   * No connection.
   *
   * @param hint what to look at, in parentheses, or nothing
   */
  static StoreException unreachable(String redis, Exception error, String hint) {
    boolean isRefused = root(error).startsWith("Failed to connect");
    return lost(redis, "can't be reached", error, isRefused ? "" : hint);
  }

  /** A connection broke. */
  static StoreException cut(String redis, Exception error, String hint) {
    return lost(redis, "cut the connection", error, hint);
  }

  private static StoreException lost(String redis, String sentence, Exception error, String hint) {
    for (Throwable cause : Throwables.getCausalChain(error)) {
      if (cause instanceof SSLException tls && isRefusal(tls)) {
        return of(Fault.NOT_ALLOWED, redis, "and we don't agree on TLS", root(error), error);
      }
    }
    return of(Fault.UNAVAILABLE, redis, sentence, root(error) + hint, error);
  }

  /** Certificates that one side does not take, or no TLS at the other end; not a mere cut. */
  private static boolean isRefusal(SSLException tls) {
    String message = String.valueOf(tls.getMessage());
    return message.startsWith("Received fatal alert")
        || message.startsWith("Unsupported or unrecognized SSL message")
        || Throwables.getRootCause(tls) instanceof GeneralSecurityException;
  }

  static StoreException slow(String redis, Duration timeout, Exception error, String hint) {
    return of(
        Fault.TIMEOUT, redis, "did not answer in time", timeout.toMillis() + " ms" + hint, error);
  }

  /** What it comes from, in a sentence of the library. */
  static String root(Exception error) {
    return String.valueOf(Throwables.getRootCause(error).getMessage());
  }

  private static StoreException of(
      Fault fault, String redis, String sentence, String detail, Exception cause) {
    return new StoreException(fault, redis + " " + sentence + ": " + detail, cause);
  }
}
