package org.skymetrics.benchmarks.system;

/**
 * What this program starts ends with it, also where it is told to end while it measures: a daemon
 * that is left behind has the ports of the next.
 */
final class Started {
  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy),
                "end-what-was-started"));
  }

  private Started() {}

  /** Has all processes that this one starts, and that still run at its end, told to end. */
  static void endsWithThis() {
    // The class is initialized once.
  }
}
