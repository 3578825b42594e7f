package org.skymetrics.ui.http;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others out of a server that is bound to loopback: a page whose own name was
 * made to resolve to 127.0.0.1 (DNS rebinding) sends that name as Host. Addresses, localhost and
 * names that were allowed pass; no name that anyone else can point here does.
 */
final class HostGuard {
  private final boolean on;
  private final Set<String> allowed;

  /**
   * @param on whether to look at all: where the server is bound to loopback
   * @param allowed more names that are this server's
   */
  HostGuard(boolean on, Set<String> allowed) {
    this.on = on;
    this.allowed = allowed;
  }

  boolean isAllowed(@Nullable String hostHeader) {
    if (!on) {
      return true;
    }
    if (hostHeader == null) {
      return false;
    }
    String host;
    try {
      host = HostAndPort.fromString(hostHeader).getHost().toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || InetAddresses.isInetAddress(host)
        || allowed.contains(host);
  }
}
