package org.skymetrics.ui.http;

import com.google.common.net.InetAddresses;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from: what the nearest proxy says of it, if that is one of this machine or
 * one that was named; anybody else is not asked.
 */
final class Proxies {
  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final String FORWARDED_PROTO = "X-Forwarded-Proto";

  private final Set<InetAddress> trusted;

  Proxies(Set<InetAddress> trusted) {
    this.trusted = trusted;
  }

  InetAddress client(HttpServerRequest request) {
    return client(peer(request), request.headers().getAll(FORWARDED_FOR));
  }

  /** The last address that no trusted proxy has: what stands before it, it may have made up. */
  InetAddress client(InetAddress peer, List<String> forwardedFor) {
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    InetAddress at = peer;
    for (int i = hops.length - 1; i >= 0 && isTrusted(at); i--) {
      String hop = hops[i].strip();
      if (!InetAddresses.isInetAddress(hop)) {
        return at;
      }
      at = InetAddresses.forString(hop);
    }
    return at;
  }

  /** Whether the client spoke TLS, with the proxy: this server itself does not. */
  boolean isSecure(HttpServerRequest request) {
    return isSecure(peer(request), request.getHeader(FORWARDED_PROTO));
  }

  boolean isSecure(InetAddress peer, @Nullable String forwardedProto) {
    return "https".equalsIgnoreCase(forwardedProto) && isTrusted(peer);
  }

  private boolean isTrusted(InetAddress peer) {
    return peer.isLoopbackAddress() || trusted.contains(peer);
  }

  private static InetAddress peer(HttpServerRequest request) {
    String address = request.remoteAddress().hostAddress();
    int zone = address.indexOf('%');
    return InetAddresses.forString(zone < 0 ? address : address.substring(0, zone));
  }
}
