package org.skymetrics.cli;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line on stderr, drawn again in its place, for a person who waits; nothing for others. */
final class Progress implements AutoCloseable {
  private static final long EVERY_MS = 250;
  private static final String TO_START_AND_CLEAR = "\r\u001b[2K";

  private final PrintStream err;
  private final @Nullable ScheduledExecutorService timer;
  private boolean closed;

  private Progress(PrintStream err, @Nullable ScheduledExecutorService timer) {
    this.err = err;
    this.timer = timer;
  }

  static Progress on(Outside outside) {
    return new Progress(
        outside.err(), outside.terminal() ? Executors.newSingleThreadScheduledExecutor() : null);
  }

  /** Begins to show a line, which is asked for again and again. */
  void show(Supplier<String> line) {
    if (timer != null) {
      Future<?> unused =
          timer.scheduleAtFixedRate(() -> draw(line.get()), 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void draw(String line) {
    if (!closed) {
      err.print(TO_START_AND_CLEAR + line);
      err.flush();
    }
  }

  /** Takes the line away; nothing is drawn from now on. */
  synchronized void clear() {
    if (timer != null && !closed) {
      timer.shutdownNow();
      err.print(TO_START_AND_CLEAR);
      err.flush();
    }
    closed = true;
  }

  @Override
  public void close() {
    clear();
  }
}
