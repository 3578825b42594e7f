package org.skymetrics.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.journal.JournalSync;
import org.skymetrics.store.period.Layout;

/** The arithmetic of docs/scale.md, against a ring of 50 with all its real parts. */
final class ScaleTest {
  private static final int MEMBERS = 50;
  private static final int CLIENTS = 10;
  private static final int KEYS = 120;
  private static final int SHARDS = 16;
  private static final Duration FLUSH = Duration.ofMillis(500);
  private static final int SETTLE_S = 10;
  private static final int MEASURED_S = 20;

  private final List<SteadyClient> clients = new ArrayList<>();

  @Test
  void shouldStandInTheDocumentAsItIsReckoned() throws IOException {
    List<Scale> scales =
        IntStream.of(3, 50, 1000)
            .mapToObj(members -> new Scale(Scale.ringOf(members), 10_000, 1000, 0.5, 16, 60))
            .toList();

    assertThat(Files.readString(Path.of("..", "docs", "scale.md")))
        .contains(String.join("\n", Scale.table(scales)));
  }

  @Test
  void shouldGiveEachMemberAFairShareHoweverManyThereAre() {
    for (int members : new int[] {3, 10, 50, 200, 1000}) {
      Scale scale = new Scale(Scale.ringOf(members), 1, 1, 1, 1, 1);
      assertThat(scale.leastShare()).isGreaterThan(0.7);
      assertThat(scale.greatestShare()).isLessThan(1.3);
    }
  }

  @Test
  void shouldCarryWhatTheArithmeticSays() {
    World world = world();
    world.waiting = 0;
    world.servers().forEach(ServerHost::start);
    Ring ring = Ring.of(world.servers().stream().map(ServerHost::member).toList());
    world.servers().forEach(server -> server.setRing(ring));
    List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> "requests|host-" + i).toList();
    for (int i = 0; i < CLIENTS; i++) {
      SteadyClient client = new SteadyClient(world, "steady" + i, keys, Period.TEN_SECONDS, FLUSH);
      clients.add(client);
      client.start();
    }
    world.timeline().runUntil(Duration.ofSeconds(SETTLE_S).toNanos());
    long packets = sent(ClientCounter.PACKETS_SENT);
    long records = sent(ClientCounter.RECORDS_SENT);
    long acks = counted(world, ServerCounter.ACKS_SENT);
    long batches = counted(world, ServerCounter.BATCHES_SEALED);
    world.timeline().runUntil(Duration.ofSeconds(SETTLE_S + MEASURED_S).toNanos());
    packets = sent(ClientCounter.PACKETS_SENT) - packets;
    records = sent(ClientCounter.RECORDS_SENT) - records;
    acks = counted(world, ServerCounter.ACKS_SENT) - acks;
    batches = counted(world, ServerCounter.BATCHES_SEALED) - batches;

    Scale scale = new Scale(ring, CLIENTS, KEYS, FLUSH.toMillis() / 1000.0, SHARDS, 10);
    Set<Integer> owners = new HashSet<>();
    keys.forEach(key -> owners.add(ring.ownerIndex(Key.of(key).ringHash())));
    System.out.printf(
        "ScaleTest: %d members, %d clients: %d owners of the keys (reckoned %.1f), %d lanes,"
            + " %.1f packets a second and client (reckoned %.1f), %.1f records a packet, %.2f ACKs"
            + " a packet, %.0f batches a period%n",
        MEMBERS,
        CLIENTS,
        owners.size(),
        scale.destinations(),
        lanes(world),
        (double) packets / CLIENTS / MEASURED_S,
        scale.packetsOfAClient(),
        (double) records / packets,
        (double) acks / packets,
        (double) batches * 10 / MEASURED_S);
    assertThat((double) owners.size()).isCloseTo(scale.destinations(), within(5.0));
    assertThat(lanes(world)).isEqualTo(owners.size() * CLIENTS);
    double flushes = CLIENTS * MEASURED_S / scale.flushS();
    assertThat(packets / flushes / owners.size()).isBetween(0.9, 1.3);
    assertThat(records / flushes / KEYS).isBetween(0.9, 1.3);
    assertThat(acks).isBetween(packets / 2, packets * 5 / 4);
    assertThat((double) batches * 10 / MEASURED_S).isBetween(scale.batches() / 3, scale.batches());
    assertThat(counted(world, ServerCounter.INTERNAL_ERRORS)).isZero();
  }

  private static World world() {
    Scenario scenario =
        new Scenario(
            1,
            MEMBERS,
            0,
            0,
            new Layout(Period.TEN_SECONDS, SHARDS),
            JournalSync.NONE,
            false,
            false,
            false,
            Duration.ofHours(24),
            true,
            Duration.ZERO);
    return new World(scenario, new Parts(), false);
  }

  private long sent(ClientCounter counter) {
    return clients.stream().mapToLong(client -> client.counter(counter)).sum();
  }

  private static long counted(World world, ServerCounter counter) {
    return world.servers().stream().mapToLong(server -> server.process().counter(counter)).sum();
  }

  private static int lanes(World world) {
    return world.servers().stream()
        .flatMap(server -> server.process().engine().receivers().stream())
        .mapToInt(receiver -> receiver.view().lanes())
        .sum();
  }
}
