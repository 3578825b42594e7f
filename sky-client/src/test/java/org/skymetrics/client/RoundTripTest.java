package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class RoundTripTest {
  private static final long MS = 1_000_000;
  private static final long INTERVAL_NS = 500 * MS;

  /** Packets, one an interval, each acknowledged after its time; returns how often one is sent. */
  private static int send(RoundTrip trip, long[] nowNs, long ackNs) {
    long sentNs = nowNs[0];
    long atNs = sentNs;
    int transmissions = 1;
    while (sentNs + trip.resendAfterNs(transmissions) < atNs + ackNs) {
      long dueNs = sentNs + trip.resendAfterNs(transmissions);
      trip.timedOut(sentNs, dueNs);
      sentNs = dueNs;
      transmissions++;
    }
    if (transmissions == 1) {
      trip.measured(ackNs);
    }
    nowNs[0] = Math.max(atNs + INTERVAL_NS, atNs + ackNs);
    return transmissions;
  }

  @Property
  void shouldWaitForAnAcknowledgementHoweverLongItUsuallyTakes(
      @ForAll @IntRange(min = 1, max = 1500) int usualMs, @ForAll Random random) {
    RoundTrip trip = new RoundTrip();
    long[] nowNs = {MS};
    int learning = 0;
    int sentAgain = 0;
    for (int i = 0; i < 60; i++) {
      long ackNs = (long) (usualMs * MS * (0.97 + 0.06 * random.nextDouble()));
      int again = send(trip, nowNs, ackNs) - 1;
      if (i < 30) {
        learning += again;
      } else {
        sentAgain += again;
      }
    }
    assertThat(sentAgain).isZero();
    assertThat(learning).isLessThanOrEqualTo(8);
  }

  @Property
  void shouldStayWithinItsBounds(@ForAll Random random) {
    RoundTrip trip = new RoundTrip();
    long nowNs = MS;
    for (int i = 0; i < 100; i++) {
      nowNs += random.nextInt(1000) * MS;
      if (random.nextBoolean()) {
        trip.measured(random.nextInt(20_000) * MS);
      } else {
        trip.timedOut(nowNs - random.nextInt(3000) * MS, nowNs);
      }
      long before = 0;
      for (int transmissions = 1; transmissions < 100; transmissions++) {
        long after = trip.resendAfterNs(transmissions);
        assertThat(after).isBetween(Math.max(before, RoundTrip.LEAST_NS), RoundTrip.MOST_NS);
        before = after;
      }
    }
  }

  @Test
  void shouldDoubleOnceForAFlightThatIsLost() {
    RoundTrip trip = new RoundTrip();
    for (int i = 0; i < 50; i++) {
      trip.timedOut(MS + i, 300 * MS);
    }
    assertThat(trip.resendAfterNs(1)).isEqualTo(2 * RoundTrip.LEAST_NS);
    trip.timedOut(400 * MS, 800 * MS);
    assertThat(trip.resendAfterNs(1)).isEqualTo(4 * RoundTrip.LEAST_NS);
    trip.measured(3 * MS);
    assertThat(trip.resendAfterNs(1)).isEqualTo(RoundTrip.LEAST_NS);
  }
}
