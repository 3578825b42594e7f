package org.skymetrics.server.admin;

import com.google.common.net.InetAddresses;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;

/**
 * Who may read. Where there is a secret, requests that come over the network show a token made from
 * it; those of this machine need none. Where only this machine is heard, a web page of others whose
 * name was made to resolve to it (DNS rebinding) is kept out by that name. Health is open to all.
 */
final class AdminGuard implements Handler<RoutingContext> {
  private static final Set<String> OPEN = Set.of("/healthz", "/readyz");
  private static final String SCHEME = "Bearer ";

  private final @Nullable Supplier<Secrets> secrets;
  private final boolean isLocal;
  private final Counters counters;

  /**
   * A guard.
   *
   * @param isLocal whether the address that is served is loopback
   */
  AdminGuard(@Nullable Supplier<Secrets> secrets, boolean isLocal, Counters counters) {
    this.secrets = secrets;
    this.isLocal = isLocal;
    this.counters = counters;
  }

  @Override
  public void handle(RoutingContext request) {
    if (OPEN.contains(request.normalizedPath())) {
      request.next();
    } else if (isLocal && !isOwnName(request.request().authority())) {
      counters.increment(ServerCounter.ADMIN_REFUSED);
      Answers.error(request, 403, "ask for this server by IP address, or as localhost");
    } else if (!mayRead(request)) {
      counters.increment(ServerCounter.ADMIN_REFUSED);
      request.response().putHeader("www-authenticate", "Bearer");
      Answers.error(
          request, 401, "from another machine this needs the token that is made from the secret");
    } else {
      request.next();
    }
  }

  private boolean mayRead(RoutingContext request) {
    Supplier<Secrets> source = secrets;
    return source == null
        || isThisMachine(request.request().remoteAddress())
        || isAccepted(request.request().getHeader(HttpHeaders.AUTHORIZATION), source.get());
  }

  private static boolean isThisMachine(@Nullable SocketAddress from) {
    String ip = from == null ? null : from.hostAddress();
    return ip != null
        && InetAddresses.isInetAddress(ip)
        && InetAddresses.forString(ip).isLoopbackAddress();
  }

  private static boolean isAccepted(@Nullable String authorization, Secrets secrets) {
    return authorization != null
        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && secrets.accepts(authorization.substring(SCHEME.length()).trim());
  }

  /** Whether no other than this machine can have this name. */
  private static boolean isOwnName(@Nullable HostAndPort asked) {
    if (asked == null) {
      return false;
    }
    String host = asked.host().toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || InetAddresses.isInetAddress(host)
        || InetAddresses.isUriInetAddress(host);
  }
}
