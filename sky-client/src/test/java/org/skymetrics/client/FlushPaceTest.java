package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlushPaceTest {
  private static final long HALF_SECOND_NS = 500_000_000;

  private final FlushPace pace = new FlushPace(HALF_SECOND_NS);

  /** Flushes as a client does, each of whose series is counted in each of its intervals. */
  private List<Integer> flush(int series, int times) {
    List<Integer> doublings = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      pace.flushed(series, HALF_SECOND_NS << pace.doublings());
      doublings.add(pace.doublings());
    }
    return doublings;
  }

  @Test
  void shouldFoldForLongerUntilRecordsAreFewEnough() {
    assertThat(flush(300_000, 5)).containsExactly(1, 2, 2, 2, 2);
  }

  @Test
  void shouldFoldForFourSecondsAtMost() {
    assertThat(flush(5_000_000, 6)).endsWith(3, 3, 3);
  }

  @Test
  void shouldNotFoldForLongerThanThatWhereItsIntervalIsLong() {
    FlushPace slow = new FlushPace(6 * HALF_SECOND_NS);
    slow.flushed(9_000_000, 6 * HALF_SECOND_NS);
    assertThat(slow.doublings()).isZero();
  }

  @Test
  void shouldFoldForLessAgainWhereThereIsRoom() {
    flush(300_000, 5);
    assertThat(flush(10_000, 4)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void shouldStayAsItIsWithFewSeries() {
    assertThat(flush(100_000, 3)).containsExactly(0, 0, 0);
  }
}
