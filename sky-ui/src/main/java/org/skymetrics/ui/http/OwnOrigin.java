package org.skymetrics.ui.http;

import com.google.common.net.HostAndPort;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests that a page of another site makes with its visitor's rights. Browsers say where a
 * page is from, in {@code Origin} and {@code Sec-Fetch-Site}; what says neither is no browser.
 */
final class OwnOrigin {
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private OwnOrigin() {}

  /** Whether a request is one that only an own page may make: it changes something, or goes on. */
  static boolean isNeededFor(HttpServerRequest request) {
    return !READING.contains(request.method()) || request.headers().contains(HttpHeaders.UPGRADE);
  }

  static boolean isOf(HttpServerRequest request, boolean secure) {
    return isOwn(
        request.getHeader(HttpHeaders.ORIGIN),
        request.getHeader("Sec-Fetch-Site"),
        request.getHeader(HttpHeaders.HOST),
        secure);
  }

  /**
   * Whether these headers are of an own page, or of no page at all.
   *
   * @param secure whether the request came by TLS
   */
  static boolean isOwn(
      @Nullable String origin, @Nullable String fetchSite, @Nullable String host, boolean secure) {
    if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none")) {
      return false;
    }
    if (origin == null) {
      return true;
    }
    String scheme = secure ? "https://" : "http://";
    int port = secure ? HTTPS_PORT : HTTP_PORT;
    if (host == null || !origin.startsWith(scheme)) {
      return false;
    }
    try {
      return at(origin.substring(scheme.length()), port).equals(at(host, port));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static HostAndPort at(String hostAndPort, int port) {
    return HostAndPort.fromString(hostAndPort.toLowerCase(Locale.ROOT)).withDefaultPort(port);
  }
}
