package org.skymetrics.ui.http;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others out: a page whose own name was made to resolve to this machine (DNS
 * rebinding) sends that name as Host. Addresses, localhost and names that were allowed pass; no
 * name that anyone else can point here does.
 */
final class HostGuard {
  private final Set<String> allowed;

  /**
   * @param allowed more names that are this server's, in small letters
   */
  HostGuard(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  boolean isAllowed(@Nullable String hostHeader) {
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
