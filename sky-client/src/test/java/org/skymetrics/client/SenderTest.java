package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.wire.Cookie;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.RingPart;

final class SenderTest {
  private static FakeRing ring(int servers) {
    return new FakeRing(1, new SkyBuilder(), servers);
  }

  /** With lanes to all servers open. */
  private static FakeRing started(SkyBuilder builder, int servers, int keys) {
    FakeRing ring = new FakeRing(1, builder, servers);
    for (int i = 0; i < keys; i++) {
      ring.sky.counter("k" + i, 0);
    }
    ring.run(Duration.ofSeconds(5));
    return ring;
  }

  @Test
  void shouldSendNothingButAHelloUntilTheAddressIsProved() {
    FakeRing ring = ring(1);
    ring.sky.counter("a");
    ring.setDown("s0", true);
    ring.run(Duration.ofSeconds(30));
    assertThat(ring.stat(ClientCounter.PACKETS_SENT)).isZero();
    assertThat(ring.stat(ClientCounter.HANDSHAKES)).isZero();
  }

  @Test
  void shouldCostOneRecordAPeriodWhileAServerIsAwayForAnHour() {
    FakeRing ring = started(new SkyBuilder(), 1, 3);
    ring.setDown("s0", true);
    long before = ring.serverMs();
    long n = 0;
    // Counted in the middle of each minute and often.
    for (int minute = 0; minute < 60; minute++) {
      ring.run(Duration.ofMillis(60_000 - ring.serverMs() % 60_000 + 10_000));
      for (int i = 0; i < 40; i++) {
        ring.sky.counter("k0");
        ring.sky.histogram("h", i);
        n++;
        ring.run(Duration.ofSeconds(1));
      }
    }
    Stats stats = ring.core.stats();
    // A few went out before the silence was noticed.
    assertThat(stats.heldPackets()).isLessThan(70);
    assertThat(stats.heldBytes()).isLessThan(70 * 300);
    ring.heal();
    assertThat(ring.recordsOf("k0")).isBetween(60, 66);
    assertThat(ring.sender.countsLeft()).isZero();
    long sum = 0;
    for (Map.Entry<FakeRing.Slot, Cell> entry : ring.delivered().entrySet()) {
      if (entry.getKey().key().equals("k0")) {
        assertThat(FakeRing.count(entry.getValue())).as("%s", entry.getKey()).isIn(0L, 40L);
        assertThat(entry.getKey().periodMs()).isGreaterThanOrEqualTo(before - 60_000);
        sum += FakeRing.count(entry.getValue());
      }
    }
    assertThat(sum).isEqualTo(n);
  }

  @Test
  void shouldKnowThatLessThanAWholeCountIsLeft() {
    FakeRing ring = started(new SkyBuilder(), 1, 0);
    ring.setDown("s0", true);
    ring.sky.counter("a", 0.5);
    ring.run(Duration.ofMinutes(2));
    assertThat(ring.sender.countsLeft()).isZero();
    assertThat(ring.sender.packetsLeft()).isEqualTo(1);
    ring.heal();
    assertThat(ring.sender.packetsLeft()).isZero();
  }

  @Test
  void shouldFoldOnPastTheBudgetAndSaySo() {
    FakeRing ring = started(new SkyBuilder().packetBudget(1 << 16), 1, 1);
    ring.setDown("s0", true);
    long n = 0;
    for (int minute = 0; minute < 120; minute++) {
      for (int i = 0; i < 100; i++) {
        ring.sky.counter("a.quite.long.key.of.an.application|" + i);
        n++;
      }
      ring.run(Duration.ofMinutes(1));
    }
    // One harvest may go over the budget, no more.
    assertThat(ring.core.stats().heldBytes()).isBetween(1L << 16, (1L << 16) + 6_000);
    ring.heal();
    assertThat(ring.stat(ClientCounter.FOLDED_LATE)).isPositive();
    assertThat(ring.deliveredCounts().values().stream().mapToLong(c -> c).sum()).isEqualTo(n);
  }

