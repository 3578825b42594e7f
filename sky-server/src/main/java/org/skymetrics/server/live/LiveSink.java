package org.skymetrics.server.live;

/** The way to a reader of live seconds. Safe from any thread, and never blocks. */
public interface LiveSink {
  /** Whether it has sent what was given to it before, more or less. */
  boolean isReady();

  void send(byte[] message);

  /** Ends it, with a sentence for the reader. */
  void refuse(String why);
}
