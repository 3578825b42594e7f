package org.skymetrics.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Opened.Verdict;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles;
import org.skymetrics.server.fixture.CrashingFiles.Crash;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.server.fixture.TestRing.Sent;
import org.skymetrics.store.batch.Series;

/**
 * Clients, a server and a network between them that loses, doubles and delays: what history says of
 * the packets is what the clients really sent and what really became of it.
 */
class LedgerTest {
  private static final int SESSIONS = 3;
  private static final int STEPS = 120;
  private static final Duration HORIZON = Duration.ofHours(24);

  private enum Content {
    GOOD,
    LATE,
    MALFORMED
  }

  /** What one client sent on its lane, and what the server got of it. */
  private static final class Client {
    final int session;
    final TreeMap<Long, Content> open = new TreeMap<>();
    final Set<Long> arrived = new HashSet<>();
    long lane;
    long nonce;
    long nextSequence = 1;
    long transmissions;

    Client(int session) {
      this.session = session;
    }
  }

  /** A packet that is still somewhere in the network. */
  private record Delayed(Client client, long lane, long transmission, byte[] packet) {}

  private static final class World {
    final Random random;
    final CrashingFiles files;
    final List<Client> clients = new ArrayList<>();
    final List<Delayed> network = new ArrayList<>();

    /** What is to be found in history, of lanes that are done with. */
    long sent;

    long arrived;
    final Map<Content, Long> settled = new EnumMap<>(Content.class);
    TestRing ring;

    World(long seed) {
      random = new Random(seed);
      files = new CrashingFiles(random);
      ring = new TestRing(2, seed, config(), new ManualClock(TestRing.START_MS), null, files);
      for (int i = 0; i < SESSIONS; i++) {
        clients.add(new Client(i));
      }
    }

    private static UnaryOperator<ServerConfig.Builder> config() {
      return b -> b.journal(Path.of("memory")).reportsItself(true).sessionPackets(40);
    }

    void kill() {
      files.restart(false);
      ring = ring.restarted(2, random.nextLong(), config(), files);
    }

    void open(Client client) {
      int thread = client.lane == 0 ? random.nextInt(2) : Receiver.ownerOf(client.lane, 2);
      InetSocketAddress from = TestRing.address(client.session);
      byte[] cookie = ring.cookie(thread, from, client.session);
      Open open = new Open(client.session, cookie, ++client.nonce, client.lane);
      List<Sent> answers = ring.receive(thread, from, open.toBytes());
      if (answers.isEmpty()) {
        // No number could be reserved: the client asks again.
        return;
      }
      Opened opened = (Opened) answers.get(0).packet();
      if (opened.lane() != client.lane) {
        assertThat(client.lane == 0 || opened.verdict() == Verdict.RENUMBER).isTrue();
        begin(client, opened.lane());
      }
    }

    /** The lane before took no data, so nothing of it is in history or will be. */
    private void begin(Client client, long lane) {
      client.lane = lane;
      client.transmissions = 0;
      client.arrived.clear();
      client.nextSequence = 1;
      List<Content> contents = new ArrayList<>(client.open.values());
      client.open.clear();
      contents.forEach(content -> client.open.put(client.nextSequence++, content));
    }

    byte[] packet(Client client, long sequence) {
      Content content = client.open.get(sequence);
      DataWriter writer = new DataWriter();
      writer.addCounter(Key.of("a|" + content), 1);
      byte[] packet = writer.take();
      if (content == Content.MALFORMED) {
        packet[packet.length - 1] |= (byte) 0x80;
      }
      DataWriter.number(packet, client.session, client.lane, sequence);
      DataWriter.stamp(
          packet,
          ++client.transmissions,
          (int) (sequence - client.open.firstKey()),
          content == Content.LATE ? HORIZON.toMillis() + 1 : 0);
      return packet;
    }

    void send(Client client) {
      for (int i = random.nextInt(3); i >= 0 && client.open.size() < 60; i--) {
        Content content =
            random.nextInt(10) > 0
                ? Content.GOOD
                : random.nextBoolean() ? Content.LATE : Content.MALFORMED;
        client.open.put(client.nextSequence++, content);
      }
      for (long sequence : List.copyOf(client.open.keySet())) {
        if (random.nextInt(3) > 0) {
          byte[] packet = packet(client, sequence);
          // Lost, or once, or doubled on its way.
          for (int copies = random.nextInt(5) - 2; copies > 0; copies--) {
            network.add(new Delayed(client, client.lane, client.transmissions, packet));
          }
        }
      }
    }

    /** Some of what is on its way arrives, in any order. */
    void deliver(boolean all) {
      int n = all ? network.size() : random.nextInt(network.size() + 1);
      for (int i = 0; i < n; i++) {
        arrive(network.remove(random.nextInt(network.size())));
      }
    }

