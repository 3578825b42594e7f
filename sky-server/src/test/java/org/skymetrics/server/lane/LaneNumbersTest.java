package org.skymetrics.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneNumbersTest {
  @Test
  void shouldNeverGiveANumberTwiceNorZero() {
    Set<Long> given = new HashSet<>();
    for (long random : new long[] {0, -1, 1L << 36, 0x1234_5678_9abc_def0L}) {
      for (int thread = 0; thread < LaneNumbers.MAX_THREADS; thread++) {
        LaneNumbers numbers = new LaneNumbers(random, thread);
        for (int i = 0; i < 50; i++) {
          long lane = numbers.next();
          assertThat(lane).isNotZero();
          assertThat(given.add(lane)).isTrue();
          assertThat(LaneNumbers.threadOf(lane)).isEqualTo(thread);
          assertThat(numbers.isOfThisJournal(lane)).isTrue();
        }
      }
    }
  }

  @Test
  void shouldNotTakeNumbersOfAnotherProcessForItsOwn() {
    long other = new LaneNumbers(1L << 36, 0).next();
    assertThat(new LaneNumbers(2L << 36, 0).isOfThisJournal(other)).isFalse();
  }
}
