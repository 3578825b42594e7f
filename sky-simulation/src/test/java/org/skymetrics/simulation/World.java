package org.skymetrics.simulation;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.simulation.StoreGate.Condition;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.CatalogShelf;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;

/** All parts of one run, and its course: it is disturbed, healed, comes to rest, is checked. */
final class World {
  /** How far a server's clock may come to be from the true time, ms; a reader looks so far. */
  static final long MAX_STEP_MS = 90_000;

  private static final int MAX_DEPTH = 4;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int SECONDS_TO_REST = 200;
  private static final int SECONDS_TO_SETTLE = 60;
  private static final int MOST_KEYS_TOLD = 5;

  /** So long a server may keep what it has learned before it tells of it. */
  private static final int SECONDS_OF_REST = 3;

  /** So much later all that history makes of blocks is made, and what it replaces has gone. */
  private static final long UNTIL_SETTLED_MS = 70 * 86_400_000L;

  /** What happened in a run. */
  static final class Counts {
    long calls;
    long faults;
    long deaths;
    long starts;
    long machineCrashes;
    long reads;
    long wholeReads;
    long readsFailed;
    long packets;
    long resent;
    long renumbered;
    long ambiguous;
    long foldedLate;
    long acknowledged;
    long secondsToRest;
  }

  private final Scenario scenario;
  private final Parts parts;
  private final Timeline timeline;
  private final Random random;
  private final SimulatedNetwork network;
  private final SimulatedRedis redis = new SimulatedRedis();
  private final SimulatedRiak riak;
  private final Truth truth;
  private final List<ServerHost> servers = new ArrayList<>();
  private final List<ClientHost> clients = new ArrayList<>();
  private final List<RollupHost> rollups = new ArrayList<>();
  private final NodeClock redisClock;
  private int depth;
  private boolean isHealing;

  final Counts counts = new Counts();
  Condition redisIs = Condition.WORKS;
  Condition history = Condition.WORKS;
  double flakiness;
  double waiting = 0.2;

  /** Whether what Redis held was taken from it: its sums are then not those of history. */
  boolean redisWasHarmed;

  World(Scenario scenario, Parts parts, boolean keepsLines) {
    this.scenario = scenario;
    this.parts = parts;
    timeline = new Timeline(keepsLines);
    random = new Random(scenario.seed());
    network = new SimulatedNetwork(timeline, random, scenario.clocksStep());
    network.setPassage(parts.passage(this));
    riak = new SimulatedRiak(scenario.riakKeepsSeen());
    truth = new Truth(timeline, scenario.layout().period());
    redisClock = newClock(30_000);
    for (int i = 0; i < scenario.servers(); i++) {
      addServer();
    }
    for (int i = 0; i < scenario.clients(); i++) {
      // Clients' clocks play no part, so they may be anything, whatever else is checked.
      clients.add(
          new ClientHost(
              this, "c" + i, new NodeClock(timeline, origin(), random.nextInt(7_200_000))));
    }
    for (int i = 0; i < scenario.rollups(); i++) {
      rollups.add(new RollupHost(this, "r" + i, newClock(60_000)));
    }
  }

  private long origin() {
    return SECOND_NS + random.nextInt(1_000_000_000);
  }

  private NodeClock newClock(int maxOffsetMs) {
    long offsetMs = scenario.clocksStep() ? random.nextInt(maxOffsetMs) - maxOffsetMs / 2 : 0;
    return new NodeClock(timeline, origin(), offsetMs);
  }

  Scenario scenario() {
    return scenario;
  }

  Parts parts() {
    return parts;
  }

  Timeline timeline() {
    return timeline;
  }

  Random random() {
    return random;
  }

  SimulatedNetwork network() {
    return network;
  }

  SimulatedRedis redis() {
    return redis;
  }

  SimulatedRiak riak() {
    return riak;
  }

  Truth truth() {
    return truth;
  }

  List<ServerHost> servers() {
    return servers;
  }

  List<ClientHost> clients() {
    return clients;
  }

  List<RollupHost> rollups() {
    return rollups;
  }

  boolean isHealing() {
    return isHealing;
  }

  PeriodStore newPeriodStore() {
    return new SimulatedPeriodStore(redis, scenario.layout(), redisClock, new StoreCounters());
  }

  HistoryStore newHistoryStore() {
    return new SimulatedHistoryStore(riak);
  }

  Optional<ServerHost> server(String name) {
    return servers.stream().filter(server -> server.name().equals(name)).findFirst();
  }

  /** The server that has or had an address. */
  String nameOf(InetSocketAddress address) {
    return network.nameOf(address);
  }

  /** Where clients ask for the ring. */
  String bootstrap() {
    return servers.stream()
        .map(server -> server.name() + ":" + ServerHost.PORT)
        .collect(Collectors.joining(","));
  }

  ServerHost addServer() {
    ServerHost host = new ServerHost(this, "s" + servers.size(), newClock(20_000));
    servers.add(host);
    return host;
  }

  /** Tells all servers of a ring, each in its time. */
  void setRing(List<ServerHost> members) {
    Ring ring = Ring.of(members.stream().map(ServerHost::member).toList());
    for (ServerHost host : servers) {
      timeline.in((long) (random.nextDouble() * 2e9), () -> host.setRing(ring));
    }
  }

