package org.skymetrics.client;

import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.time.Clock;

/**
 * A client without its thread and socket: the same core and the same sender, stepped from outside.
 * Lives in this package because the sender is nobody else's business.
 */
public final class SimulatedClient {
  /** Held, for a logger that nobody holds forgets its level: faults are what is simulated. */
  private static final Logger QUIET = Logger.getLogger("org.skymetrics.client");

  static {
    QUIET.setLevel(Level.OFF);
  }

  /** The world as a client sees it. */
  public interface Outside {
    /** Sends a packet; false where the network refuses it. */
    boolean send(byte[] packet, InetSocketAddress to);

    /** The address of a server, as far as it is known. */
    @Nullable InetSocketAddress resolve(String host, int port, boolean lookUp);
  }

  private final Core core;
  private final Sender sender;

  public SimulatedClient(SkyBuilder builder, Clock clock, long seed, Outside outside) {
    core = new Core(builder.settings(), clock, false);
    sender =
        core.newSender(
            new SplittableRandom(seed),
            new Network() {
              @Override
              public boolean send(byte[] packet, InetSocketAddress to) {
                return outside.send(packet, to);
              }

              @Override
              public @Nullable InetSocketAddress resolve(String host, int port, boolean lookUp) {
                return outside.resolve(host, port, lookUp);
              }
            },
            ClientSeal.none());
  }

  public Sky sky() {
    return core.root();
  }

  /** As the thread calls it; gives when to call again at the latest, by the monotonic clock. */
  public long step() {
    return sender.step();
  }

  public void onPacket(byte[] packet, InetSocketAddress from) {
    sender.onPacket(packet, packet.length, from);
  }

  /** Asks for all to be sent, and then to end. */
  public void close() {
    core.progress().ask(new Progress.Request(true));
  }

  /** Whether what {@link #close} asked for is done. */
  public boolean isFinished() {
    return sender.isFinished();
  }

  /** Counts that were accepted and are neither acknowledged nor told as ambiguous. */
  public long countsLeft() {
    return sender.countsLeft();
  }

  /** Packets that are neither acknowledged nor told as ambiguous. */
  public int packetsLeft() {
    return sender.packetsLeft();
  }

  public Stats stats() {
    return core.stats();
  }

  public long counter(ClientCounter counter) {
    return core.mishaps().get(counter);
  }

  public long heldBytes() {
    return core.progress().heldBytes();
  }
}
