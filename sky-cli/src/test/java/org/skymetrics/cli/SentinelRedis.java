package org.skymetrics.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisSentinelBuilder;
import redis.embedded.core.RedisServerBuilder;

/** A master, its replica and a sentinel, all real, on loopback. */
final class SentinelRedis implements AutoCloseable {
  private static final String NAME = "sky";
  private static final int PATIENCE_MS = 30_000;

  private final int masterPort;
  private final int replicaPort;
  private final int sentinelPort;
  private final RedisServer master;
  private final RedisServer replica;
  private final RedisSentinel sentinel;

  private SentinelRedis(Path folder) throws IOException {
    masterPort = Ports.free();
    replicaPort = Ports.free();
    sentinelPort = Ports.free();
    master = server(masterPort, folder.resolve("master")).build();
    replica =
        server(replicaPort, folder.resolve("replica")).slaveOf("127.0.0.1", masterPort).build();
    sentinel =
        new RedisSentinelBuilder()
            .bind("127.0.0.1")
            .port(sentinelPort)
            .masterName(NAME)
            .masterPort(masterPort)
            .quorumSize(1)
            // It moves at an operator's wish, not because a busy machine was slow.
            .downAfterMilliseconds(60_000L)
            .failOverTimeout(20_000L)
            .build();
  }

  private static RedisServerBuilder server(int port, Path directory) throws IOException {
    return RedisServer.newRedisServer()
        .bind("127.0.0.1")
        .port(port)
        .setting("save \"\"")
        .setting("appendonly no")
        .setting("repl-diskless-sync yes")
        .setting("repl-diskless-sync-delay 0")
        .setting("dir " + Files.createDirectories(directory))
        .onShutdownForceStop(true);
  }

  static SentinelRedis start(Path folder) throws IOException {
    SentinelRedis redis = new SentinelRedis(folder);
    try {
      redis.master.start();
      redis.replica.start();
      Asked.until("the replica follows", () -> info(redis.replicaPort, "master_link_status:up"));
      redis.sentinel.start();
      Asked.until("the sentinel knows the replica", redis::isReplicaKnown);
      return redis;
    } catch (IOException | AssertionError e) {
      redis.close();
      throw e;
    }
  }

  String address() {
    return "sentinel://127.0.0.1:" + sentinelPort + "/" + NAME;
  }

  /** Has the sentinel make the replica the master, as before maintenance; waits until it is. */
  void failOver() {
    Asked.until("the failover has begun", this::beginFailOver);
    Asked.until("the master is another", () -> masterPort() == replicaPort);
    Asked.until("it is a master", () -> info(replicaPort, "role:master"));
    Asked.until("the old one follows", () -> info(masterPort, "role:slave"));
  }

  private boolean beginFailOver() {
    try (Jedis jedis = new Jedis("127.0.0.1", sentinelPort, PATIENCE_MS)) {
      return "OK".equals(jedis.sentinelFailover(NAME));
    } catch (JedisException e) {
      // It has not heard enough of the replica yet.
      return false;
    }
  }

  private int masterPort() {
    try (Jedis jedis = new Jedis("127.0.0.1", sentinelPort, PATIENCE_MS)) {
      List<String> address = jedis.sentinelGetMasterAddrByName(NAME);
      return address == null ? 0 : Integer.parseInt(address.get(1));
    }
  }

  private boolean isReplicaKnown() {
    try (Jedis jedis = new Jedis("127.0.0.1", sentinelPort, PATIENCE_MS)) {
      return jedis.sentinelReplicas(NAME).stream()
          .anyMatch(known -> "ok".equals(known.get("master-link-status")));
    }
  }

  /** On a connection of its own: a server that changes its part closes those that it has. */
  private static boolean info(int port, String line) {
    try (Jedis jedis = new Jedis("127.0.0.1", port, PATIENCE_MS)) {
      return jedis.info("replication").contains(line);
    } catch (JedisException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    sentinel.stop();
    replica.stop();
    master.stop();
  }
}
