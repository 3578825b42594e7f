package org.skymetrics.rollup;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.seal.Secrets;

/**
 * Who may ask: the rules of a server's admin HTTP. Where there is a secret, requests that come over
 * the network show a token made from it; where only this machine is heard, a web page of others
 * whose name was made to resolve to it (DNS rebinding) is kept out by that name.
 */
final class Caller {
  private static final String SCHEME = "Bearer ";

  /** Text that no resolver is asked about. */
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[?[0-9a-f.]*:[0-9a-f:.]*]?");

  private final @Nullable Supplier<Secrets> secrets;
  private final boolean isLocal;

  /**
   * The rules of an address.
   *
   * @param isLocal whether the address that is served is loopback
   */
  Caller(@Nullable Supplier<Secrets> secrets, boolean isLocal) {
    this.secrets = secrets;
    this.isLocal = isLocal;
  }

  /** Whether the request names this server by a name that no other can have. */
  boolean hasOwnName(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    if (!isLocal) {
      return true;
    }
    String host = asked == null ? "" : asked.host().toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || ADDRESS.matcher(host).matches();
  }

  boolean mayRead(HttpServerRequest request) {
    Supplier<Secrets> source = secrets;
    return source == null
        || isThisMachine(request.remoteAddress())
        || isAccepted(request.getHeader(HttpHeaders.AUTHORIZATION), source.get());
  }

  private static boolean isThisMachine(@Nullable SocketAddress from) {
    String ip = from == null ? null : from.hostAddress();
    try {
      return ip != null
          && ADDRESS.matcher(ip).matches()
          && InetAddress.getByName(ip).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isAccepted(@Nullable String authorization, Secrets secrets) {
    return authorization != null
        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && secrets.accepts(authorization.substring(SCHEME.length()).trim());
  }
}
