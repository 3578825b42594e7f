package org.skymetrics.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.redis.RedisOptions;
import org.skymetrics.store.redis.RedisTls;
import org.skymetrics.store.riak.RiakLogin;
import org.skymetrics.store.riak.RiakOptions;
import picocli.CommandLine.Option;

/** Where a daemon keeps what it has. */
final class StoreOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The directory of the embedded store, locked while it is in use. Default: .sky in the home"
              + " directory; with --redis, in it server or server-ID for a server, which has its"
              + " journal there, and history for rollup and ui, which share it; with --redis and"
              + " --riak, these two need none.")
  private @Nullable Path data;

  @Option(
      names = "--redis",
      paramLabel = "ADDRESS",
      description =
          "The Redis in which servers leave their batches for the rollups: HOST:PORT, over TLS"
              + " rediss://HOST:PORT, the master that sentinels watch"
              + " sentinel://HOST:PORT,.../MASTER, a Redis Cluster cluster://HOST:PORT,...; of the"
              + " last two name some. Without it the embedded store does that, for one process.")
  private @Nullable String redis;

  @Option(
      names = "--redis-user",
      paramLabel = "NAME",
      description = "The user of that Redis; its rights are in docs/storage.md.")
  private @Nullable String redisUser;

  @Option(
      names = "--redis-password",
      paramLabel = "SECRET",
      description =
          "Its password; better given as SKY_REDIS_PASSWORD or in the file, where others can't see"
              + " it.")
  private @Nullable String redisPassword;

  @Option(
      names = "--redis-sentinel-user",
      paramLabel = "NAME",
      description = "The user of the sentinels, which have users of their own.")
  private @Nullable String redisSentinelUser;

  @Option(
      names = "--redis-sentinel-password",
      paramLabel = "SECRET",
      description = "The password of the sentinels; SKY_REDIS_SENTINEL_PASSWORD or the file.")
  private @Nullable String redisSentinelPassword;

  @Option(
      names = "--redis-tls",
      description =
          "Connections to Redis, sentinels and nodes of a cluster are TLS. The certificate of each"
              + " has to name the address that it is reached by, or that others tell of it.")
  private boolean redisTls;

  @Option(
      names = "--redis-ca",
      paramLabel = "FILE",
      description =
          "The authorities (PEM) that sign their certificates; asks for TLS. Default: those that"
              + " Java trusts.")
  private @Nullable Path redisCa;

  @Option(
      names = "--redis-cert",
      paramLabel = "FILE",
      description = "The certificate (PEM) that we show them; asks for TLS.")
  private @Nullable Path redisCert;

  @Option(
      names = "--redis-key",
      paramLabel = "FILE",
      description = "The private key of that certificate (PEM, PKCS#8, not encrypted).")
  private @Nullable Path redisKey;

  @Option(
      names = "--riak",
      paramLabel = "HOST:PORT,...",
      description =
          "The Riak cluster that keeps the history; name some of its nodes. Without it history is one"
              + " SQLite file in --data.")
  private @Nullable String riak;

  @Option(
      names = "--riak-user",
      paramLabel = "NAME",
      description =
          "The user of that Riak, where its security is on: connections are TLS then. Needs"
              + " --riak-password and --riak-ca.")
  private @Nullable String riakUser;

  @Option(
      names = "--riak-password",
      paramLabel = "SECRET",
      description =
          "Its password; better given as SKY_RIAK_PASSWORD or in the file, where others can't see"
              + " it.")
  private @Nullable String riakPassword;

  @Option(
      names = "--riak-ca",
      paramLabel = "FILE",
      description =
          "The certificates (PEM) that those of Riak's nodes are signed with. Names are not compared,"
              + " so these had better sign for no others.")
  private @Nullable Path riakCa;

  @Option(
      names = "--period",
      paramLabel = "60s|10s|1s",
      defaultValue = "60s",
      description =
          "What is counted together. Written into a store when it is made, and the same for all who"
              + " use it. Default: ${DEFAULT-VALUE}")
  private Period period = Period.ONE_MINUTE;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Into how many parts the keys are cut; written into a store, too. Default:"
              + " ${DEFAULT-VALUE}")
  private int shards = 16;

  @Option(
      names = "--late-horizon",
      paramLabel = "TIME",
      defaultValue = "24h",
      description =
          "How old a count may be when it arrives, from a period to 24 days (576h); older ones are"
              + " refused, and counted as late. The same for all who use a store. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration lateHorizon = PeriodStore.LATE_HORIZON;

  Duration lateHorizon() {
    if (lateHorizon.compareTo(ServerConfig.MAX_LATE_HORIZON) > 0
        || lateHorizon.compareTo(period.length()) < 0) {
      throw CommandFailure.usage(
          "--late-horizon: from a period of "
              + period.label()
              + " to 24 days (576h), not "
              + lateHorizon);
    }
    return lateHorizon;
  }

  Layout layout() {
    try {
      return new Layout(period, shards);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--shards: " + e.getMessage());
    }
  }

  boolean onRedis() {
    return redis != null;
  }

  /** Whether processes on several hosts would each have a history of their own. */
  boolean historyIsOnThisHost() {
    return onRedis() && riak == null;
  }

  /** All parts in one process. */
  Stores openForAll() {
    return Stores.open(
        new Stores.Wanted(
            redisOptions(), riakOptions(), orDefault(""), true, false, layout(), lateHorizon()));
  }

  /** All parts in one process, embedded in a directory that is made for it. */
  Stores openIn(Path directory) {
    return Stores.open(
        new Stores.Wanted(
            redisOptions(),
            riakOptions(),
            data == null ? directory : data,
            true,
            false,
            layout(),
            lateHorizon()));
  }

  boolean hasData() {
    return data != null;
  }

  /**
   * A server: beside its stores it keeps its name and its journal in the directory.
   *
   * @param id the name that it was given; null where the directory keeps one
   */
  Stores openForServer(@Nullable String id) {
    String own = id == null ? "server" : "server-" + id.replaceAll("[^A-Za-z0-9._-]", "_");
    return Stores.open(
        new Stores.Wanted(
            redisOptions(),
            null,
            orDefault(onRedis() ? own : ""),
            false,
            false,
            layout(),
            lateHorizon()));
  }

  /** A rollup or a ui: they share history, when the period store is not embedded beside it. */
  Stores openForHistory() {
    Path directory = onRedis() && riak != null ? null : orDefault(onRedis() ? "history" : "");
    return Stores.open(
        new Stores.Wanted(
            redisOptions(),
            riakOptions(),
            directory,
            true,
            historyIsOnThisHost(),
            layout(),
            lateHorizon()));
  }

  /**
   * History alone, beside whatever runs on it.
   *
   * @param make whether to make it where there is none
   */
  OpenHistory openHistoryAlone(boolean make) {
    RiakOptions options = riakOptions();
    return options != null
        ? OpenHistory.onRiak(options, layout())
        : OpenHistory.in(orDefault(onRedis() ? "history" : ""), onRedis(), make, layout());
  }

  private Path orDefault(String inHome) {
    return data != null ? data : Path.of(System.getProperty("user.home", "."), ".sky", inHome);
  }

  private @Nullable RiakOptions riakOptions() {
    try {
      if (riak == null) {
        return null;
      }
      RiakOptions options = RiakOptions.parse(riak);
      RiakLogin login = riakLogin();
      return login == null ? options : options.withLogin(login);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--riak: " + e.getMessage());
    }
  }

  private @Nullable RiakLogin riakLogin() {
    if (riakUser == null && riakPassword == null && riakCa == null) {
      return null;
    }
    if (riakUser == null || riakPassword == null || riakCa == null) {
      throw CommandFailure.usage("--riak-user, --riak-password and --riak-ca need one another");
    }
    try {
      return RiakLogin.of(riakUser, riakPassword, riakCa);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--riak-ca: " + e.getMessage());
    }
  }

  @Nullable RedisOptions redisOptions() {
    if (redis == null) {
      return null;
    }
    requirePassword("--redis-user", redisUser, redisPassword);
    requirePassword("--redis-sentinel-user", redisSentinelUser, redisSentinelPassword);
    try {
      RedisOptions options = RedisOptions.parse(redis);
      if (redisUser != null && redisPassword != null) {
        options = options.withUser(redisUser, redisPassword);
      } else if (redisPassword != null) {
        options = options.withPassword(redisPassword);
      }
      return overTls(
          options.withSentinelLogin(
              new RedisOptions.Login(redisSentinelUser, redisSentinelPassword)));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--redis: " + e.getMessage());
    }
  }

  private static void requirePassword(
      String option, @Nullable String user, @Nullable String password) {
    if (user != null && password == null) {
      throw CommandFailure.usage(option + " needs a " + option.replace("-user", "-password"));
    }
  }

  private RedisOptions overTls(RedisOptions options) {
    if (redisTls || redisCa != null || redisCert != null || redisKey != null) {
      return options.withTls(RedisTls.of(redisCa, redisCert, redisKey));
    }
    return options;
  }
}
