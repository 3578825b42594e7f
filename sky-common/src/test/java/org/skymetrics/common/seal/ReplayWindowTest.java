package org.skymetrics.common.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
  @Property(tries = 200)
  void shouldTakeEachNumberOnceAndNoneThatLiesTooFarBehind(@ForAll Random random) {
    ReplayWindow window = new ReplayWindow();
    Set<Long> seen = new HashSet<>();
    long highest = 0;
    for (int i = 0; i < 3_000; i++) {
      long jump = random.nextInt(50) == 0 ? random.nextInt(5_000) : random.nextInt(4);
      long behind = random.nextInt(3) == 0 ? random.nextInt(2_000) : random.nextInt(20);
      long number = Math.max(-1, highest + jump - behind);
      boolean expected =
          number > 0 && number > highest - ReplayWindow.WIDTH && !seen.contains(number);
      assertThat(window.take(number)).as("%d after %d", number, highest).isEqualTo(expected);
      if (expected) {
        seen.add(number);
        highest = Math.max(highest, number);
      }
    }
  }

  @Test
  void shouldStandTheGreatestNumbers() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.take(Long.MAX_VALUE)).isTrue();
    assertThat(window.take(Long.MAX_VALUE)).isFalse();
    assertThat(window.take(Long.MAX_VALUE - 1)).isTrue();
    assertThat(window.take(Long.MIN_VALUE)).isFalse();
    assertThat(window.take(1)).isFalse();
  }
}
