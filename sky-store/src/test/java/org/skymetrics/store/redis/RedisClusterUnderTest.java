package org.skymetrics.store.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A real Redis Cluster of three masters on loopback; replicas come when asked for. */
final class RedisClusterUnderTest implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  /** The settings of a node on a port, and who may command it. */
  interface Node {
    RedisUnderTest launch(int port, String... settings) throws IOException;
  }

  private final Node launcher;
  private final List<RedisUnderTest> nodes = new ArrayList<>();

  private RedisClusterUnderTest(Node launcher) {
    this.launcher = launcher;
  }

  static RedisClusterUnderTest launch() throws IOException {
    return launch(RedisUnderTest::launch);
  }

  static RedisClusterUnderTest launch(Node launcher) throws IOException {
    RedisClusterUnderTest cluster = new RedisClusterUnderTest(launcher);
    for (int i = 0; i < MASTERS; i++) {
      RedisUnderTest node = cluster.add();
      List<Object> slots = new ArrayList<>(List.of("ADDSLOTS"));
      for (int slot = SLOTS * i / MASTERS; slot < SLOTS * (i + 1) / MASTERS; slot++) {
        slots.add(slot);
      }
      node.command(Command.CLUSTER, slots.toArray());
      node.command(Command.CLUSTER, "SET-CONFIG-EPOCH", i + 1);
      cluster.meet(node);
    }
    cluster.awaitAgreement();
    return cluster;
  }

  private RedisUnderTest add() throws IOException {
    RedisUnderTest node =
        launcher.launch(
            RedisUnderTest.freePort(),
            "cluster-enabled yes",
            "cluster-config-file nodes.conf",
            "cluster-node-timeout 1000");
    nodes.add(node);
    return node;
  }

  private void meet(RedisUnderTest node) {
    node.command(Command.CLUSTER, "MEET", "127.0.0.1", nodes.get(0).port());
  }

  /** Until all nodes find all slots served. */
  void awaitAgreement() {
    for (RedisUnderTest node : nodes) {
      node.await(
          asked ->
              asked.text(Command.CLUSTER, "INFO").contains("cluster_state:ok")
                  && asked.text(Command.CLUSTER, "INFO").contains("cluster_slots_ok:" + SLOTS)
                  && asked.text(Command.CLUSTER, "NODES").lines().count() == nodes.size());
    }
  }

  /** Adds a replica of one of the masters, and waits until it has all that the master has. */
  RedisUnderTest replicate(RedisUnderTest master) throws IOException {
    RedisUnderTest replica = add();
    meet(replica);
    awaitAgreement();
    replica.command(Command.CLUSTER, "REPLICATE", id(master));
    replica.await(asked -> asked.info("master_link_status").equals("up"));
    for (RedisUnderTest node : nodes) {
      node.await(asked -> asked.text(Command.CLUSTER, "NODES").contains("slave " + id(master)));
    }
    return replica;
  }

  static String id(RedisUnderTest node) {
    return node.text(Command.CLUSTER, "MYID");
  }

  List<RedisUnderTest> nodes() {
    return nodes;
  }

  /** The one of the first three that had this key's slot at the start. */
  RedisUnderTest holderOf(byte[] key) {
    int slot = JedisClusterCRC16.getSlot(key);
    int i = 0;
    while (slot >= SLOTS * (i + 1) / MASTERS) {
      i++;
    }
    return nodes.get(i);
  }

  RedisOptions options() {
    return RedisOptions.parse(
        "cluster://"
            + nodes.stream().map(RedisUnderTest::address).collect(Collectors.joining(",")));
  }

  @Override
  public void close() throws IOException {
    for (RedisUnderTest node : nodes) {
      node.close();
    }
  }
}
