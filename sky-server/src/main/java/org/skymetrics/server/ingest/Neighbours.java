package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;

/** The other receiving threads: a packet for a lane of theirs is passed on. */
public interface Neighbours {
  /** How many receiving threads there are. */
  int threads();

  /**
   * Passes a copy of a packet to another thread's receiver.
   *
   * @return false where that one's queue is full; the packet is then dropped
   */
  boolean pass(int thread, byte[] bytes, int offset, int length, InetSocketAddress from);
}
