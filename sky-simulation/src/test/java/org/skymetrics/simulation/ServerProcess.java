package org.skymetrics.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.server.Engine;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles.Crash;
import org.skymetrics.server.ingest.Neighbours;
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.server.journal.JournalFiles;
import org.skymetrics.store.batch.Batch;

/**
 * A server from its start to its end: the real engine, its loops, and the course of its threads as
 * SkyServer has them.
 */
final class ServerProcess implements Neighbours {
  private static final long TICK_NS = 200_000_000L;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long STOP_NS = 10 * SECOND_NS;

  /** A packet that waits for its receiving thread. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Arrived(byte[] bytes, InetSocketAddress from) {}

  private final World world;
  private final ServerHost host;
  private final Timeline timeline;
  private final Random random;
  private final int threads;
  final Life life = new Life();
  final StoreGate gate;
  private final Engine engine;
  private final List<Loop> loops = new ArrayList<>();
  private final List<ArrayDeque<Arrived>> inboxes = new ArrayList<>();
  private boolean isStopping;
  private CompletableFuture<Void> settled = new CompletableFuture<>();

  /** Packets given to the engine, and those of them with data. */
  long given;

  long givenData;

  /** Data packets in the hands of the engine whose fate is not known yet. */
  private long inHand;

  private long droppedBetweenThreads;

  ServerProcess(World world, ServerHost host, JournalFiles files) {
    this.world = world;
    this.host = host;
    this.timeline = world.timeline();
    this.random = world.random();
    this.threads = 1 + random.nextInt(2);
    this.gate = new StoreGate(world, host.name(), life, this::die);
    Scenario scenario = world.scenario();
    ServerConfig config =
        ServerConfig.builder()
            .name(host.name())
            .threads(threads)
            .layout(scenario.layout())
            .flushDelay(scenario.layout().period().length().dividedBy(5))
            .lateHorizon(scenario.lateHorizon())
            .journal(Path.of("simulated"))
            .journalSync(scenario.sync())
            .reportsItself(true)
            .build();
    Loop segmentLoop = loop();
    engine =
        new Engine(
            config,
            gate.periods(world.parts().ofServer(world.newPeriodStore(), world.redis())),
            host.clock(),
            new Random(random.nextLong()),
            segmentLoop,
            loop(),
            world.parts().files(new GuardedFiles(files, life)));
    for (int i = 0; i < threads; i++) {
      Loop loop = loop();
      loops.add(loop);
      inboxes.add(new ArrayDeque<>());
      engine.addReceiver(loop, this::reply, this);
    }
    loops.add(segmentLoop);
    engine.setRing(host.ring());
  }

  private Loop loop() {
    return new Loop(timeline, () -> random.nextInt(2_000_000), this::run);
  }

  /** Begins the course of its threads. */
  void begin() {
    every(TICK_NS, engine::tick);
    every(TICK_NS, engine::deliver);
    every(SECOND_NS, engine::forceJournal);
    every(
        SECOND_NS,
        () -> {
          for (int i = 0; i < threads; i++) {
            Receiver receiver = engine.receivers().get(i);
            loops.get(i).execute(receiver::tick);
          }
        });
  }

  private void every(long ns, Runnable action) {
    timeline.in(
        ns - random.nextInt(10_000_000),
        () -> {
          if (!life.isOver()) {
            run(action);
            every(ns, action);
          }
        });
  }

  /** The edge of all that this process does. */
  private void run(Runnable action) {
    if (life.isOver()) {
      return;
    }
    try {
      action.run();
    } catch (Crash e) {
      die();
    } catch (RuntimeException e) {
      engine.mishaps().take("a task", e);
    }
    timeline.throwIfBroken();
    if (!life.isOver() && host.disk().isCrashed()) {
      // A crash in the middle of something that bears all that is thrown.
      die();
    }
  }

  void die() {
    if (!life.isOver()) {
      life.end();
      host.hasDied(this);
    }
  }

  Engine engine() {
    return engine;
  }

  long counter(ServerCounter counter) {
    return engine.counters().get(counter);
  }

  boolean isStopping() {
    return isStopping;
  }

  /** A packet has come in at a socket: at always the same one for an address. */
  void receive(byte[] packet, InetSocketAddress from) {
    int thread = from.getAddress().getAddress()[3] % threads;
    ArrayDeque<Arrived> inbox = inboxes.get(thread);
    inbox.add(new Arrived(packet, from));
    if (inbox.size() == 1) {
      timeline.in(random.nextInt(1_000_000), () -> run(() -> takeInbox(thread)));
    }
  }

  private void takeInbox(int thread) {
    Receiver receiver = engine.receivers().get(thread);
    ArrayDeque<Arrived> inbox = inboxes.get(thread);
    boolean oneByOne = world.scenario().hasLate();
    for (Arrived next = inbox.poll(); next != null; next = inbox.poll()) {
      Arrived packet = next;
      boolean isData = isData(packet.bytes());
      given++;
      givenData += isData ? 1 : 0;
      inHand += isData ? 1 : 0;
      watchLate(
          packet.bytes(),
          () -> {
            receiver.onPacket(packet.bytes(), 0, packet.bytes().length, packet.from());
            if (oneByOne) {
              receiver.endBatch();
            }
          });
    }
    receiver.endBatch();
    inHand = 0;
  }

  private static boolean isData(byte[] packet) {
    return Packet.fault(packet, 0, packet.length) == null
        && Packet.type(packet, 0) == PacketType.DATA;
  }

