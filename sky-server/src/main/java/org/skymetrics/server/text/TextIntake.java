package org.skymetrics.server.text;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.statsd.Refusal;
import org.skymetrics.server.statsd.TextParser;

/**
 * What one thread does with text of one dialect. Any bytes may be given to it. Not safe for use by
 * several threads.
 */
public final class TextIntake {
  /** The longest packet that is read whole, bytes: it fits those of a network of jumbo frames. */
  public static final int MAX_PACKET_BYTES = 9216;

  private final AllowedSenders allowed;
  private final BooleanSupplier stopping;
  private final TextFold fold;
  private final TextParser parser;
  private final Counters counters;

  /** The sender before, of whom nothing need be found out again. */
  private InetAddress sender = InetAddress.getLoopbackAddress();

  private String senderName = sender.getHostAddress();
  private boolean senderAllowed = true;

  TextIntake(
      Dialect dialect,
      AllowedSenders allowed,
      BooleanSupplier stopping,
      TextFold fold,
      Counters counters) {
    this.allowed = allowed;
    this.stopping = stopping;
    this.fold = fold;
    this.parser = new TextParser(dialect, fold);
    this.counters = counters;
  }

  /**
   * Takes one packet.
   *
   * @param length one that is past {@link #MAX_PACKET_BYTES} says that the packet was cut: what is
   *     after its last line feed is refused then
   */
  public void onPacket(byte[] bytes, int offset, int length, InetSocketAddress from) {
    counters.increment(ServerCounter.PACKETS_RECEIVED);
    counters.add(ServerCounter.BYTES_RECEIVED, length);
    counters.increment(ServerCounter.TEXT_PACKETS);
    recall(from.getAddress());
    if (!senderAllowed) {
      counters.increment(ServerCounter.TEXT_PACKETS_NOT_ALLOWED);
    } else if (stopping.getAsBoolean()) {
      counters.increment(ServerCounter.TEXT_PACKETS_WHILE_STOPPING);
    } else if (length > MAX_PACKET_BYTES) {
      counters.increment(ServerCounter.TEXT_PACKETS_CUT);
      takeCut(bytes, offset, length);
    } else {
      fold.from(senderName);
      parser.parse(bytes, offset, length);
      fold.sayLines();
    }
  }

  private void takeCut(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int whole = end;
    while (whole > offset && bytes[whole - 1] != '\n') {
      whole--;
    }
    fold.from(senderName);
    parser.parse(bytes, offset, whole - offset);
    fold.sayLines();
    if (whole < end) {
      fold.refused(Refusal.NOT_TERMINATED, bytes, whole, end);
    }
  }

  boolean allows(InetAddress sender) {
    return allowed.allows(sender);
  }

  /** The lines of a new connection. */
  LineStream newStream() {
    return new LineStream(parser, fold);
  }

  /** Takes the next bytes of a connection. */
  void onBytes(LineStream stream, byte[] bytes, int length, InetAddress from) {
    counters.add(ServerCounter.TEXT_STREAM_BYTES, length);
    recall(from);
    fold.from(senderName);
    stream.take(bytes, 0, length);
    fold.sayLines();
  }

  /** A connection is over. */
  void onEnd(LineStream stream, InetAddress from) {
    recall(from);
    fold.from(senderName);
    stream.end();
  }

  private void recall(InetAddress from) {
    if (!from.equals(sender)) {
      sender = from;
      senderName = from.getHostAddress();
      senderAllowed = allowed.allows(from);
    }
  }
}
