package org.skymetrics.simulation;

import java.net.InetSocketAddress;
import java.util.Random;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles;
import org.skymetrics.server.fixture.CrashingFiles.Crash;
import org.skymetrics.server.journal.JournalException;

/** A machine with a disk, on which a server is started again and again. */
final class ServerHost implements SimulatedNetwork.Node {
  static final int PORT = 8125;
  private static final long SECOND_NS = 1_000_000_000L;

  private final World world;
  private final String name;
  private final NodeClock clock;
  private CrashingFiles disk;
  private InetSocketAddress address;
  private ServerProcess process;
  private Ring ring = Ring.empty();

  /** Whether it is to be started again when its server has ended. */
  boolean isWanted = true;

  ServerHost(World world, String name, NodeClock clock) {
    this.world = world;
    this.name = name;
    this.clock = clock;
    this.disk = new CrashingFiles(world.random());
    this.address = world.network().newAddress(PORT);
  }

  @Override
  public String name() {
    return name;
  }

  NodeClock clock() {
    return clock;
  }

  CrashingFiles disk() {
    return disk;
  }

  InetSocketAddress address() {
    return address;
  }

  Ring ring() {
    return ring;
  }

  Member member() {
    return new Member(name, name, PORT, 0);
  }

  /** Its running server; null where there is none. */
  ServerProcess process() {
    return process;
  }

  boolean isUp() {
    return process != null;
  }

  void setRing(Ring newRing) {
    ring = newRing;
    if (process != null) {
      process.setRing(newRing);
    }
  }

  /** Starts a server on what the one before left. */
  void start() {
    if (process != null) {
      return;
    }
    if (world.random().nextInt(4) == 0) {
      address = world.network().newAddress(PORT);
    }
    world.timeline().trace(name + " starts", 0, 0);
    try {
      ServerProcess started = new ServerProcess(world, this, disk);
      process = started;
      world.network().bind(address, this);
      world.counts.starts++;
      started.begin();
      check(started);
    } catch (Crash e) {
      restartDisk();
      startSoon();
    } catch (JournalException e) {
      // The disk fails at this moment; an operator starts it again.
      startSoon();
    }
  }

  private void check(ServerProcess started) {
    if (started.counter(ServerCounter.JOURNAL_FILES_DAMAGED) > 0) {
      throw world.timeline().fail(name + " found its journal damaged");
    }
    if (!world.scenario().losesUnforced() && started.counter(ServerCounter.JOURNAL_GAPS) > 0) {
      throw world.timeline().fail(name + " found gaps in its journal");
    }
  }

  private void startSoon() {
    Random random = world.random();
    long delayNs = world.isHealing() ? SECOND_NS / 10 : (long) (random.nextDouble() * 8e9);
    world
        .timeline()
        .in(
            delayNs,
            () -> {
              if (isWanted || world.isHealing()) {
                start();
              }
            });
  }

  private void restartDisk() {
    boolean machine = world.scenario().machinesCrash() && world.random().nextBoolean();
    world.counts.machineCrashes += machine ? 1 : 0;
    disk.restart(machine);
  }

  /** Its server has ended: of itself, by a kill, or because its disk says so. */
  void hasDied(ServerProcess dead) {
    world.timeline().trace(name + " ends", 0, 0);
    world.counts.deaths++;
    dead.checkCounters();
    if (!dead.isStopping()
        && !disk.isCrashed()
        && dead.counter(ServerCounter.INTERNAL_ERRORS) > 0) {
      throw world.timeline().fail(name + " had a fault of its own");
    }
    if (process == dead) {
      process = null;
      world.network().unbind(address);
      restartDisk();
      startSoon();
    }
  }

  void kill() {
    if (process != null) {
      process.die();
    }
  }

  /** The disk is lost with all that is on it, and the server ends. */
  void burn() {
    if (process == null) {
      return;
    }
    ServerProcess burning = process;
    SeriesQuery all = new SeriesQuery(world.truth().allSeries(), Long.MIN_VALUE, Long.MAX_VALUE);
    world.truth().burnt.addAll(burning.lastWill(all));
    burning.die();
    disk = new CrashingFiles(world.random());
  }

  String describe() {
    return name + (process == null ? " is down" : " has " + process.describe());
  }

  @Override
  public void receive(byte[] packet, InetSocketAddress from) {
    if (process != null) {
      process.receive(packet, from);
    }
  }
}
