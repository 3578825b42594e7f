package org.skymetrics.benchmarks.system;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A daemon that was started, with all the processes that it started itself. */
final class RunningPeer implements AutoCloseable {
  private final Peer peer;
  private final Process process;

  RunningPeer(Peer peer, Process process) {
    this.peer = peer;
    this.process = process;
  }

  Peer peer() {
    return peer;
  }

  private Stream<ProcFigures> figures() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .filter(ProcessHandle::isAlive)
        .map(handle -> new ProcFigures(handle.pid()));
  }

  /** What its threads used, by kind. */
  ThreadFigures threads() {
    return ThreadFigures.of(figures().map(ProcFigures::pid).toList());
  }

  double cpuSeconds() {
    return figures().mapToDouble(ProcFigures::cpuSeconds).sum();
  }

  long residentBytes() {
    return figures().mapToLong(ProcFigures::residentBytes).sum();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
