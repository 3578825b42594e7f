package org.skymetrics.common.seal;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What stands between a client and the network. */
public interface ClientSeal extends Opener {
  /**
   * A packet for the network.
   *
   * @param laneNonce of a DATA packet: the nonce of the OPEN with which its lane was opened
   * @return what is to be sent; the packet itself stays as it is
   */
  byte[] close(byte[] packet, long laneNonce);

  /** Where there is no secret: packets are taken and sent as they are. */
  static ClientSeal none() {
    return new Unsealed();
  }

  /**
   * Takes sealed packets only, and seals all.
   *
   * @param secrets asked with each packet
   * @param random a secure one where there is a network
   */
  static ClientSeal of(Supplier<Secrets> secrets, RandomGenerator random) {
    return new SealedClient(secrets, random);
  }
}
