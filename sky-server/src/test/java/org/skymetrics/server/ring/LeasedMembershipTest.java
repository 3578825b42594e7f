package org.skymetrics.server.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferenceMemberLeases;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.member.Standing;

class LeasedMembershipTest {
  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final ReferenceMemberLeases leases = new ReferenceMemberLeases(clock);
  private final Map<String, Server> servers = new LinkedHashMap<>();

  /** A server as far as membership goes. */
  private final class Server {
    final Counters counters = new Counters();
    final List<Ring> rings = new ArrayList<>();
    final LeasedMembership membership;

    Server(String name, String holder, int port) {
      Member self = new Member(name, "10.0.0.1", port, 0);
      membership = new LeasedMembership(self, holder, leases, clock, counters, rings::add);
    }

    List<String> ring() {
      return rings.isEmpty()
          ? List.of()
          : rings.get(rings.size() - 1).members().stream().map(Member::name).toList();
    }

    long count(ServerCounter counter) {
      return counters.get(counter);
    }
  }

  private Server start(String name) {
    Server server = new Server(name, "journal-of-" + name, 8125);
    servers.put(name, server);
    return server;
  }

  private void turn() {
    clock.advance(MemberLeases.RENEWAL);
    servers.values().forEach(server -> server.membership.step());
  }

  private void run(Duration time) {
    long end = clock.monotonicNs() + time.toNanos();
    while (clock.monotonicNs() < end) {
      turn();
    }
  }

  private void begin(String... names) {
    for (String name : names) {
      start(name);
    }
    run(Duration.ofSeconds(3));
    assertAllKnow(names);
  }

  private void assertAllKnow(String... names) {
    servers.values().forEach(s -> assertThat(s.ring()).containsExactly(names));
  }

  @Test
  void shouldTellEachOtherAndCountIt() {
    begin("a", "b", "c");
    Server a = servers.get("a");
    assertThat(a.rings).as("no ring of a part of them").hasSize(1);
    assertThat(a.count(ServerCounter.MEMBERS_JOINED)).isEqualTo(3);
    servers.remove("b");
    run(Duration.ofMillis(2_800));
    assertAllKnow("a", "c");
    assertThat(a.count(ServerCounter.MEMBERS_LOST)).isEqualTo(1);
    start("b");
    turn();
    turn();
    assertThat(a.ring()).containsExactly("a", "b", "c");
    assertThat(servers.get("b").ring()).as("it has to look round first").isEmpty();
    run(Duration.ofSeconds(3));
    assertAllKnow("a", "b", "c");
  }

  @Test
  void shouldLeaveAtOnceAndSayWhenNothingIsLeft() {
    begin("a", "b");
    Server b = servers.get("b");
    b.membership.leave();
    assertThat(b.ring()).containsExactly("a");
    turn();
    turn();
    assertAllKnow("a");
    assertThat(states("a")).containsExactly(Standing.State.SERVING, Standing.State.LEAVING);
    b.membership.withdraw();
    turn();
    assertThat(states("a")).containsExactly(Standing.State.SERVING, Standing.State.LEFT);
    Server a = servers.get("a");
    assertThat(a.count(ServerCounter.MEMBERS_LEFT)).isEqualTo(1);
    assertThat(a.count(ServerCounter.MEMBERS_LOST)).isZero();
  }

  private List<Standing.State> states(String of) {
    return servers.get(of).membership.standings().stream().map(Standing::state).toList();
  }

  @Test
  void shouldKeepToTheLastRingWhenTheLastMemberLeaves() {
    begin("a");
    servers.get("a").membership.leave();
    assertAllKnow("a");
  }

  @Test
  void shouldRefuseASecondServerOfItsNameLoudly() {
    begin("a", "b");
    Server twin = new Server("a", "another-journal", 9125);
    servers.put("twin", twin);
    run(Duration.ofSeconds(10));
    assertThat(twin.membership.problem())
        .isEqualTo(
            "another server is in the ring under the name a, at 10.0.0.1:8125: this one at"
                + " 10.0.0.1:9125 is not in the ring until it is gone or has another name (--id)");
    assertThat(twin.count(ServerCounter.LEASES_REFUSED)).isGreaterThan(5);
    Ring ring = servers.get("b").rings.get(0);
    assertThat(servers.get("b").rings).hasSize(1);
    assertThat(ring.members().get(0).udpPort()).isEqualTo(8125);
    assertThat(servers.get("a").membership.problem()).isNull();
    servers.remove("a");
    run(Duration.ofSeconds(4));
    assertThat(twin.membership.problem()).isNull();
    assertThat(servers.get("b").ring()).containsExactly("a", "b");
  }

  @Test
  void shouldChangeNothingWhileNobodyCanWrite() {
    begin("a", "b", "c");
    leases.readOnly(true);
    run(Duration.ofMinutes(5));
    leases.readOnly(false);
    run(Duration.ofSeconds(5));
    servers.values().forEach(s -> assertThat(s.rings).hasSize(1));
    assertThat(servers.get("a").count(ServerCounter.LEASES_FAILED)).isGreaterThan(100);
    assertThat(servers.get("a").count(ServerCounter.MEMBERS_LOST)).isZero();
  }

  @Test
  void shouldComeAndGoOnlyWithTheStore() {
    begin("a", "b", "c");
    leases.away(true);
    servers.remove("c");
    Server b = servers.get("b");
    b.membership.leave();
    run(Duration.ofMinutes(1));
    assertThat(servers.get("a").ring()).containsExactly("a", "b", "c");
    leases.away(false);
    run(Duration.ofSeconds(3));
    assertAllKnow("a");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** Whatever the store goes through: only who comes and goes changes the ring. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldFollowTheMembersAndNothingElse(long seed) {
    Random random = new Random(seed);
    begin("m0", "m1", "m2");
    Map<String, Server> steady = new LinkedHashMap<>(servers);
    for (int i = 0; i < 60; i++) {
      disturbStore(random);
      run(Duration.ofMillis(random.nextInt(3_000)));
    }
    leases.away(false);
    leases.readOnly(false);
    run(Duration.ofSeconds(5));
    steady.values().forEach(s -> assertThat(s.rings).as("seed %d", seed).hasSize(1));
    for (int i = 0; i < 40; i++) {
      disturbStore(random);
      disturbMembers(random);
      run(Duration.ofMillis(random.nextInt(4_000)));
      servers.values().forEach(s -> assertThat(s.rings).noneMatch(Ring::isEmpty));
    }
    leases.away(false);
    leases.readOnly(false);
    run(Duration.ofSeconds(6));
    assertThat(servers).isNotEmpty();
    assertAllKnow(new TreeSet<>(servers.keySet()).toArray(new String[0]));
  }

  private Runnable older = () -> {};

  private void disturbStore(Random random) {
    switch (random.nextInt(8)) {
      case 0 -> leases.wipe();
      case 1 -> older = leases.snapshot();
      case 2 -> older.run();
      case 3 -> leases.away(random.nextBoolean());
      case 4 -> leases.readOnly(random.nextBoolean());
      case 5 -> leases.stepClock(random.nextInt(60_000) - 30_000);
      default -> {}
    }
  }

  private void disturbMembers(Random random) {
    String name = "m" + random.nextInt(6);
    Server present = servers.remove(name);
    if (present == null) {
      start(name);
    } else if (servers.isEmpty()) {
      servers.put(name, present);
    } else if (random.nextBoolean()) {
      present.membership.leave();
      present.membership.withdraw();
    }
  }
}
