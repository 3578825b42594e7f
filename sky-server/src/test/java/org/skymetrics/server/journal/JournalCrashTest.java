package org.skymetrics.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
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
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.store.batch.Series;

/**
 * A whole server over files that fail and crash at any change, clients that lose answers, and a
 * rollup. Each packet counts a key of its own once, so what is missing or doubled has a name.
 */
class JournalCrashTest {
  private static final int SESSIONS = 3;
  private static final int STEPS = 150;

  /** One client: what it sent, and what of that is not acknowledged. */
  private static final class Client {
    final int session;
    final TreeMap<Long, String> open = new TreeMap<>();
    long lane;
    long nextSequence = 1;
    long transmissions;
    long nonce;

    Client(int session) {
      this.session = session;
    }
  }

  private static final class World {
    final Random random;
    final JournalSync sync;
    final CrashingFiles files;
    final List<Client> clients = new ArrayList<>();
    final List<String> sentKeys = new ArrayList<>();
    TestRing ring;
    int threads;
    long damaged;
    long gaps;

    World(long seed, JournalSync sync) {
      this.random = new Random(seed);
      this.sync = sync;
      this.files = new CrashingFiles(random);
      this.threads = 2;
      this.ring =
          new TestRing(threads, seed, config(), new ManualClock(TestRing.START_MS), null, files);
      for (int i = 0; i < SESSIONS; i++) {
        clients.add(new Client(i));
      }
    }

    UnaryOperator<ServerConfig.Builder> config() {
      return b ->
          b.journal(Path.of("memory")).journalSync(sync).threads(threads).reportsItself(false);
    }

    void restart(boolean machine) {
      while (true) {
        files.restart(machine);
        if (random.nextInt(4) == 0) {
          files.crashAfter(random.nextInt(20));
        }
        threads = 1 + random.nextInt(3);
        try {
          ring = ring.restarted(threads, random.nextLong(), config(), files);
        } catch (Crash e) {
          continue;
        }
        damaged += ring.counter(ServerCounter.JOURNAL_FILES_DAMAGED);
        gaps += ring.counter(ServerCounter.JOURNAL_GAPS);
        return;
      }
    }

    /** What arrives of the answers to some packets of a client. */
    void exchange(Client client, boolean losesAnswers, byte[]... packets) {
      int before = ring.sent.size();
      ring.receive(random.nextInt(threads), TestRing.address(client.session), packets);
      ring.runAll();
      ring.engine.receivers().forEach(Receiver::endBatch);
      List<Sent> answers = List.copyOf(ring.sent.subList(before, ring.sent.size()));
      if (losesAnswers) {
        return;
      }
      for (Sent sent : answers) {
        if (sent.packet() instanceof Ack ack && ack.lane() == client.lane) {
          client.open.keySet().removeIf(ack::covers);
        }
      }
    }

    void open(Client client) {
      int thread =
          client.lane == 0 ? random.nextInt(threads) : Receiver.ownerOf(client.lane, threads);
      InetSocketAddress from = TestRing.address(client.session);
      byte[] cookie = ring.cookie(thread, from, client.session);
      Open open = new Open(client.session, cookie, ++client.nonce, client.lane);
      List<Sent> answers = ring.receive(thread, from, open.toBytes());
      if (answers.isEmpty()) {
        // No number could be reserved: the client asks again.
        return;
      }
      Opened opened = (Opened) answers.get(0).packet();
      if (opened.lane() == client.lane) {
        return;
      }
      assertThat(client.lane == 0 || opened.verdict() == Verdict.RENUMBER)
          .as("verdict %s", opened.verdict())
          .isTrue();
      client.lane = opened.lane();
      client.nextSequence = 1;
      client.transmissions = 0;
      List<String> keys = new ArrayList<>(client.open.values());
      client.open.clear();
      keys.forEach(key -> client.open.put(client.nextSequence++, key));
    }

    byte[] packet(Client client, long sequence) {
      DataWriter writer = new DataWriter();
      writer.addCounter(Key.of(client.open.get(sequence)), 1);
      byte[] packet = writer.take();
      DataWriter.number(packet, client.session, client.lane, sequence);
      DataWriter.stamp(
          packet, ++client.transmissions, (int) (sequence - client.open.firstKey()), 0);
      return packet;
    }

