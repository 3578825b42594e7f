package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.skymetrics.ui.access.Access;
import org.skymetrics.ui.access.ReturnPath;

/** {@code /login}, {@code /logout} and {@code /api/session}: getting in and out. */
final class LoginEndpoints {
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String RETURN = "return";

  private final Gate gate;
  private final Access access;
  private final Workers workers;
  private final LoginPage page = new LoginPage();

  LoginEndpoints(Gate gate, Access access, Workers workers) {
    this.gate = gate;
    this.access = access;
    this.workers = workers;
  }

  List<Endpoint> all() {
    return List.of(new Login(), new Logout(), new Session());
  }

  private final class Login implements Endpoint {
    @Override
    public String path() {
      return Gate.LOGIN;
    }

    @Override
    public Set<String> parameters() {
      return Set.of(RETURN);
    }

    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.GET, HttpMethod.POST);
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      if (request.method().equals(HttpMethod.POST)) {
        return FormBody.read(request, Set.of(USER, PASSWORD, RETURN))
            .compose(form -> logIn(form, request));
      }
      String path = ReturnPath.of(parameters.one(RETURN));
      boolean isIn = access.isOpen() || access.bySession(gate.session(request)) != null;
      return Future.succeededFuture(isIn ? Gate.elsewhere(path) : page.shown(200, "", path));
    }

    private Future<Answered> logIn(Parameters form, HttpServerRequest request) {
      String user = form.one(USER, "");
      String password = form.one(PASSWORD, "");
      String path = ReturnPath.of(form.one(RETURN));
      InetAddress client = gate.client(request);
      long waitSeconds = access.mayTry(client, user);
      if (waitSeconds > 0) {
        String notice = "Too many tries. The next one is in " + waitSeconds + " s.";
        return Future.succeededFuture(
            page.shown(429, notice, path).with("Retry-After", Long.toString(waitSeconds)));
      }
      return workers
          .run(() -> Optional.ofNullable(access.login(client, user, password)))
          .map(
              session ->
                  session
                      .map(id -> entered(request, id, path))
                      .orElseGet(
                          () -> page.shown(403, "No user of this name and password.", path)));
    }

    /** A new session for each login, so that none can be foisted on anybody. */
    private Answered entered(HttpServerRequest request, String id, String path) {
      leave(request);
      return Gate.elsewhere(path).with("Set-Cookie", gate.setCookie(request, id));
    }
  }

  private void leave(HttpServerRequest request) {
    String before = gate.session(request);
    if (before != null) {
      access.logout(before);
    }
  }

  private final class Logout implements Endpoint {
    @Override
    public String path() {
      return Gate.LOGOUT;
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.POST);
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      leave(request);
      return Future.succeededFuture(
          Gate.elsewhere(Gate.LOGIN).with("Set-Cookie", gate.setCookie(request, "")));
    }
  }

  private final class Session implements Endpoint {
    @Override
    public String path() {
      return "/api/session";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      String name = access.isOpen() ? "" : Objects.requireNonNullElse(gate.visitor(request), "");
      byte[] body =
          Json.bytes(
              out -> {
                out.writeStartObject();
                out.writeBooleanField("login", !access.isOpen());
                out.writeStringField("name", name);
                out.writeEndObject();
              });
      return Future.succeededFuture(Answered.json(body).with("Cache-Control", "no-store"));
    }
  }
}