  @Test
  void shouldSayWhatIsFoldedLateWhenRoomComesBetweenTwoPeriods() {
    FakeRing ring = started(new SkyBuilder().packetBudget(1 << 16), 1, 1);
    ring.setDown("s0", true);
    while (ring.core.stats().heldBytes() < 1 << 16) {
      for (int i = 0; i < 400; i++) {
        ring.sky.counter("a.quite.long.key.of.an.application|" + i);
      }
      ring.run(Duration.ofMinutes(1));
    }
    ring.sky.counter("late", 1_000);
    ring.run(Duration.ofMinutes(2));
    ring.setDown("s0", false);
    ring.run(Duration.ofSeconds(20));
    assertThat(ring.stat(ClientCounter.FOLDED_LATE)).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void shouldTellTheRingWhatWasRefusedAndKeepThatApartFromTheCounts() {
    FakeRing ring = started(new SkyBuilder().keyLimit(3), 1, 1);
    ring.sky.counter("bad||key", 5);
    ring.sky.counter("bad\nkey");
    ring.sky.counter("bad||key");
    ring.sky.histogram("h", Double.NaN);
    for (int i = 0; i < 10; i++) {
      ring.sky.counter("k|" + i);
    }
    ring.run(Duration.ofMinutes(2));
    for (ClientCounter counter :
        List.of(
            ClientCounter.REFUSED_EMPTY_SEGMENT,
            ClientCounter.REFUSED_CONTROL_CHARACTER,
            ClientCounter.REFUSED_NOT_FINITE,
            ClientCounter.OVER_LIMIT)) {
      assertThat(ring.lossReported(counter)).as("%s", counter).isEqualTo(ring.stat(counter));
    }
    assertThat(ring.lossReported(ClientCounter.REFUSED_EMPTY_SEGMENT)).isEqualTo(2);
    assertThat(ring.lossReported(ClientCounter.OVER_LIMIT)).isPositive();
    long delivered = ring.deliveredCounts().values().stream().mapToLong(n -> n).sum();
    assertThat(ring.core.stats().acceptedCounts()).isEqualTo(delivered);
    assertThat(ring.core.stats().acknowledgedCounts()).isEqualTo(delivered);
    long packets = ring.stat(ClientCounter.PACKETS_SENT);
    ring.run(Duration.ofMinutes(5));
    assertThat(ring.stat(ClientCounter.PACKETS_SENT)).as("nothing new").isEqualTo(packets);
  }

  @Test
  void shouldNotGrowWithThoseWhoWaitWhileTheRingIsAway() {
    FakeRing ring = started(new SkyBuilder().packetBudget(1 << 16), 1, 1);
    ring.setDown("s0", true);
    for (int i = 0; i < 5_000; i++) {
      ring.sky.counter("some.key.of.some.length.that.is.counted.again.and.again");
      Progress.Request request = new Progress.Request(false);
      ring.core.progress().ask(request);
      ring.run(Duration.ofMillis(10));
      if (i % 2 == 0) {
        request.done().cancel(false);
      }
    }
    assertThat(ring.core.stats().heldBytes()).isLessThan((1 << 16) + 1_500);
    ring.heal();
    assertThat(ring.sender.countsLeft()).isZero();
  }

  @Test
  void shouldAnswerWhoWaitsWhenAllIsAcknowledged() {
    FakeRing ring = started(new SkyBuilder(), 2, 10);
    ring.loss = 0.3;
    ring.sky.counter("k1", 5);
    ring.sky.gauge("g", 1);
    Progress.Request request = new Progress.Request(false);
    ring.core.progress().ask(request);
    ring.run(Duration.ofMillis(1));
    assertThat(request.done()).isNotDone();
    ring.run(Duration.ofSeconds(20));
    assertThat(request.done()).isCompletedWithValue(true);
    assertThat(ring.sender.isFinished()).isFalse();
    ring.core.progress().ask(new Progress.Request(true));
    ring.run(Duration.ofSeconds(20));
    assertThat(ring.sender.isFinished()).isTrue();
  }

  @Test
  void shouldTellWhoWaitsThatSomethingWasGivenUp() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    ring.loss = 1;
    ring.sky.counter("k0", 5);
    Progress.Request request = new Progress.Request(false);
    ring.core.progress().ask(request);
    ring.run(Duration.ofSeconds(1));
    ring.crashCounted("s0");
    ring.heal();
    assertThat(request.done()).isCompletedWithValue(false);
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(5);
  }

