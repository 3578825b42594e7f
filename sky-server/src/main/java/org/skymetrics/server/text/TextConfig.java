package org.skymetrics.server.text;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.skymetrics.server.statsd.Dialect;

/**
 * How text is taken.
 *
 * @param listeners addresses beside the server's own, and the dialect of that where it is among
 *     them
 * @param from which senders are heard
 * @param maxConnections TCP connections at most, over all listeners
 * @param idle after how long a TCP connection on which nothing was heard is closed
 */
public record TextConfig(
    List<TextListener> listeners, AllowedSenders from, int maxConnections, Duration idle) {
  public TextConfig {
    listeners = List.copyOf(listeners);
  }

  /** The dialect at the server's own address. */
  public Dialect dialectAt(InetSocketAddress own) {
    return listeners.stream()
        .filter(listener -> isOwn(listener, own))
        .map(TextListener::dialect)
        .findFirst()
        .orElse(Dialect.STATSD);
  }

  /** Any free port is another one each time. */
  private static boolean isOwn(TextListener listener, InetSocketAddress own) {
    return own.getPort() != 0 && listener.address().equals(own);
  }

  /** The listeners that need sockets of their own. */
  public List<TextListener> besides(InetSocketAddress own) {
    return listeners.stream().filter(listener -> !isOwn(listener, own)).toList();
  }
}
