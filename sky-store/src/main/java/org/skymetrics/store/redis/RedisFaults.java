package org.skymetrics.store.redis;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
          .put("MOVED", new Meaning(Fault.OTHER, "is one node of a cluster, and not the right one"))
          .build();

  private RedisFaults() {}

  /** An error that Redis answered with. */
  static StoreException answered(RedisOptions redis, Exception error) {
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
    return of(Fault.OTHER, redis, "answered with an error", message, error);
  }

  static StoreException unreachable(RedisOptions redis, Exception error) {
    String why = String.valueOf(Throwables.getRootCause(error).getMessage());
    return of(Fault.UNAVAILABLE, redis, "can't be reached", why, error);
  }

  static StoreException cut(RedisOptions redis, Exception error) {
    String why = String.valueOf(Throwables.getRootCause(error).getMessage());
    return of(Fault.UNAVAILABLE, redis, "cut the connection", why, error);
  }

  static StoreException slow(RedisOptions redis, Exception error) {
    return of(
        Fault.TIMEOUT,
        redis,
        "did not answer in time",
        redis.callTimeout().toMillis() + " ms",
        error);
  }

  private static StoreException of(
      Fault fault, RedisOptions redis, String sentence, String detail, Exception cause) {
    return new StoreException(fault, redis + " " + sentence + ": " + detail, cause);
  }
}
