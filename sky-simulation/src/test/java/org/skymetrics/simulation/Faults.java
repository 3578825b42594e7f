package org.skymetrics.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.skymetrics.simulation.StoreGate.Condition;

/** What is done to the world, one thing after the other, at random. */
final class Faults {
  private static final int MAX_SERVERS = 4;

  private final World world;
  private final Random random;

  Faults(World world) {
    this.world = world;
    this.random = world.random();
  }

  void strikeSoon() {
    world
        .timeline()
        .in(
            200_000_000L + (long) (random.nextDouble() * 1.5e9),
            () -> {
              if (!world.isHealing()) {
                world.counts.faults++;
                strike();
                strikeSoon();
              }
            });
  }

  private void strike() {
    int which = random.nextInt(26);
    world.timeline().trace("fault", which, 0);
    switch (which) {
      case 0, 1 -> weather();
      case 2, 3 -> partition();
      case 4, 5 -> server().kill();
      case 6, 7 -> server().disk().crashAfter(random.nextInt(12));
      case 8 -> failDisk(server());
      case 9 -> stopAndStart();
      case 10 -> storeCallKills();
      case 11 -> client().kill();
      case 12 -> client().close((long) (random.nextDouble() * 3e9));
      case 13 -> client().move();
      case 14 -> redisCondition();
      case 15, 16 -> harmRedis();
      case 17 -> historyCondition();
      case 18 -> flakiness();
      case 19 -> rollup().kill();
      case 20, 21 -> rollup().dieAfter(random.nextInt(20));
      case 22 -> changeRing();
      case 23 -> addServer();
      case 24 -> stepClock();
      default -> burn();
    }
  }

  private void later(long maxNs, Runnable action) {
    world
        .timeline()
        .in(
            (long) (random.nextDouble() * maxNs),
            () -> {
              if (!world.isHealing()) {
                action.run();
              }
            });
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private ServerHost server() {
    return any(world.servers());
  }

  private ClientHost client() {
    return any(world.clients());
  }

  private RollupHost rollup() {
    return any(world.rollups());
  }

  private void weather() {
    long maxDelayNs = world.scenario().clocksStep() ? 400_000_000 : 150_000_000;
    world
        .network()
        .setWeather(
            random.nextDouble() * 0.4,
            random.nextDouble() * 0.3,
            500_000 + (long) (random.nextDouble() * maxDelayNs));
  }

  private void partition() {
    String server = server().name();
    List<String> clients = new ArrayList<>();
    world.clients().forEach(c -> clients.add(c.name()));
    String client = any(clients);
    boolean there = random.nextInt(3) > 0;
    boolean back = !there || random.nextBoolean();
    if (there) {
      world.network().cut(client, server);
    }
    if (back) {
      world.network().cut(server, client);
    }
    later(
        9_000_000_000L,
        () -> {
          world.network().join(client, server);
          world.network().join(server, client);
        });
  }

  private void failDisk(ServerHost host) {
    host.disk().failAfter(random.nextInt(6), 1 + random.nextInt(8));
    later(5_000_000_000L, () -> host.disk().works());
  }

  private void stopAndStart() {
    ServerHost host = server();
    if (host.isUp() && !host.process().isStopping()) {
      host.process().stop();
    }
  }

  private void storeCallKills() {
    ServerHost host = server();
    if (host.isUp()) {
      host.process().gate.dieAfter(random.nextInt(6));
    }
  }

  private void redisCondition() {
    world.redisIs = any(List.of(Condition.AWAY, Condition.READ_ONLY, Condition.HANGS));
    later(8_000_000_000L, () -> world.redisIs = Condition.WORKS);
  }

  private void historyCondition() {
    world.history = any(List.of(Condition.AWAY, Condition.READ_ONLY, Condition.HANGS));
    later(8_000_000_000L, () -> world.history = Condition.WORKS);
  }

  private void harmRedis() {
    switch (random.nextInt(5)) {
      case 0 -> {
        world.redis().wipe();
        world.redisWasHarmed = true;
      }
      case 1 -> {
        world.redis().rollBack();
        world.redisWasHarmed = true;
      }
      case 2 -> {
        world.redis().failOver();
        world.redisWasHarmed = true;
      }
      default -> world.redis().takeSnapshot();
    }
  }

  private void flakiness() {
    world.flakiness = random.nextDouble() * 0.3;
    later(6_000_000_000L, () -> world.flakiness = 0);
  }

  /** Some of the servers are the ring from now on; the others run on, and may come back. */
  private void changeRing() {
    List<ServerHost> members = new ArrayList<>();
    for (ServerHost host : world.servers()) {
      if (random.nextInt(3) > 0) {
        members.add(host);
      }
    }
    if (members.isEmpty()) {
      members.add(server());
    }
    for (ServerHost host : world.servers()) {
      if (!members.contains(host) && host.isUp() && random.nextBoolean()) {
        // It leaves for good reasons, in order, and comes back some time.
        host.isWanted = false;
        host.process().stop();
        later(
            20_000_000_000L,
            () -> {
              host.isWanted = true;
              host.start();
            });
      }
    }
    world.setRing(members);
  }

  private void addServer() {
    if (world.servers().size() < MAX_SERVERS) {
      world.addServer().start();
    }
    world.setRing(world.servers());
  }

  private void stepClock() {
    if (!world.scenario().clocksStep()) {
      return;
    }
    long ms = random.nextInt(60_000) - 30_000;
    switch (random.nextInt(3)) {
      case 0 -> server().clock().step(ms, World.MAX_STEP_MS / 2);
      case 1 -> client().clock().step(ms * 1000, Long.MAX_VALUE);
      default -> rollup().clock().step(ms * 1000, Long.MAX_VALUE);
    }
  }

  private void burn() {
    if (world.scenario().disksBurn()) {
      server().burn();
    }
  }
}
