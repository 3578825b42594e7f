package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.DataWriter;

/** What a client folds beside counters, gauges and histograms of this moment. */
final class RelayTest {
  private final FakeRing ring = new FakeRing(1, new SkyBuilder(), 2);
  private final Relay relay = Relay.of(ring.sky, Period.ONE_MINUTE);

  private long minute(int ago) {
    return ring.serverMs() / 60_000 * 60_000 - ago * 60_000L;
  }

  private Cell delivered(String key, Kind kind, long periodMs) {
    return ring.delivered().get(new FakeRing.Slot(key, kind, periodMs));
  }

  @Test
  void shouldCountInPeriodsThatAreOver() {
    ring.run(Duration.ofSeconds(5));
    long ten = minute(10);
    relay.count("a", 3, ten);
    relay.count("a", 4, ten + 59_999);
    relay.count("a", 1.5, minute(9));
    relay.gauge("g", 5, ten + 7);
    ring.sky.counter("a");
    long now = minute(0);
    ring.heal();
    assertThat(((CounterCell) delivered("a", Kind.COUNTER, ten)).sum()).isEqualTo(7);
    assertThat(((CounterCell) delivered("a", Kind.COUNTER, ten + 60_000)).value()).isEqualTo(1.5);
    assertThat(((CounterCell) delivered("a", Kind.COUNTER, now)).sum()).isEqualTo(1);
    GaugeCell gauge = (GaugeCell) delivered("g", Kind.GAUGE, ten);
    assertThat(gauge.last()).isEqualTo(5);
    // From the middle of its period.
    assertThat(gauge.lastTimeMs()).isEqualTo(7 - 30_000);
    assertThat(ring.sender.countsLeft()).isZero();
    assertThat(ring.core.stats().acceptedCounts()).isEqualTo(10);
  }

  @Test
  void shouldHoldNoMoreThanItMay() {
    FakeRing small = new FakeRing(1, new SkyBuilder().keyLimit(3), 1);
    Relay few = Relay.of(small.sky, Period.ONE_MINUTE);
    for (int i = 0; i < 3; i++) {
      assertThat(few.hasRoom()).isTrue();
      few.count("k" + i, 1, 60_000 * i);
    }
    assertThat(few.hasRoom()).isFalse();
    few.count("k9", 1, 0);
    few.count("k0", 1, 0);
    assertThat(small.core.stats().acceptedCounts()).isEqualTo(4);
  }

  @Test
  void shouldSendAChangeAsOneUnlessTheGaugeIsSetInTheSameFold() {
    Recording recording = Sky.recording();
    Relay changes = Relay.of(recording.sky(), Period.ONE_MINUTE);
    changes.change("g", 2, 1);
    changes.change("g", 3, 2);
    assertThat(recording.gauge("g")).isEqualTo(5);
    changes.change("g", -1, 3);
    changes.gauge("g", 40, 4);
    changes.change("g", 2, 5);
    assertThat(recording.gauge("g")).isEqualTo(42);
    GaugeCell cell = new GaugeCell();
    cell.change(1, 1);
    assertThat(cell.isChange()).isTrue();
    assertThat(new DataWriter().add(Key.of("g"), cell)).isTrue();
  }

  @Test
  void shouldSendALargeSetInSeveralPacketsThatMergeToIt() {
    ring.run(Duration.ofSeconds(5));
    SetCell expected = new SetCell();
    for (int i = 0; i < 40_000; i++) {
      ring.sky.set("visitors|today", "user " + i);
      ring.sky.scope("s").set("few", "user " + i % 50);
      expected.add(SetCell.hash("user " + i));
    }
    ring.heal();
    SetCell all = new SetCell();
    for (Map.Entry<FakeRing.Slot, Cell> entry : ring.delivered().entrySet()) {
      if (entry.getKey().key().equals("visitors|today")) {
        all.merge(entry.getValue());
      }
    }
    assertThat(all.estimate()).isEqualTo(expected.estimate());
    assertThat(ring.sender.countsLeft()).isZero();
    assertThat(ring.recordsOf("visitors|today")).isGreaterThan(50);
  }

  @Test
  void shouldRefuseAMemberThatIsNone() {
    ring.sky.set("a", null);
    ring.sky.set(null, "a");
    ring.sky.set("a||b", "a");
    assertThat(ring.stat(ClientCounter.REFUSED_NO_KEY)).isEqualTo(2);
    assertThat(ring.stat(ClientCounter.REFUSED_EMPTY_SEGMENT)).isEqualTo(1);
    Sky.disabled().set("a", "b");
    assertThat(Relay.of(Sky.disabled(), Period.ONE_MINUTE).hasRoom()).isTrue();
  }
}
