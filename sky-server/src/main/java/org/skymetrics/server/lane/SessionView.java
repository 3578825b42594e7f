package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A session at a moment.
 *
 * @param address where it was heard of last; null where it was not since the server started
 * @param firstMs when this process heard of it first, ms since 1970
 * @param lastMs when it heard of it last
 * @param lanes how many are open
 * @param patience asked of it alone
 */
public record SessionView(
    long session,
    @Nullable InetSocketAddress address,
    long firstMs,
    long lastMs,
    int lanes,
    int patience,
    Tally tally) {

  /** Both as one: a session may have lanes of several receiving threads. */
  public SessionView and(SessionView other) {
    boolean isLater = other.lastMs > lastMs;
    Tally both = tally.copy();
    both.add(other.tally);
    return new SessionView(
        session,
        isLater && other.address != null ? other.address : address,
        Math.min(firstMs, other.firstMs),
        Math.max(lastMs, other.lastMs),
        lanes + other.lanes,
        Math.max(patience, other.patience),
        both);
  }
}
