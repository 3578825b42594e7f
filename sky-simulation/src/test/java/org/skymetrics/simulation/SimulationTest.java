package org.skymetrics.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.skymetrics.simulation.Simulation.Outcome;

/** Many seeds: after each, history holds what was counted. */
final class SimulationTest {
  private static final long SEEDS = Long.getLong("sky.simulation.seeds", 500);

  @Test
  void shouldHoldWhatWasCountedWhateverHappened() {
    Long only = Long.getLong("sky.simulation.seed");
    if (only != null) {
      Outcome outcome = Simulation.run(only, new Parts(), true);
      System.out.println("events: " + outcome.write());
      outcome.requireGood();
      return;
    }
    Tally tally = new Tally();
    for (long seed = 0; seed < SEEDS; seed++) {
      Outcome outcome = Simulation.run(seed, new Parts(), false);
      outcome.requireGood();
      tally.add(outcome);
    }
    System.out.println(tally);
    tally.requireThatMuchHappened();
  }

  @Test
  void shouldRunASeedAgainToTheSameEvent() {
    for (long seed = 0; seed < 12; seed++) {
      Outcome first = Simulation.run(seed, new Parts(), false);
      Outcome again = Simulation.run(seed, new Parts(), true);
      assertThat(again.digest()).as("digest of seed %s", seed).isEqualTo(first.digest());
      assertThat(again.events()).isEqualTo(first.events());
      assertThat(again.lines()).isNotEmpty();
    }
    assertThat(Simulation.run(1, new Parts(), false).digest())
        .isNotEqualTo(Simulation.run(2, new Parts(), false).digest());
  }
}