  @Test
  void shouldCountInTheServersPeriodThoughItsOwnClockIsAnHourAhead() {
    for (long skew : List.of(-3_600_000L, -31_000L, 29_000L, 3_600_000L)) {
      FakeRing ring = ring(1);
      ring.skewMs = skew;
      ring.run(Duration.ofMillis(60_000 - ring.serverMs() % 60_000 + 20_000));
      ring = ring(1);
      ring.skewMs = skew - ring.serverMs() % 60_000 + 20_000;
      long period = ring.serverMs() / 60_000 * 60_000;
      ring.sky.counter("a");
      ring.sky.gauge("g", 1);
      ring.sky.histogram("h", 1);
      ring.run(Duration.ofSeconds(90));
      assertThat(ring.delivered().keySet())
          .contains(
              new FakeRing.Slot("a", Kind.COUNTER, period),
              new FakeRing.Slot("g", Kind.GAUGE, period),
              new FakeRing.Slot("h", Kind.HISTOGRAM, period));
      assertThat(ring.sender.countsLeft()).isZero();
    }
  }

  @Test
  void shouldNotTakeALateAnswerForAnotherClock() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    ring.run(Duration.ofMillis(60_000 - ring.serverMs() % 60_000 + 58_500));
    long period = ring.serverMs() / 60_000 * 60_000 + 60_000;
    ring.maxDelayNs = 2_500_000_000L;
    ring.sky.counter("early");
    ring.run(Duration.ofSeconds(3));
    ring.sky.counter("k0", 3);
    ring.run(Duration.ofSeconds(20));
    assertThat(ring.delivered().get(new FakeRing.Slot("k0", Kind.COUNTER, period)))
        .isNotNull()
        .extracting(FakeRing::count)
        .isEqualTo(3L);
  }

  @Test
  void shouldTakeThePeriodOfTheRing() {
    FakeRing ring = ring(1);
    ring.servers.get("s0").periodMs = 1_000;
    ring.sky.counter("a");
    ring.run(Duration.ofSeconds(5));
    for (int i = 0; i < 10; i++) {
      ring.run(Duration.ofMillis(1_000 - ring.serverMs() % 1_000 + 500));
      ring.sky.counter("a");
    }
    ring.run(Duration.ofSeconds(5));
    assertThat(ring.delivered().keySet().stream().filter(s -> s.key().equals("a"))).hasSize(11);
  }

  @Test
  void shouldTakeARingOfManyParts() {
    FakeRing ring = ring(1);
    List<String> names = new ArrayList<>(List.of("s0"));
    for (int i = 0; i < 120; i++) {
      names.add("a-member-with-a-name-of-some-length-" + i);
    }
    ring.loss = 0.2;
    ring.setRing(names);
    ring.sky.counter("a");
    ring.run(Duration.ofSeconds(60));
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
  }

  @Test
  void shouldNeverTakeAnEmptyRingNorAskForItWithoutEnd() {
    FakeRing ring = started(new SkyBuilder(), 2, 5);
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
    int before = requests(ring);
    ring.servers.values().forEach(server -> server.ring = Ring.empty());
    for (int i = 0; i < 60; i++) {
      ring.sky.counter("k" + i % 5);
      ring.run(Duration.ofSeconds(1));
    }
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
    assertThat(requests(ring) - before).isBetween(1, 100);
    assertThat(ring.deliveredCounts().values().stream().mapToLong(n -> n).sum()).isEqualTo(60);
  }

  @Test
  void shouldNotFlapBetweenServersThatDiffer() {
    FakeRing ring = started(new SkyBuilder(), 2, 5);
    ring.servers.get("s0").ring = Ring.of(List.of(FakeRing.member("s0"), FakeRing.member("s1")));
    ring.servers.get("s1").ring =
        Ring.of(List.of(FakeRing.member("s0"), FakeRing.member("s1").named("other")));
    for (int i = 0; i < 600; i++) {
      ring.sky.counter("k" + i % 5);
      ring.run(Duration.ofMillis(100));
    }
    assertThat(requests(ring)).isLessThan(150);
    ring.heal();
    assertThat(ring.sender.countsLeft()).isZero();
  }

  private static int requests(FakeRing ring) {
    return ring.servers.values().stream().mapToInt(server -> server.ringRequests).sum();
  }

  @Test
  void shouldReachAServerUnderTwoNamesOfIt() {
    FakeRing ring = new FakeRing(1, new SkyBuilder().servers("localhost:8125"), 1);
    ring.alias("s0", "localhost");
    ring.sky.counter("a", 7);
    ring.run(Duration.ofSeconds(100));
    ring.sky.counter("a", 7);
    ring.run(Duration.ofSeconds(10));
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER a", 14L);
    assertThat(ring.sender.countsLeft()).isZero();
  }

  @Test
  void shouldSendElsewhereWhatAServerThatLeftHadNotCounted() {
    FakeRing ring = started(new SkyBuilder(), 3, 30);
    for (int i = 0; i < 30; i++) {
      ring.sky.counter("k" + i);
    }
    ring.setDown("s1", true);
    ring.run(Duration.ofSeconds(1));
    ring.servers.get("s1").stop();
    ring.run(Duration.ofSeconds(5));
    ring.setRing(List.of("s0", "s2"));
    ring.sky.counter("k1");
    ring.run(Duration.ofSeconds(60));
    assertThat(ring.sender.countsLeft()).isZero();
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
    assertThat(ring.deliveredCounts().values().stream().mapToLong(n -> n).sum()).isEqualTo(31);
  }

  @Test
  void shouldHearOfANewRingThoughItsOnlyServerIsGone() {
    FakeRing ring = started(new SkyBuilder(), 3, 1);
    String owner =
        ring.servers.entrySet().stream()
            .filter(e -> e.getValue().openedLanes > 0)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    ring.setDown(owner, true);
    ring.setRing(ring.names().stream().filter(name -> !name.equals(owner)).toList());
    // The first counts are in flight to the server that is gone when it falls silent.
    ring.sky.counter("k0", 100);
    ring.run(Duration.ofSeconds(60));
    ring.sky.counter("k0", 7);
    ring.run(Duration.ofSeconds(60));
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER k0", 7L);
    ring.setDown(owner, false);
    ring.run(Duration.ofSeconds(10));
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER k0", 107L);
  }

  /** Who counted this key last. */
  private static String ownerOf(FakeRing ring, String key) {
    return ring.servers.entrySet().stream()
        .filter(server -> countOn(ring, server.getKey(), key) > 0)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static long countOn(FakeRing ring, String server, String key) {
    long sum = 0;
    for (FakeServer.Taken taken : ring.servers.get(server).taken.values()) {
      for (FakeServer.Counted counted : taken.records()) {
        sum += counted.key().toString().equals(key) ? FakeRing.count(counted.cell()) : 0;
      }
    }
    return sum;
  }

  private static void countFor(FakeRing ring, String key, Duration time) {
    long end = ring.clock.monotonicNs() + time.toNanos();
    while (ring.clock.monotonicNs() < end) {
      ring.sky.counter(key);
      ring.run(Duration.ofMillis(50));
    }
  }

  @Test
  void shouldGoToTheNextServerWithinThreeSecondsAndBackAgain() {
    FakeRing ring = started(new SkyBuilder(), 3, 1);
    countFor(ring, "k0", Duration.ofSeconds(5));
    String owner = ownerOf(ring, "k0");
    ring.setDown(owner, true);
    long before = countOn(ring, owner, "k0");
    countFor(ring, "k0", Duration.ofMillis(3_000));
    Map<String, Long> elsewhere = new HashMap<>();
    ring.names().forEach(name -> elsewhere.put(name, countOn(ring, name, "k0")));
    elsewhere.remove(owner);
    assertThat(elsewhere.values()).as("one other has all that is new").containsOnlyOnce(0L);
    countFor(ring, "k0", Duration.ofSeconds(20));
    long held = ring.core.stats().heldPackets();
    assertThat(held).as("what it may have counted waits for it").isBetween(1L, 6L);
    assertThat(ring.stat(ClientCounter.SERVER_SILENT)).isEqualTo(1);
    ring.setDown(owner, false);
    countFor(ring, "k0", Duration.ofSeconds(4));
    assertThat(countOn(ring, owner, "k0")).isGreaterThan(before);
    elsewhere.replaceAll((name, n) -> countOn(ring, name, "k0"));
    countFor(ring, "k0", Duration.ofSeconds(5));
    elsewhere.forEach(
        (name, n) -> assertThat(countOn(ring, name, "k0")).as("its keys are back").isEqualTo(n));
    ring.heal();
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER k0", ring.accepted());
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
  }

  @Test
  void shouldNoticeThatAServerIsBackThoughNothingIsInFlightToIt() {
    FakeRing ring = started(new SkyBuilder(), 3, 1);
    countFor(ring, "k0", Duration.ofSeconds(5));
    String owner = ownerOf(ring, "k0");
    ring.run(Duration.ofSeconds(2));
    ring.stop(owner);
    ring.run(Duration.ofSeconds(1));
    countFor(ring, "k0", Duration.ofSeconds(10));
    ring.setDown(owner, false);
    long before = countOn(ring, owner, "k0");
    countFor(ring, "k0", Duration.ofSeconds(4));
    assertThat(countOn(ring, owner, "k0")).isGreaterThan(before);
  }

  @Test
  void shouldSendElsewhereAtOnceWhatAServerThatStopsLeavesOpen() {
    FakeRing ring = started(new SkyBuilder(), 3, 30);
    ring.setDown("s1", true);
    for (int i = 0; i < 30; i++) {
      ring.sky.counter("k" + i);
    }
    ring.run(Duration.ofSeconds(1));
    assertThat(ring.sender.countsLeft()).isPositive();
    // The ring does not change; its last word is all there is.
    ring.servers.get("s1").stop();
    ring.run(Duration.ofSeconds(1));
    assertThat(ring.sender.countsLeft()).isZero();
    assertThat(ring.stat(ClientCounter.PACKETS_MOVED)).isPositive();
    assertThat(ring.stat(ClientCounter.SERVER_SILENT)).isZero();
    assertThat(ring.deliveredCounts().values().stream().mapToLong(n -> n).sum()).isEqualTo(30);
  }

  @Test
  void shouldMoveNothingWhileAllAreSilent() {
    FakeRing ring = started(new SkyBuilder(), 3, 30);
    ring.names().forEach(name -> ring.setDown(name, true));
    for (int second = 0; second < 600; second++) {
      for (int i = 0; i < 30; i++) {
        ring.sky.counter("k" + i);
      }
      ring.run(Duration.ofSeconds(1));
    }
    Stats stats = ring.core.stats();
    // A few of the beginning, and one for each server and minute.
    assertThat(stats.heldPackets()).isLessThan(3 * (10 + 8));
    assertThat(stats.get(ClientCounter.PACKETS_MOVED)).isLessThan(20);
    ring.names().forEach(name -> ring.setDown(name, false));
    ring.run(Duration.ofSeconds(20));
    assertThat(ring.sender.countsLeft()).isZero();
    assertThat(ring.deliveredCounts().values().stream().mapToLong(n -> n).sum())
        .isEqualTo(30 * 600);
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
  }

  @Test
  void shouldNotTryAllOfALongRingWhenItIsCutOffItself() {
    FakeRing ring = started(new SkyBuilder(), 60, 1);
    ring.names().forEach(name -> ring.setDown(name, true));
    countFor(ring, "k0", Duration.ofMinutes(3));
    int before = ring.datagrams;
    countFor(ring, "k0", Duration.ofMinutes(1));
    // A few servers are asked every 2 s, and one after the other for the ring.
    assertThat(ring.datagrams - before).isLessThan(600);
  }

  @Test
  void shouldGoOnWithTheOthersWhenPacketsForADeadServerUseUpTheBudget() {
    FakeRing ring = started(new SkyBuilder().packetBudget(1 << 16), 2, 40);
    ring.setDown("s1", true);
    String longKey = ".is.a.key.that.is.long.enough.to.fill.many.packets.and.shares.nothing";
    for (int i = 0; i < 4_000; i++) {
      ring.sky.counter(i + longKey);
    }
    ring.run(Duration.ofMinutes(3));
    for (int i = 0; i < 40; i++) {
      ring.sky.counter("k" + i);
    }
    ring.run(Duration.ofSeconds(10));
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isPositive();
    assertThat(ring.core.stats().heldBytes()).isLessThanOrEqualTo(1 << 15);
    for (int i = 0; i < 40; i++) {
      assertThat(countOn(ring, "s0", "k" + i)).as("k%d", i).isEqualTo(1);
    }
    long counted = ring.deliveredCounts().values().stream().mapToLong(n -> n).sum();
    ring.heal();
    assertThat(ring.sender.countsLeft()).isZero();
    long all = ring.deliveredCounts().values().stream().mapToLong(n -> n).sum();
    assertThat(all).isGreaterThan(counted);
    assertThat(all + ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(4_040);
  }

  @Test
  void shouldSendAllKeysAtAFlushAndNotOnePacketOfThem() {
    FakeRing ring = started(new SkyBuilder(), 2, 40);
    ring.run(Duration.ofMillis(60_000 - ring.serverMs() % 60_000 + 10_000));
    for (int i = 0; i < 4_000; i++) {
      ring.sky.counter("key" + i);
    }
    ring.run(Duration.ofSeconds(2));
    assertThat(ring.sender.countsLeft()).isZero();
  }

  @Test
  void shouldBeginWithAnyAddressThatLives() {
    FakeRing ring = new FakeRing(3, new SkyBuilder(), 4);
    for (String name : List.of("s0", "s1", "s3")) {
      ring.setDown(name, true);
    }
    ring.sky.counter("k0", 5);
    ring.run(Duration.ofSeconds(75));
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
    assertThat(countOn(ring, "s2", "k0")).isEqualTo(5);
    ring.sky.counter("k1", 5);
    ring.run(Duration.ofSeconds(5));
    assertThat(countOn(ring, "s2", "k1")).isEqualTo(5);
  }

  @Test
  void shouldFollowARingThatChangesWithinThreeSeconds() {
    FakeRing ring = started(new SkyBuilder(), 3, 1);
    countFor(ring, "k0", Duration.ofSeconds(3));
    ring.addServer("s3");
    ring.addServer("s4");
    for (String name : List.of("s3", "s4", "s1")) {
      ring.setRing(List.of(name));
      countFor(ring, "k0", Duration.ofSeconds(3));
      long there = countOn(ring, name, "k0");
      assertThat(there).as(name).isPositive();
    }
    ring.heal();
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER k0", ring.accepted());
  }

  @Test
  void shouldTakeARingOnlyFromWhoProvedItsAddressAndWasAsked() {
    FakeRing ring = new FakeRing(1, new SkyBuilder(), 2);
    Ring forged = Ring.of(List.of(FakeRing.member("evil")));
    ring.addServer("evil");
    InetSocketAddress evil = ring.resolve("evil", 8125, true);
    evil = ring.resolve("evil", 8125, false);
    // Nobody has answered a HELLO yet.
    ring.loss = 1;
    ring.sky.counter("k0");
    ring.run(Duration.ofSeconds(2));
    InetSocketAddress s0 = ring.resolve("s0", 8125, false);
    InetSocketAddress s1 = ring.resolve("s1", 8125, false);
    long session = ring.session;
    for (InetSocketAddress from : List.of(s0, s1, evil)) {
      forge(ring, new Cookie(session, 0, new byte[16]), from);
      forge(ring, RingPart.partsOf(forged, session).get(0), from);
    }
    ring.run(Duration.ofMillis(500));
    for (InetSocketAddress from : List.of(s0, s1, evil)) {
      forge(ring, RingPart.partsOf(forged, session).get(0), from);
    }
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isZero();
    // With all well, and no request open: from strangers, of other sessions, in the server's name.
    ring.loss = 0;
    ring.run(Duration.ofSeconds(5));
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
    long refused = ring.stat(ClientCounter.PACKETS_REFUSED);
    forge(ring, RingPart.partsOf(forged, session).get(0), evil);
    forge(ring, RingPart.partsOf(forged, session + 1).get(0), s0);
    forge(ring, RingPart.partsOf(forged, session).get(0), s0);
    forge(ring, RingPart.partsOf(forged, session).get(0), s1);
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
    assertThat(ring.stat(ClientCounter.PACKETS_REFUSED)).isEqualTo(refused + 4);
    ring.sky.counter("k1");
    ring.run(Duration.ofSeconds(3));
    assertThat(ring.servers.get("evil").datagrams).isZero();
  }

  @Test
  void shouldNotTakeAPartOfARingThatIsNotTheOneAskedFor() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    InetSocketAddress s0 = ring.resolve("s0", 8125, false);
    Ring other = Ring.of(List.of(FakeRing.member("evil")));
    ring.servers.get("s0").claimedRingVersion = other.version();
    ring.servers.get("s0").ring = Ring.empty();
    ring.sky.counter("k0");
    // Asked for part 0 now and again, for the server says that there is another ring.
    while (requests(ring) < 2) {
      ring.run(Duration.ofMillis(1));
    }
    forge(ring, new RingPart(ring.session, other.version(), 1, 2, other.members()), s0);
    ring.run(Duration.ofSeconds(3));
    assertThat(ring.stat(ClientCounter.RINGS_TAKEN)).isEqualTo(1);
  }

  private static void forge(FakeRing ring, Packet packet, InetSocketAddress from) {
    byte[] bytes = packet.toBytes();
    ring.sender.onPacket(bytes, bytes.length, from);
  }

  @Test
  void shouldHoldAsLongAsItIsTold() {
    FakeRing ring = started(new SkyBuilder().holdFor(Duration.ofMinutes(5)), 2, 20);
    ring.setDown("s1", true);
    for (int i = 0; i < 20; i++) {
      ring.sky.counter("k" + i);
    }
    ring.run(Duration.ofMinutes(4));
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
    long held = ring.sender.countsLeft();
    assertThat(held).isPositive();
    ring.run(Duration.ofMinutes(2));
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(held);
    assertThat(ring.sender.countsLeft()).isZero();
  }

  @Test
  void shouldGiveUpAfterADayWhatAServerThatNeverReturnsMayHaveCounted() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    ring.loss = 1;
    ring.sky.counter("k0", 9);
    ring.run(Duration.ofHours(23));
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
    ring.run(Duration.ofHours(2));
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(9);
    // What it says of that is held, and no count.
    assertThat(ring.core.stats().heldPackets()).isEqualTo(1);
    assertThat(ring.sender.countsLeft()).isZero();
    ring.heal();
    assertThat(ring.core.stats().heldPackets()).isZero();
    assertThat(ring.lossReported(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(9);
  }

  @Test
  void shouldFindAServerAtItsNewAddress() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    ring.move("s0");
    ring.sky.counter("k0", 3);
    ring.run(Duration.ofSeconds(15));
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER k0", 3L);
    // The server knew the lane.
    assertThat(ring.servers.get("s0").openedLanes).isEqualTo(1);
  }

  @Test
  void shouldSayNothingOfFaultsWhenAllIsWell() {
    FakeRing ring = started(new SkyBuilder(), 3, 1);
    for (int i = 0; i < 30; i++) {
      ring.run(Duration.ofSeconds(10));
      ring.sky.counter("k" + i);
    }
    ring.run(Duration.ofSeconds(10));
    for (ClientCounter fault :
        List.of(
            ClientCounter.SERVER_SILENT,
            ClientCounter.PACKETS_RESENT,
            ClientCounter.PACKETS_REFUSED,
            ClientCounter.SEND_FAILURES)) {
      assertThat(ring.stat(fault)).as("%s", fault).isZero();
    }
    assertThat(ring.sender.countsLeft()).isZero();
  }

  @Test
  void shouldRestWhenThereIsNothingToDo() {
    FakeRing ring = new FakeRing(1, new SkyBuilder().servers("unknown:1,localhost:8125"), 1);
    ring.alias("s0", "localhost");
    ring.sky.counter("a");
    ring.run(Duration.ofSeconds(60));
    ring.steps = 0;
    int datagrams = ring.servers.get("s0").datagrams;
    ring.run(Duration.ofSeconds(60));
    // Twice a second for the flush, and once for the period's end.
    assertThat(ring.steps).isLessThan(130);
    assertThat(ring.servers.get("s0").datagrams).isEqualTo(datagrams);
  }

  @Test
  void shouldWaitForANameThatIsNotKnownYet() {
    FakeRing ring = ring(1);
    InetSocketAddress none = ring.resolve("s0", 8125, false);
    assertThat(none).isNull();
    ring.unknownHost("s0");
    ring.sky.counter("a", 2);
    ring.run(Duration.ofMinutes(5));
    assertThat(ring.steps).isLessThan(1_500);
    ring.move("s0");
    ring.run(Duration.ofSeconds(70));
    assertThat(ring.deliveredCounts()).containsEntry("COUNTER a", 2L);
  }

  @Test
  void shouldSendLessOftenWhereAServerAsksForPatience() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    ring.servers.get("s0").patience = 4;
    for (int i = 0; i < 600; i++) {
      ring.sky.counter("k0");
      ring.run(Duration.ofMillis(100));
    }
    assertThat(ring.stat(ClientCounter.PACKETS_SENT)).isLessThan(15);
  }

  @Test
  void shouldSendSumsThatRanOver() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    for (int i = 0; i < 6; i++) {
      ring.sky.gauge("g", 1e300);
      ring.sky.histogram("h", -1e300);
      ring.run(Duration.ofSeconds(1));
    }
    ring.run(Duration.ofSeconds(5));
    assertThat(ring.deliveredCounts())
        .containsEntry("GAUGE g", 6L)
        .containsEntry("HISTOGRAM h", 6L);
  }

  @Test
  void shouldKeepTheLastOfAGauge() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    for (int i = 0; i < 20; i++) {
      ring.sky.gauge("g", i);
      ring.run(Duration.ofMillis(700));
    }
    ring.run(Duration.ofSeconds(2));
    long last =
        ring.delivered().keySet().stream()
            .filter(slot -> slot.key().equals("g"))
            .mapToLong(FakeRing.Slot::periodMs)
            .max()
            .orElseThrow();
    GaugeCell cell = (GaugeCell) ring.delivered().get(new FakeRing.Slot("g", Kind.GAUGE, last));
    assertThat(cell.last()).isEqualTo(19);
    assertThat(cell.moments().max()).isEqualTo(19);
  }

  @Test
  void shouldTakeAnyBytes() {
    FakeRing ring = started(new SkyBuilder(), 1, 1);
    Random random = new Random(7);
    InetSocketAddress from = ring.resolve("s0", 8125, false);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 3 && i % 2 == 0) {
        bytes[0] = (byte) 0xfa;
        bytes[1] = 1;
        bytes[2] = (byte) (1 + random.nextInt(8));
        bytes[3] = 0;
      }
      ring.sender.onPacket(bytes, bytes.length, from);
    }
    assertThat(ring.stat(ClientCounter.PACKETS_REFUSED)).isEqualTo(20_000);
    assertThat(Packet.fault(new byte[0], 0, 0)).isNotNull();
    ring.sky.counter("k0");
    ring.run(Duration.ofSeconds(2));
    assertThat(ring.sender.countsLeft()).isZero();
  }
}
