package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SharedTotalsTest {
  private static final int PLACES = 1000;

  @Test
  void shouldAddAtEachPlaceWhateverTheIdOfTheThread() {
    SharedTotals totals = new SharedTotals();
    for (int place = 0; place < PLACES; place++) {
      for (long id : new long[] {1, 2, 17, -1, Long.MIN_VALUE}) {
        totals.add(id, place, place);
      }
    }
    for (int place = 0; place < PLACES; place++) {
      assertThat(totals.total(place)).as("place %d", place).isEqualTo(5L * place);
    }
    assertThat(totals.total(PLACES * 2)).isZero();
    assertThat(totals.total()).isEqualTo(5L * PLACES * (PLACES - 1) / 2);
  }

  @Test
  void shouldLoseNothingWhereThreadsOfOneIdMakeRoomAtOnce() throws InterruptedException {
    SharedTotals totals = new SharedTotals();
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                for (int place = 0; place < PLACES * 100; place++) {
                  totals.add(1, place, 1);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(totals.total()).isEqualTo(threads.length * PLACES * 100L);
    assertThat(totals.total(PLACES)).isEqualTo(threads.length);
  }
}
