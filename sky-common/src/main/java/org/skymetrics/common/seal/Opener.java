package org.skymetrics.common.seal;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.wire.PacketFault;

/**
 * What a packet from the network comes through before anything else looks at it. One thread's.
 *
 * <p>What was opened is good until the next call of {@link #open}.
 */
public interface Opener {
  /**
   * Opens a packet; any bytes at all.
   *
   * @return why it is refused, or null: then it is at {@link #offset} of {@link #array}, not sealed
   */
  @Nullable PacketFault open(byte[] bytes, int offset, int length);

  byte[] array();

  int offset();

  int length();
}
