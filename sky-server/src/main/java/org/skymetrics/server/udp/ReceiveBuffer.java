package org.skymetrics.server.udp;

import org.jspecify.annotations.Nullable;

/**
 * The receive buffer of each socket. Linux gives twice as much for its own bookkeeping, which is
 * what its queues are measured by.
 */
public record ReceiveBuffer(int givenBytes, int wantedBytes) {
  /** What an operator can do about one that is smaller than wanted; null where it is not. */
  public @Nullable String advice() {
    return givenBytes >= wantedBytes
        ? null
        : "the system gave a receive buffer of "
            + givenBytes
            + " bytes, "
            + wantedBytes
            + " were wanted: "
            + raise(wantedBytes);
  }

  /** What an operator can do about packets that were dropped because it was full. */
  String remedy() {
    return givenBytes < wantedBytes
        ? "the receive buffer has " + givenBytes + " bytes: " + raise(wantedBytes)
        : "the receive buffer has "
            + givenBytes
            + " bytes as wanted, so this server gets more than it can take: add members to the"
            + " ring, or threads";
  }

  private static String raise(int bytes) {
    return "sysctl -w net.core.rmem_max=" + bytes + " raises the limit, from the next start on";
  }
}
