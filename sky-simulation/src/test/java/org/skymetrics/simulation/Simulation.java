package org.skymetrics.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** One run of a seed, and what came of it. */
final class Simulation {
  /**
   * What came of a run.
   *
   * @param broken what was not as it must be, or null
   * @param digest of all that happened
   */
  record Outcome(
      Scenario scenario,
      @Nullable Throwable broken,
      long digest,
      long events,
      World.Counts counts,
      List<String> lines) {
    /** Fails where the run did, with all that is needed to see it again. */
    void requireGood() {
      if (broken != null) {
        Path events = again().write();
        throw new AssertionError(
            "seed "
                + scenario.seed()
                + ": "
                + broken.getMessage()
                + "\n"
                + scenario
                + "\nrun it again with -Dsky.simulation.seed="
                + scenario.seed()
                + "; its events are in "
                + events,
            broken);
      }
    }

    private Outcome again() {
      return lines.isEmpty() ? Simulation.run(scenario.seed(), new Parts(), true) : this;
    }

    /** Writes all events to a file. */
    Path write() {
      Path file = Path.of("target", "simulation-" + scenario.seed() + ".txt");
      try {
        Files.createDirectories(file.getParent());
        return Files.write(file, lines).toAbsolutePath();
      } catch (IOException e) {
        throw new AssertionError("the events can't be written to " + file, e);
      }
    }
  }

  private Simulation() {}

  /**
   * Runs a seed, on a thread of its own: what clients keep for a thread ends with it, and so does
   * all that it holds.
   */
  static Outcome run(long seed, Parts parts, boolean keepsLines) {
    FutureTask<Outcome> run = new FutureTask<>(() -> runHere(seed, parts, keepsLines));
    Thread thread = new Thread(run, "simulation-" + seed);
    thread.start();
    try {
      return run.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("seed " + seed + " did not come to an end", e);
    }
  }

  private static Outcome runHere(long seed, Parts parts, boolean keepsLines) {
    Scenario scenario = Scenario.of(seed);
    World world = new World(scenario, parts, keepsLines);
    Throwable broken = null;
    try {
      world.run();
    } catch (RuntimeException | AssertionError e) {
      broken = e;
    }
    Timeline timeline = world.timeline();
    return new Outcome(
        scenario, broken, timeline.digest(), timeline.happened(), world.counts, timeline.lines());
  }
}
