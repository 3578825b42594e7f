package org.skymetrics.simulation;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A thread that runs one task after the other: some time after they were given to it. */
final class Loop implements Executor {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final Timeline timeline;
  private final LongSupplier delayNs;
  private final Consumer<Runnable> edge;
  private boolean scheduled;

  /**
   * @param edge runs what is done on this loop, and bears what it throws
   */
  Loop(Timeline timeline, LongSupplier delayNs, Consumer<Runnable> edge) {
    this.timeline = timeline;
    this.delayNs = delayNs;
    this.edge = edge;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!scheduled) {
      scheduled = true;
      timeline.in(delayNs.getAsLong(), this::turn);
    }
  }

  private void turn() {
    scheduled = false;
    boolean ran = true;
    while (ran) {
      ran = runOne();
    }
  }

  /** Runs the oldest task now; false where there is none. */
  boolean runOne() {
    Runnable task = tasks.poll();
    if (task != null) {
      edge.accept(task);
    }
    return task != null;
  }

  boolean isIdle() {
    return tasks.isEmpty();
  }
}
