package org.skymetrics.server.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.redis.RedisOptions;
import org.skymetrics.store.redis.RedisPeriodStore;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.ClientKillParams;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisSentinelBuilder;
import redis.embedded.core.RedisServerBuilder;

/**
 * Decision 9 on a real Redis: what was acknowledged to a server and lost, the server puts again.
 */
class RedisFailoverIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);
  private static final ShardPeriod PLACE = new ShardPeriod(1, 1_700_000_040_000L);
  private static final int PATIENCE_MS = 60_000;
  private static final Key KEY = Key.of("a");

  private final Counters counters = new Counters();

  private static List<Batch> batches(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(RedisFailoverIT::batch).toList();
  }

  private static Batch batch(long segment) {
    CounterCell cell = new CounterCell();
    cell.add(segment);
    TreeMap<Series, Cell> cells = new TreeMap<>(Map.of(new Series(KEY, Kind.COUNTER), cell));
    return Batch.of(new BatchName(7, segment), PLACE, LAYOUT.period().lengthMs(), cells);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(
            ThreadLocalRandom.current().nextInt(15_000, 32_000),
            1,
            InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static RedisServerBuilder server(int port, Path directory) {
    return RedisServer.newRedisServer()
        .bind("127.0.0.1")
        .port(port)
        .setting("save \"\"")
        .setting("appendonly no")
        .setting("dir " + directory)
        .onShutdownForceStop(true);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** On a connection of its own: a server that changes its part closes those that it has. */
  private static String info(int port) {
    try (Jedis redis = new Jedis("127.0.0.1", port, PATIENCE_MS)) {
      return redis.info("replication");
    } catch (JedisConnectionException e) {
      return "";
    }
  }

  @Test
  void shouldPutAgainWhatAReplicaThatLaggedDidNotGet(
      @TempDir Path ofMaster, @TempDir Path ofReplica) throws IOException {
    int masterPort = freePort();
    int replicaPort = freePort();
    int sentinelPort = freePort();
    RedisServer master = server(masterPort, ofMaster).build();
    RedisServer replica = server(replicaPort, ofReplica).slaveOf("127.0.0.1", masterPort).build();
    RedisSentinel sentinel =
        new RedisSentinelBuilder()
            .bind("127.0.0.1")
            .port(sentinelPort)
            .masterName("sky")
            .masterPort(masterPort)
            .quorumSize(1)
            .downAfterMilliseconds(1_000)
            .failOverTimeout(3_000)
            .build();
    try {
      master.start();
      replica.start();
      await(() -> info(replicaPort).contains("master_link_status:up"));
      sentinel.start();
      String address = "sentinel://127.0.0.1:" + sentinelPort + "/sky";
      try (RedisPeriodStore store =
          RedisPeriodStore.connect(RedisOptions.parse(address), LAYOUT, new StoreCounters())) {
        failOver(store, master, masterPort, replicaPort);
      }
    } finally {
      sentinel.stop();
      replica.stop();
      master.stop();
    }
  }

  private void failOver(RedisPeriodStore store, RedisServer master, int masterPort, int replicaPort)
      throws IOException {
    Unconfirmed unconfirmed = new Unconfirmed();
    Delivery delivery = new Delivery(store, LAYOUT, unconfirmed, Clock.system(), counters);
    try (Jedis toMaster = new Jedis("127.0.0.1", masterPort, PATIENCE_MS);
        Jedis toReplica = new Jedis("127.0.0.1", replicaPort, PATIENCE_MS)) {
      unconfirmed.register(batches(1, 10));
      delivery.pass();
      assertThat(toMaster.waitReplicas(1, 0)).isEqualTo(1);
      // It can't come back with a password that the master does not have.
      toReplica.configSet("masterauth", "lost");
      toMaster.clientKill(new ClientKillParams().type(ClientType.REPLICA));
      await(() -> info(masterPort).contains("connected_slaves:0"));
      unconfirmed.register(batches(11, 20));
      delivery.pass();
      assertThat(unconfirmed.left()).isZero();
      assertThat(counters.get(ServerCounter.BATCHES_PUT)).isEqualTo(20);
    }
    master.stop();
    await(() -> info(replicaPort).contains("role:master"));
    try (Jedis promoted = new Jedis("127.0.0.1", replicaPort, PATIENCE_MS)) {
      assertThat(promoted.hlen("sky:{1}:mail:" + PLACE.startMs() / 1000)).isEqualTo(10);
    }
    await(
        () -> {
          delivery.compare();
          delivery.pass();
          return unconfirmed.left() == 0 && counters.get(ServerCounter.BATCHES_PUT) == 30;
        });
    assertThat(counters.get(ServerCounter.BATCHES_PUT_AGAIN)).isEqualTo(10);
    assertThat(store.mailbox(PLACE))
        .extracting(Batch::name)
        .isEqualTo(batches(1, 20).stream().map(Batch::name).toList());
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(KEY, 210L));
  }
}
