package org.skymetrics.server.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ledger.Outcome;

class LoadTest {
  private static final long LIMIT = 1200;

  private double journalFill;
  private final Load load = new Load(new Unconfirmed(), LIMIT, () -> journalFill);

  private void seconds(int n) {
    for (int i = 0; i < n; i++) {
      load.second(0, false);
    }
  }

  @Test
  void shouldAskForPatienceWhilePacketsAreDropped() {
    for (int i = 1; i <= 10; i++) {
      load.second(i, false);
      assertThat(load.patience()).isEqualTo(Math.min(6, i));
    }
    for (int i = 0; i < 20; i++) {
      load.second(10, false);
    }
    assertThat(load.patience()).isEqualTo(4);
    for (int i = 0; i < 100; i++) {
      load.second(10, false);
    }
    assertThat(load.patience()).isZero();
  }

  @Test
  void shouldAskForPatienceWhileAQueueIsHalfFull() {
    load.second(0, true);
    load.second(0, true);
    assertThat(load.patience()).isEqualTo(2);
    seconds(10);
    assertThat(load.patience()).isEqualTo(1);
  }

  @Test
  void shouldAskForMorePatienceTheFullerItIs() {
    List<Integer> asked = new ArrayList<>();
    for (double fill : new double[] {0, 0.5, 0.51, 0.6, 0.75, 0.9, 0.99}) {
      journalFill = fill;
      seconds(9);
      asked.add(load.patience());
    }
    assertThat(asked).containsExactly(0, 0, 1, 2, 3, 5, 6);
    assertThat(load.takesData()).isTrue();
  }

  @Test
  void shouldTakeNoDataWhenItIsFullAndRelaxStepByStepAfterwards() {
    journalFill = 1;
    assertThat(load.takesData()).isFalse();
    assertThat(load.refusal()).isEqualTo(Outcome.JOURNAL_FULL);
    assertThat(load.patience()).isEqualTo(6);
    seconds(6);
    journalFill = 0;
    assertThat(load.takesData()).isTrue();
    for (int left = 6; left > 0; left--) {
      assertThat(load.patience()).isEqualTo(left);
      seconds(10);
    }
    assertThat(load.patience()).isZero();
  }
}
