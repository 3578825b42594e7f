package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.seal.Secret;
import org.skymetrics.common.seal.Secrets;

/**
 * The real client against servers and a network with faults, many seeds: what was accepted is what
 * was counted, per key and minute, and what can't be known is what was reported.
 */
final class SenderSimulationTest {
  private static final Secrets SECRETS = Secrets.of(Secret.parse("ab".repeat(32)));
  private static final String[] KEYS = {"a|b", "a|c", "http>status|200", "x", "y|z|w", "ümlaut"};

  private final Map<FakeRing.Slot, Long> accepted = new HashMap<>();
  private final Map<FakeRing.Slot, Double> greatest = new HashMap<>();

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldCountOnceWhateverTheNetworkDoes(long seed) {
    FakeRing ring = started(seed, 1 + (int) (seed % 4));
    ring.loss = 0.2;
    ring.doubling = 0.05;
    ring.maxDelayNs = 300_000_000;
    for (int i = 0; i < 200; i++) {
      count(ring, 1 + ring.random.nextInt(40));
      ring.run(Duration.ofMillis(ring.random.nextInt(2_000)));
    }
    ring.heal();
    assertExact(ring, true);
    assertThat(ring.stat(ClientCounter.PACKETS_RESENT)).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldCountOnceWhateverHappensToTheServers(long seed) {
    FakeRing ring = started(seed, 3);
    // The kinds of disturbance: 5 after which all can be told, one after which what is given up is
    // known here to the unit, one after which only its bounds are.
    int kinds = 5 + (int) (seed % 3);
    ring.loss = 0.1;
    ring.doubling = 0.05;
    ring.maxDelayNs = 150_000_000;
    for (int i = 0; i < 300; i++) {
      count(ring, 1 + ring.random.nextInt(20));
      ring.run(Duration.ofMillis(ring.random.nextInt(1_500)));
      if (ring.random.nextInt(12) == 0) {
        disturb(ring, kinds);
      }
    }
    ring.heal();
    assertExact(ring, kinds == 5);
    if (kinds == 6) {
      assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(ring.ambiguous());
    }
  }

  /**
   * Servers that never return: what they may have counted is given up, to the unit, and no more.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldLoseNoMoreThanWasInFlightToServersThatNeverReturn(long seed) {
    FakeRing ring = started(seed, 5, new SkyBuilder().holdFor(Duration.ofSeconds(70)));
    ring.loss = 0.05;
    ring.doubling = 0.05;
    ring.maxDelayNs = 100_000_000;
    boolean ringFollows = seed % 2 == 0;
    for (int i = 0; i < 150; i++) {
      count(ring, 1 + ring.random.nextInt(20));
      ring.run(Duration.ofMillis(ring.random.nextInt(1_500)));
      if (i % 40 == 39) {
        String name = "s" + i / 40;
        ring.vanish(name);
        if (ringFollows) {
          List<String> left = ring.names().subList(i / 40 + 1, 5);
          ring.at(ring.clock.monotonicNs() + 2_500_000_000L, () -> ring.setRing(left));
        }
      }
    }
    ring.heal();
    ring.run(Duration.ofSeconds(120));
    ring.forgetUnacknowledged();
    assertThat(ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(ring.ambiguous());
    assertExact(ring, false);
    long counted = ring.deliveredCounts().values().stream().mapToLong(n -> n).sum();
    long sent = accepted.values().stream().mapToLong(n -> n).sum();
    assertThat(counted + ring.stat(ClientCounter.COUNTS_AMBIGUOUS)).isEqualTo(sent);
  }

  private static void disturb(FakeRing ring, int kinds) {
    Random random = ring.random;
    List<String> names = ring.names();
    String name = names.get(random.nextInt(names.size()));
    long backNs = ring.clock.monotonicNs() + random.nextInt(20) * 1_000_000_000L;
    switch (random.nextInt(kinds)) {
      case 0 -> ring.setDown(name, true);
      case 1 -> ring.move(name);
      case 2 -> ring.crashUncounted(name);
      case 3 -> {
        if (names.size() < 6) {
          ring.addServer("s" + names.size());
        }
        ring.setRing(ring.names());
      }
      case 4 ->
          ring.setRing(
              List.of(name, names.get(random.nextInt(names.size()))).stream().distinct().toList());
      case 5 -> ring.crashCounted(name);
      default -> {
        // Its last word may be lost, and then what it left open is unknown.
        ring.stop(name);
      }
    }
    ring.at(backNs, () -> ring.setDown(name, false));
  }

  private FakeRing started(long seed, int servers) {
    return started(seed, servers, new SkyBuilder());
  }

  private FakeRing started(long seed, int servers, SkyBuilder builder) {
    boolean sealed = seed % 2 == 1;
    FakeRing ring = new FakeRing(seed, builder, servers, sealed ? () -> SECRETS : null);
    ring.skewMs = ring.random.nextInt(7_200_000) - 3_600_000;
    ring.sky.counter("warm", 0);
    ring.run(Duration.ofSeconds(5));
    assertThat(ring.stat(ClientCounter.HANDSHAKES)).isPositive();
    return ring;
  }

  private void count(FakeRing ring, int times) {
    long intoPeriod = ring.serverMs() % 60_000;
    if (intoPeriod < 2_000 || intoPeriod > 58_000) {
      // Clocks are only told to within a second.
      return;
    }
    for (int i = 0; i < times; i++) {
      String key = KEYS[ring.random.nextInt(KEYS.length)];
      switch (ring.random.nextInt(5)) {
        case 0, 1 -> {
          int n = 1 + ring.random.nextInt(9);
          ring.sky.counter(key, n);
          accept(ring, key, Kind.COUNTER, n, 0);
        }
        case 2 -> {
          int last = ring.random.nextInt(30);
          ring.sky.counterIn(key, last);
          accept(ring, key + '|' + last, Kind.COUNTER, 1, 0);
        }
        case 3 -> {
          double value = ring.random.nextInt(1_000) - 100;
          ring.sky.gauge(key, value);
          accept(ring, key, Kind.GAUGE, 1, value);
        }
        default -> {
          double value = Math.exp(ring.random.nextDouble() * 40 - 10);
          ring.sky.histogram(key, value);
          accept(ring, key, Kind.HISTOGRAM, 1, value);
        }
      }
    }
  }

  private void accept(FakeRing ring, String key, Kind kind, long n, double value) {
    FakeRing.Slot slot = new FakeRing.Slot(key, kind, ring.serverMs() / 60_000 * 60_000);
    accepted.merge(slot, n, Long::sum);
    greatest.merge(slot, value, Math::max);
  }

  private void assertExact(FakeRing ring, boolean whole) {
    assertThat(ring.sender.countsLeft()).as("not settled").isZero();
    Stats stats = ring.core.stats();
    assertThat(stats.heldPackets()).isZero();
    assertThat(stats.heldBytes()).isZero();
    assertThat(stats.get(ClientCounter.FOLDED_LATE)).isZero();
    assertThat(stats.acceptedCounts())
        .isEqualTo(accepted.values().stream().mapToLong(n -> n).sum());
    Map<FakeRing.Slot, Cell> delivered = ring.delivered();
    Map<FakeRing.Slot, Long> counted = new HashMap<>();
    delivered.forEach((slot, cell) -> counted.put(slot, FakeRing.count(cell)));
    if (whole) {
      assertThat(stats.get(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
      assertThat(sorted(counted)).isEqualTo(sorted(accepted));
      delivered.forEach(
          (slot, cell) -> {
            if (cell instanceof HistogramCell h) {
              assertThat(h.moments().max()).isEqualTo(greatest.get(slot));
            }
          });
      return;
    }
    long missing = 0;
    for (Map.Entry<FakeRing.Slot, Long> entry : accepted.entrySet()) {
      long n = counted.getOrDefault(entry.getKey(), 0L);
      assertThat(n).as("%s counted twice", entry.getKey()).isLessThanOrEqualTo(entry.getValue());
      missing += entry.getValue() - n;
    }
    assertThat(counted.keySet()).isSubsetOf(accepted.keySet());
    assertThat(stats.get(ClientCounter.COUNTS_AMBIGUOUS)).isGreaterThanOrEqualTo(missing);
    assertThat(stats.acknowledgedCounts())
        .isEqualTo(stats.acceptedCounts() - stats.get(ClientCounter.COUNTS_AMBIGUOUS));
  }

  private static Map<String, Long> sorted(Map<FakeRing.Slot, Long> counts) {
    Map<String, Long> sorted = new TreeMap<>();
    counts.forEach((slot, n) -> sorted.put(slot.toString(), n));
    return sorted;
  }
}