    void arrive(Delayed d) {
      Client client = d.client();
      if (d.lane() != client.lane) {
        return;
      }
      int before = ring.sent.size();
      long belated = ring.counter(ServerCounter.DATA_PACKETS_BELATED);
      try {
        ring.receive(
            Receiver.ownerOf(client.lane, 2), TestRing.address(client.session), d.packet());
      } catch (Crash e) {
        // It is in the journal, or it is not.
        client.arrived.add(d.transmission());
        throw e;
      }
      boolean challenged = false;
      for (Sent answer : ring.sent.subList(before, ring.sent.size())) {
        challenged |= !(answer.packet() instanceof Ack);
        if (answer.packet() instanceof Ack ack && random.nextInt(4) > 0) {
          acknowledge(client, ack);
        }
      }
      if (challenged) {
        open(client);
      } else if (ring.counter(ServerCounter.DATA_PACKETS_BELATED) == belated) {
        client.arrived.add(d.transmission());
      }
    }

    void acknowledge(Client client, Ack ack) {
      client
          .open
          .entrySet()
          .removeIf(
              e -> {
                boolean covered = ack.covers(e.getKey());
                if (covered) {
                  settled.merge(e.getValue(), 1L, Long::sum);
                }
                return covered;
              });
    }

    void step(boolean kills) {
      Client client = clients.get(random.nextInt(SESSIONS));
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> {
          if (client.lane == 0) {
            open(client);
          }
          if (client.lane != 0) {
            send(client);
          }
        }
        case 4, 5, 6 -> deliver(false);
        case 7 -> ring.engine.receivers().forEach(Receiver::tick);
        case 8 -> ring.flush();
        case 9 -> ring.clock.advance(Duration.ofSeconds(random.nextInt(40)));
        case 10 -> {
          ring.store.rollUp();
          ring.engine.deliver();
        }
        default -> {
          if (kills) {
            kill();
          }
        }
      }
    }

    /** All that was sent is settled, and of each lane the last that was sent arrives. */
    void finish() {
      files.works();
      deliver(true);
      for (Client client : clients) {
        if (client.lane == 0) {
          open(client);
        }
        do {
          client.open.put(client.nextSequence++, Content.GOOD);
          for (int i = 0; i < 50 && !client.open.isEmpty(); i++) {
            ring.clock.advance(Duration.ofSeconds(10));
            for (long sequence : List.copyOf(client.open.keySet())) {
              if (client.open.containsKey(sequence)) {
                byte[] packet = packet(client, sequence);
                arrive(new Delayed(client, client.lane, client.transmissions, packet));
              }
            }
          }
          assertThat(client.open).isEmpty();
        } while (!client.arrived.contains(client.transmissions));
        sent += client.transmissions;
        arrived += client.arrived.size();
      }
      // Nothing comes on the lanes any more: what is open is lost.
      ring.clock.advance(Duration.ofHours(25));
      ring.engine.receivers().forEach(Receiver::tick);
      ring.flush();
    }

    Map<Outcome, Long> history() {
      Map<Series, Cell> cells = ReferencePeriodStore.unite(ring.stored());
      Map<Outcome, Long> found = new HashMap<>();
      for (Outcome outcome : Outcome.values()) {
        found.put(outcome, sum(cells, outcome.key()));
      }
      assertThat(sum(cells, Outcome.SENT)).isEqualTo(sent);
      assertThat(sum(cells, Key.of("sky>ledger"))).isEqualTo(sent);
      assertThat(found.get(Outcome.COUNTED)).isEqualTo(sum(cells, Key.of("a")));
      assertThat(found.get(Outcome.COUNTED)).isEqualTo(settled.get(Content.GOOD));
      assertThat(found.get(Outcome.LATE)).isEqualTo(settled.getOrDefault(Content.LATE, 0L));
      assertThat(found.get(Outcome.MALFORMED))
          .isEqualTo(settled.getOrDefault(Content.MALFORMED, 0L));
      return found;
    }

    private static long sum(Map<Series, Cell> cells, Key key) {
      Cell cell = cells.get(new Series(key, Kind.COUNTER));
      return cell == null ? 0 : ((CounterCell) cell).sum();
    }
  }

  @Property(tries = 40)
  void shouldSayWhatBecameOfEachPacketThatWasSent(@ForAll Random seeds) {
    World world = new World(seeds.nextLong());
    for (int i = 0; i < STEPS; i++) {
      if (world.random.nextInt(20) == 0) {
        world.files.failAfter(world.random.nextInt(3), 1 + world.random.nextInt(4));
      }
      world.step(false);
    }
    world.finish();
    Map<Outcome, Long> found = world.history();
    assertThat(found.get(Outcome.LOST)).isEqualTo(world.sent - world.arrived);
  }

  /**
   * What a killed server had not written of duplicates and refusals it counts as lost: of the
   * others each is exact, and the sum is.
   */
  @Property(tries = 40)
  void shouldBalanceThoughTheServerIsKilled(@ForAll Random seeds) {
    World world = new World(seeds.nextLong());
    for (int i = 0; i < STEPS; i++) {
      if (world.random.nextInt(20) == 0) {
        world.files.crashAfter(world.random.nextInt(12));
      }
      try {
        world.step(true);
      } catch (Crash e) {
        assertThat(world.files.isCrashed()).isTrue();
      }
      if (world.files.isCrashed()) {
        world.kill();
      }
    }
    world.files.crashAfter(Integer.MAX_VALUE);
    world.finish();
    Map<Outcome, Long> found = world.history();
    assertThat(found.get(Outcome.LOST)).isGreaterThanOrEqualTo(world.sent - world.arrived);
  }
}
