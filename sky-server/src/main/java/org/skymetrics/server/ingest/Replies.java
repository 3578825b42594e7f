package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import org.skymetrics.common.bytes.ByteWriter;

/** Where a receiver's answers go. */
@FunctionalInterface
public interface Replies {
  /** Sends a packet, or drops it and counts that; the writer is used again afterwards. */
  void send(ByteWriter packet, InetSocketAddress to);
}
