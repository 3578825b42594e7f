package org.skymetrics.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.server.lane.LaneLedger.Arrival;

class LaneLedgerTest {
  private static LaneLedger copy(LaneLedger ledger) {
    ByteWriter out = new ByteWriter(64);
    ledger.store(out);
    ByteReader in = new ByteReader(out.toBytes());
    LaneLedger copy = LaneLedger.load(in);
    assertThat(in.failed()).isFalse();
    assertThat(in.remaining()).isZero();
    return copy;
  }

  /** Numbers that come in any order, twice or never, with jumps; compared with a plain set. */
  @Property(tries = 300)
  void shouldBalanceAtEachMoment(@ForAll Random random) {
    LaneLedger ledger = new LaneLedger();
    Set<Long> came = new HashSet<>();
    Set<Long> givenUp = new HashSet<>();
    long floor = 0;
    long sentThen = 0;
    long highest = 0;
    int copies = 0;
    for (int i = 0; i < 400; i++) {
      long jump = random.nextInt(60) == 0 ? random.nextInt(3000) : random.nextInt(5);
      long n =
          random.nextInt(3) == 0
              ? Math.max(1, highest - random.nextInt(1 + random.nextInt(1500)))
              : highest + 1 + jump;
      Arrival expected =
          n > highest
              ? Arrival.FIRST
              : n <= Math.max(floor, highest - LaneLedger.WIDTH)
                  ? Arrival.BELATED
                  : came.contains(n) || givenUp.contains(n) ? Arrival.COPY : Arrival.FIRST;
      assertThat(ledger.arrival(n)).isEqualTo(expected);
      if (expected == Arrival.FIRST) {
        ledger.settle(n, random.nextBoolean() ? Outcome.COUNTED : Outcome.DUPLICATE);
        came.add(n);
        highest = Math.max(highest, n);
      } else {
        copies++;
      }
      Tally tally = ledger.tally();
      long below = highest - LaneLedger.WIDTH;
      long lost =
          (below <= 0 ? 0 : below - came.stream().filter(number -> number <= below).count())
              + givenUp.stream().filter(number -> number > below).count();
      assertThat(tally.sent()).isEqualTo(highest);
      assertThat(tally.of(Outcome.LOST)).isEqualTo(lost);
      assertThat(tally.of(Outcome.COUNTED) + tally.of(Outcome.DUPLICATE)).isEqualTo(came.size());
      assertThat(tally.open()).isEqualTo(highest - lost - came.size());
      if (random.nextInt(10) == 0) {
        ledger.tell();
      }
      if (random.nextInt(10) == 0) {
        ledger = copy(ledger);
        floor = 0;
        sentThen = 0;
      }
      if (random.nextInt(15) == 0) {
        long open = ledger.tally().open();
        for (long old = Math.max(1, below + 1); old <= sentThen; old++) {
          if (!came.contains(old)) {
            givenUp.add(old);
          }
        }
        assertThat(ledger.giveUpOld()).isEqualTo(open - ledger.tally().open());
        floor = sentThen;
        sentThen = highest;
      }
    }
    assertThat(copies).isPositive();
    ledger.close();
    assertThat(ledger.tally().open()).isZero();
    assertThat(ledger.tally().of(Outcome.LOST)).isEqualTo(highest - came.size());
    assertThat(givenUp).doesNotContainAnyElementsOf(came);
    assertThat(copy(ledger).tally().open()).isZero();
  }

  @Test
  void shouldStoreWhatIsNotSettledAsIfItHadNotCome() {
    LaneLedger ledger = new LaneLedger();
    ledger.settle(1, Outcome.COUNTED);
    ledger.await(2);
    ledger.await(3);
    LaneLedger stored = copy(ledger);
    assertThat(stored.tally().sent()).isEqualTo(3);
    assertThat(stored.arrival(2)).isEqualTo(Arrival.FIRST);
    ledger.settleAwaited(Outcome.COUNTED);
    ledger.settleAwaited(Outcome.LATE);
    stored.replay(2, Outcome.COUNTED);
    stored.replay(3, Outcome.LATE);
    stored.replay(3, Outcome.LATE);
    assertThat(stored.tally().open()).isZero();
    assertThat(stored.tally().of(Outcome.LATE)).isEqualTo(1);
    assertThat(stored.untold().sent()).isEqualTo(3);
  }

  @Property(tries = 2_000)
  void shouldRefuseWhatMakesNoSense(@ForAll byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    LaneLedger ledger = LaneLedger.load(in);
    if (!in.failed()) {
      assertThat(ledger.tally().open()).isBetween(0L, (long) LaneLedger.WIDTH);
    }
  }
}
