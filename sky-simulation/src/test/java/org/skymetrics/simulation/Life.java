package org.skymetrics.simulation;

import org.skymetrics.server.fixture.CrashingFiles.Crash;

/**
 * Whether a process lives. One that was killed while it waited in a call finds out when the call
 * returns: it throws {@link Crash}, and so does each call that follows, whoever catches the first.
 */
final class Life {
  private boolean over;

  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
  }

  void require() {
    if (over) {
      throw new Crash();
    }
  }
}
