package org.skymetrics.common.seal;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.skymetrics.common.bytes.ByteWriter;

/** What stands between one receiving thread of a server and the network. */
public interface ServerSeal extends Opener {
  /**
   * A packet for the network.
   *
   * @return what is to be sent, good until the next call
   */
  ByteWriter close(ByteWriter packet);

  /** Where there is no secret: packets are taken and sent as they are. */
  static ServerSeal none() {
    return new Unsealed();
  }

  /**
   * Takes sealed packets only, and seals all.
   *
   * @param secrets asked with each packet
   * @param random a secure one where there is a network
   */
  static ServerSeal of(Supplier<Secrets> secrets, RandomGenerator random) {
    return new SealedServer(secrets, random);
  }
}