    byte[][] someOpen(Client client, boolean all) {
      return client.open.keySet().stream()
          .filter(s -> all || random.nextBoolean())
          .map(s -> packet(client, s))
          .toArray(byte[][]::new);
    }

    void send(Client client) {
      int packets = 1 + random.nextInt(4);
      for (int i = 0; i < packets && client.open.size() < 100; i++) {
        String key = "p" + sentKeys.size();
        sentKeys.add(key);
        client.open.put(client.nextSequence++, key);
      }
      exchange(client, random.nextInt(3) == 0, someOpen(client, false));
    }

    void step() {
      Client client = clients.get(random.nextInt(SESSIONS));
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3, 4, 5 -> {
          if (client.lane == 0) {
            open(client);
          } else {
            send(client);
          }
        }
        case 6 -> open(client);
        case 7, 8 -> {
          var unused = ring.engine.seal();
          ring.runAll();
        }
        case 9, 10 -> ring.engine.deliver();
        case 11 -> ring.store.rollUp();
        case 12 -> ring.engine.forceJournal();
        default -> ring.clock.advance(Duration.ofSeconds(20));
      }
    }

    void finish() {
      files.works();
      files.crashAfter(Integer.MAX_VALUE);
      for (Client client : clients) {
        for (int i = 0; i < 20 && (i == 0 || !client.open.isEmpty()); i++) {
          open(client);
          exchange(client, false, someOpen(client, true));
        }
        assertThat(client.open).isEmpty();
      }
      for (int i = 0; i < 3; i++) {
        ring.flush();
        ring.store.rollUp();
        ring.engine.delivery().compare();
        ring.engine.deliver();
      }
      ring.flush();
      ring.engine.receivers().forEach(Receiver::tick);
      ring.engine.forceJournal();
      ring.engine.deliver();
    }

    Map<Series, Cell> history() {
      return ReferencePeriodStore.unite(ring.store.history());
    }

    void check(boolean mayLoseWhatWasAcknowledged) {
      Map<Series, Cell> cells = history();
      for (String key : sentKeys) {
        Cell cell = cells.get(new Series(Key.of(key), Kind.COUNTER));
        long sum = cell == null ? 0 : ((CounterCell) cell).sum();
        if (mayLoseWhatWasAcknowledged) {
          assertThat(sum).as(key).isLessThanOrEqualTo(1);
        } else {
          assertThat(sum).as(key).isEqualTo(1);
        }
      }
      if (!mayLoseWhatWasAcknowledged) {
        assertThat(gaps).isZero();
      }
      assertThat(damaged).isZero();
      assertThat(ring.engine.unconfirmed().size()).isZero();
      assertThat(ring.engine.journal().segments()).isLessThanOrEqualTo(2);
      assertThat(ring.engine.journal().problem()).isNull();
    }
  }

  private static void run(Random seeds, JournalSync sync, boolean machine) {
    World world = new World(seeds.nextLong(), sync);
    Random random = world.random;
    for (int i = 0; i < STEPS; i++) {
      if (random.nextInt(12) == 0) {
        world.files.crashAfter(random.nextInt(12));
      }
      if (random.nextInt(15) == 0) {
        world.files.failAfter(random.nextInt(5), 1 + random.nextInt(6));
      }
      try {
        world.step();
      } catch (Crash e) {
        assertThat(world.files.isCrashed()).isTrue();
      }
      if (world.files.isCrashed() || random.nextInt(40) == 0) {
        world.restart(machine);
      }
    }
    world.finish();
    world.check(machine && sync != JournalSync.EACH);
  }

  @Property(tries = 60)
  void shouldCountEachPacketOnceThoughTheProcessIsKilledAnywhere(@ForAll Random random) {
    run(random, JournalSync.NONE, false);
  }

  @Property(tries = 60)
  void shouldCountEachPacketOnceThoughTheMachineCrashesWhereEachIsForced(@ForAll Random random) {
    run(random, JournalSync.EACH, true);
  }

  @Property(tries = 60)
  void shouldNeverCountTwiceThoughTheMachineCrashes(@ForAll Random random) {
    run(random, JournalSync.EVERY_SECOND, true);
  }
}