  /**
   * Lets all others go on for some time, from within something that waits.
   *
   * @return false where too many wait already, and no time passed
   */
  boolean letOthersGoOn(long ns) {
    if (depth >= MAX_DEPTH) {
      return false;
    }
    depth++;
    try {
      timeline.runUntil(timeline.nowNs() + ns);
    } finally {
      depth--;
    }
    return true;
  }

  /** The whole run; throws where something is not as it must be. */
  void run() {
    servers.forEach(ServerHost::start);
    Ring ring = Ring.of(servers.stream().map(ServerHost::member).toList());
    servers.forEach(server -> server.setRing(ring));
    clients.forEach(ClientHost::start);
    rollups.forEach(RollupHost::start);
    replicateSoon();
    new Faults(this).strikeSoon();
    new Reader(this).readSoon();
    timeline.runUntil(scenario.active().toNanos());
    heal();
    comeToRest();
    new Checks(this).all();
    settle();
    new Checks(this).ofHistory();
  }

  private void replicateSoon() {
    timeline.in(
        (long) (random.nextDouble() * 4e8),
        () -> {
          redis.replicate(random.nextInt(8));
          replicateSoon();
        });
  }

  private void heal() {
    timeline.trace("healing", 0, 0);
    isHealing = true;
    network.calm();
    redisIs = Condition.WORKS;
    history = Condition.WORKS;
    flakiness = 0;
    waiting = 0;
    rollups.forEach(rollup -> rollup.dieAfter(Integer.MAX_VALUE));
    for (ServerHost host : servers) {
      host.disk().works();
      host.disk().crashAfter(Integer.MAX_VALUE);
      host.isWanted = true;
      if (host.isUp()) {
        host.process().gate.dieAfter(Integer.MAX_VALUE);
      }
      host.start();
    }
    setRing(servers);
  }

  /**
   * Waits until nothing more happens to a data packet, and what did is told: a copy that the
   * network brings late is in no mailbox, but in a ledger.
   */
  private void comeToRest() {
    int rested = 0;
    while (rested < SECONDS_OF_REST) {
      rested = isAtRest() ? rested + 1 : 0;
      if (++counts.secondsToRest > SECONDS_TO_REST) {
        throw timeline.fail("the world did not come to rest: " + describe());
      }
      timeline.runUntil(timeline.nowNs() + SECOND_NS);
    }
  }

  private boolean isAtRest() {
    return clients.stream().allMatch(ClientHost::isAtRest)
        && servers.stream().allMatch(s -> s.isUp() && s.process().isAtRest())
        && redis.state().mail.isEmpty()
        && network.dataUnderway == 0;
  }

  /** Lets rollups believe that months went by, until nothing is left for them to do. */
  private void settle() {
    timeline.trace("settling", 0, 0);
    rollups.forEach(rollup -> rollup.clock().step(UNTIL_SETTLED_MS, Long.MAX_VALUE));
    for (int seconds = 0; !isSettled(); seconds++) {
      if (seconds > SECONDS_TO_SETTLE) {
        throw timeline.fail(
            "history did not settle: " + some(riak.keys("block/")) + some(riak.keys("chunk/")));
      }
      timeline.runUntil(timeline.nowNs() + SECOND_NS);
    }
  }

  /** How many keys there are, and the first of them. */
  private static String some(List<String> keys) {
    return keys.size() + " " + keys.subList(0, Math.min(keys.size(), MOST_KEYS_TOLD));
  }

  private boolean isSettled() {
    CatalogShelf catalogs = new CatalogShelf(newHistoryStore());
    try {
      for (int shard = 0; shard < scenario.layout().shards(); shard++) {
        Catalog catalog = catalogs.read(shard);
        if (!catalog.marks().isEmpty()
            || !catalog.blocks().isEmpty()
            || !catalog.files(Span.HOUR).isEmpty()) {
          return false;
        }
      }
    } catch (CorruptException e) {
      throw timeline.fail("history can't be read: " + e.getMessage());
    }
    return riak.keys("block/").stream().allMatch(this::cameBack);
  }

  /**
   * Whether a block has nothing but what it had when it went. A rollup that read a mailbox before
   * that may write it again, and die: then it stays, as a file of an hour may, and is never looked
   * for. That the files above have all of it is checked.
   */
  private boolean cameBack(String key) {
    Set<BatchName> known = new HashSet<>();
    riak.gone(key).forEach(value -> known.addAll(names(key, value)));
    return riak.get(key).values().stream().allMatch(value -> known.containsAll(names(key, value)));
  }

  private Set<BatchName> names(String key, byte[] value) {
    try {
      return Block.parse(Held.placeOf(key), value).names();
    } catch (CorruptException e) {
      throw timeline.fail(key + " can't be read: " + e.getMessage());
    }
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    clients.forEach(c -> text.append(c.describe()).append("; "));
    servers.forEach(s -> text.append(s.describe()).append("; "));
    return text.append("mailboxes ").append(redis.state().mail.keySet()).toString();
  }
}