  /** Finds out whether a packet is late, also where the process dies over it. */
  private void watchLate(byte[] packet, Runnable taking) {
    if (!world.scenario().hasLate()) {
      taking.run();
      return;
    }
    long before = counter(ServerCounter.LATE_PACKETS);
    boolean done = false;
    try {
      taking.run();
      done = true;
    } finally {
      if (!done || life.isOver() || host.disk().isCrashed()) {
        world.truth().isLate(packet, world.truth().perhapsLate);
      }
    }
    if (counter(ServerCounter.LATE_PACKETS) > before) {
      world.truth().isLate(packet, world.truth().late);
    }
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public boolean pass(int thread, byte[] bytes, int offset, int length, InetSocketAddress from) {
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
    if (random.nextInt(20) == 0) {
      droppedBetweenThreads += isData(copy) ? 1 : 0;
      return false;
    }
    loops
        .get(thread)
        .execute(
            () -> {
              Receiver receiver = engine.receivers().get(thread);
              inHand++;
              watchLate(
                  copy,
                  () -> {
                    receiver.onPassed(copy, 0, copy.length, from);
                    receiver.endBatch();
                  });
              inHand = 0;
            });
    return true;
  }

  private void reply(ByteWriter packet, InetSocketAddress to) {
    if (!life.isOver() && !host.disk().isCrashed()) {
      byte[] bytes = packet.toBytes();
      world.truth().promises(bytes);
      world.network().send(bytes, host.address(), to);
    }
  }

  /** Ends in good order, as SIGTERM has it. */
  void stop() {
    isStopping = true;
    run(() -> engine.receivers().forEach(Receiver::stop));
    run(() -> settled = engine.seal().thenCompose(batches -> engine.delivery().settle()));
    awaitEnd(timeline.nowNs() + STOP_NS);
  }

  private void awaitEnd(long endNs) {
    timeline.in(
        100_000_000,
        () -> {
          if (life.isOver()) {
            return;
          }
          if (settled.isDone() || timeline.nowNs() >= endNs) {
            run(() -> engine.receivers().forEach(Receiver::stop));
            run(this::end);
          } else {
            awaitEnd(endNs);
          }
        });
  }

  private void end() {
    try {
      engine.journal().close();
    } catch (IOException e) {
      throw timeline.fail("a journal can't be closed: " + e);
    }
    die();
  }

  /** Asks as a reader does; the answer comes when all threads have given theirs. */
  CompletableFuture<List<Batch>> read(SeriesQuery query) {
    return engine.segments().read(query);
  }

  /** What it holds that history may not have, at this very moment; it does nothing else after. */
  List<Batch> lastWill(SeriesQuery query) {
    CompletableFuture<List<Batch>> answer = read(query);
    while (!answer.isDone() && loops.stream().anyMatch(loop -> !loop.isIdle())) {
      loops.forEach(Loop::runOne);
    }
    return answer.getNow(List.of());
  }

  /** Whether nothing is left to do but to wait for packets. */
  boolean isAtRest() {
    return engine.unconfirmed().size() == 0
        && engine.receivers().stream()
            .map(Receiver::view)
            .allMatch(view -> view.series() == 0 && view.ledger().open() == 0)
        && inboxes.stream().allMatch(ArrayDeque::isEmpty)
        && engine.journal().segments() <= 2
        && engine.journal().problem() == null;
  }

  String describe() {
    return engine.unconfirmed().segments()
        + " unconfirmed, "
        + engine.journal().segments()
        + " segments, problem "
        + engine.journal().problem()
        + ", store "
        + engine.delivery().health();
  }

  /** What must be so of a server that has nothing to do (I2, I4). */
  void checkAtRest() {
    checkCounters();
    if (counter(ServerCounter.INTERNAL_ERRORS) > 0) {
      throw timeline.fail(host.name() + " had a fault of its own");
    }
    int lanes = engine.receivers().stream().mapToInt(r -> r.view().lanes()).sum();
    if (lanes > 8 * world.truth().sessions.size()) {
      throw timeline.fail(host.name() + " holds " + lanes + " lanes");
    }
  }

  /** Data packets that are on their way between its threads. */
  private boolean isBetweenThreads() {
    return loops.stream().anyMatch(loop -> !loop.isIdle());
  }

  /** What is dropped is counted: each packet that it was given, by its fate (I4). */
  void checkCounters() {
    if (inHand > 0 || isBetweenThreads()) {
      return;
    }
    long received = counter(ServerCounter.PACKETS_RECEIVED);
    if (received != given) {
      throw timeline.fail(host.name() + " was given " + given + " packets and counted " + received);
    }
    long fates =
        droppedBetweenThreads
            + sum(
                ServerCounter.DATA_PACKETS_COUNTED,
                ServerCounter.DUPLICATES,
                ServerCounter.BEYOND_WINDOW,
                ServerCounter.LATE_PACKETS,
                ServerCounter.FUTURE_PACKETS,
                ServerCounter.FULL_PACKETS,
                ServerCounter.JOURNAL_FULL_PACKETS,
                ServerCounter.JOURNAL_FAILED_PACKETS,
                ServerCounter.DATA_PACKETS_MALFORMED,
                ServerCounter.DATA_PACKETS_OVER_RATE,
                ServerCounter.DATA_PACKETS_WHILE_STOPPING,
                ServerCounter.DATA_PACKETS_COPIED,
                ServerCounter.DATA_PACKETS_BELATED,
                ServerCounter.PACKETS_BAD_CHECKSUM,
                ServerCounter.PACKETS_MALFORMED,
                ServerCounter.UNPROVED_DATA);
    if (fates != givenData) {
      throw timeline.fail(
          host.name() + " was given " + givenData + " data packets and told the fate of " + fates);
    }
  }

  private long sum(ServerCounter... counters) {
    return Arrays.stream(counters).mapToLong(this::counter).sum();
  }

  void setRing(Ring ring) {
    engine.setRing(ring);
  }
}
