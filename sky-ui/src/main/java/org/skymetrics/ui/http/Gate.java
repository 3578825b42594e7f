package org.skymetrics.ui.http;

import com.google.common.net.UrlEscapers;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.ui.access.Access;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * What each request passes first: its Host is ours, no page of another site made it where that
 * matters, and who makes it is known, but for the few paths that are open to all.
 */
final class Gate {
  static final String LOGIN = "/login";
  static final String LOGOUT = "/logout";

  /**
   * As they stand in the request, so that no other way of writing a path is one of them. What the
   * login itself needs, and what supervisors ask.
   */
  private static final Set<String> OPEN =
      Set.of(LOGIN, LOGOUT, "/login.js", "/style.css", "/icon.svg", "/healthz", "/readyz");

  private static final String COOKIE = "sky-session";

  /** Browsers take a cookie of such a name only by TLS, and from no other host. */
  private static final String SECURE_COOKIE = "__Host-" + COOKIE;

  private static final String COOKIE_RULES = "; Path=/; HttpOnly; SameSite=Strict";

  private final HostGuard hosts;
  private final Proxies proxies;
  private final Access access;
  private final Counters counters;

  Gate(HostGuard hosts, Proxies proxies, Access access, Counters counters) {
    this.hosts = hosts;
    this.proxies = proxies;
    this.access = access;
    this.counters = counters;
  }

  /**
   * Checks a request.
   *
   * @return null where it may go on; else the answer that leads to the login
   * @throws HttpFault 401 or 403
   */
  @Nullable Answered check(HttpServerRequest request) {
    if (!hosts.isAllowed(request.getHeader(HttpHeaders.HOST))) {
      counters.count(UiCounter.FOREIGN_HOSTS);
      throw new HttpFault(
          403,
          "this server answers to its address and to localhost as Host, and to the names that"
              + " --allow-host gives it");
    }
    if (OwnOrigin.isNeededFor(request) && !OwnOrigin.isOf(request, proxies.isSecure(request))) {
      counters.count(UiCounter.FOREIGN_ORIGINS);
      throw new HttpFault(
          403,
          "pages of other sites can't do this; behind a proxy, it must pass on Host and"
              + " X-Forwarded-Proto");
    }
    String path = Objects.requireNonNullElse(request.path(), "");
    if (access.isOpen() || OPEN.contains(path) || visitor(request) != null) {
      return null;
    }
    counters.count(UiCounter.NOT_LOGGED_IN);
    if (isOfPage(request, path)) {
      return elsewhere(LOGIN + "?return=" + escaped(request.uri()));
    }
    throw new HttpFault(
        401,
        "this needs a login, or a token: Authorization: Bearer TOKEN",
        Map.of("WWW-Authenticate", "Bearer realm=\"sky\""));
  }

  private static boolean isOfPage(HttpServerRequest request, String path) {
    return (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
        && !path.equals("/api")
        && !path.startsWith("/api/")
        && !path.equals("/metrics")
        && !request.headers().contains(HttpHeaders.AUTHORIZATION);
  }

  private static String escaped(String uri) {
    return UrlEscapers.urlFormParameterEscaper().escape(uri);
  }

  /** An answer that leads to another path of this server. */
  static Answered elsewhere(String path) {
    return Answered.text(303, "see " + path + "\n")
        .with("Location", path)
        .with("Cache-Control", "no-store");
  }

  /** Who makes a request: the user of its session, or the name of its token; null where neither. */
  @Nullable String visitor(HttpServerRequest request) {
    String user = access.bySession(session(request));
    return user != null ? user : access.byToken(request.getHeader(HttpHeaders.AUTHORIZATION));
  }

  /** Whether who made a request may still do so: its session or token is good. */
  boolean isIn(HttpServerRequest request) {
    return access.isOpen() || visitor(request) != null;
  }

  /** The id of a session that a request shows, good or not. */
  @Nullable String session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(cookieName(request));
    return cookie == null ? null : cookie.getValue();
  }

  /** The header that gives a browser a session; with an empty id, that takes it away. */
  String setCookie(HttpServerRequest request, String id) {
    return cookieName(request)
        + "="
        + id
        + COOKIE_RULES
        + (proxies.isSecure(request) ? "; Secure" : "")
        + (id.isEmpty() ? "; Max-Age=0" : "");
  }

  private String cookieName(HttpServerRequest request) {
    return proxies.isSecure(request) ? SECURE_COOKIE : COOKIE;
  }

  InetAddress client(HttpServerRequest request) {
    return proxies.client(request);
  }
}
