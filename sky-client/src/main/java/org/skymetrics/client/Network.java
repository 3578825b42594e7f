package org.skymetrics.client;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What the sender needs of the world: to send a packet, and to learn an address. */
interface Network {
  /** Sends a packet; false where the network refused it, as it may at any time. */
  boolean send(byte[] packet, InetSocketAddress to);

  /**
   * The address of a server, where it is known by now.
   *
   * @param lookUp whether to look it up meanwhile, without holding up the caller: a later call
   *     tells what was found
   */
  @Nullable InetSocketAddress resolve(String host, int port, boolean lookUp);
}
