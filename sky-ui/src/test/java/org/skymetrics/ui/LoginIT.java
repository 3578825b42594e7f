package org.skymetrics.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands before page and API, and who does not get past it. */
final class LoginIT {
  private static final List<String> API =
      List.of(
          "/api/keys",
          "/api/search?q=a",
          "/api/series?series=counter:a",
          "/api/series?series=counter:a&format=csv",
          "/api/latest?series=counter:a",
          "/api/status",
          "/api/session",
          "/api/annotations",
          "/api/dashboards",
          "/api/live",
          "/api",
          "/api/",
          "/api/none",
          "/metrics");

  /** Other ways to write a path; none may be taken for an open one and then lead elsewhere. */
  private static final List<String> DISGUISED =
      List.of(
          "//api/keys",
          "/./api/keys",
          "/healthz/../api/keys",
          "/style.css/../api/keys",
          "/%61pi/keys",
          "/api%2fkeys",
          "/login/../api/keys",
          "/login/..;/api/keys",
          "/style.css%2f..%2fapi/keys",
          "/healthz/",
          "/login/",
          "/API/keys",
          "/api/keys;a=b",
          "http://localhost/api/keys");

  @TempDir Path folder;
  private Intruder intruder;

  @BeforeEach
  void start() throws IOException {
    intruder = new Intruder(folder);
  }

  @AfterEach
  void stop() {
    intruder.close();
  }

  @Test
  void shouldShowNothingOfTheApiWithoutALogin() throws Exception {
    for (String path : API) {
      for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
        HttpResponse<String> answer = intruder.send(method, path, "");
        assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
            .contains("Bearer realm=\"sky\"");
        if (!method.equals("HEAD")) {
          assertThat(answer.body())
              .isEqualTo(
                  "{\"error\":\"this needs a login, or a token: Authorization: Bearer TOKEN\"}");
        }
      }
    }
    assertThat(intruder.counter("not_logged_in")).isEqualTo(API.size() * 7L);
  }

  @Test
  void shouldLeadToTheLoginFromThePageAndBack() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/web"))) {
      for (Path file : files.toList()) {
        String path = "/" + file.getFileName();
        if (!List.of("/style.css", "/icon.svg", "/login.js").contains(path)) {
          assertThat(intruder.get(path).statusCode()).as(path).isEqualTo(303);
        }
      }
    }
    assertThat(intruder.get("/lib/d3.min.js").statusCode()).isEqualTo(303);
    HttpResponse<String> page = intruder.get("/?a=b&c");
    assertThat(page.statusCode()).isEqualTo(303);
    assertThat(page.headers().firstValue("Location")).contains("/login?return=%2F%3Fa%3Db%26c");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    HttpResponse<String> login = intruder.get("/login?return=%2F%3Fa%3Db%26c");
    assertThat(login.statusCode()).isEqualTo(200);
    assertThat(login.body())
        .contains("name=\"return\" value=\"/?a=b&amp;c\"")
        .doesNotContain("<style", "style=", "onsubmit", "{");
    assertThat(login.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "form-action 'self'")
        .doesNotContain("unsafe");
    for (String open : List.of("/style.css", "/icon.svg", "/login.js", "/healthz", "/readyz")) {
      assertThat(intruder.get(open).statusCode()).as(open).isIn(200, 503);
    }
    HttpResponse<String> in = intruder.login("ann", Intruder.PASSWORD, "/?a=b&c");
    assertThat(in.statusCode()).isEqualTo(303);
    assertThat(in.headers().firstValue("Location")).contains("/?a=b&c");
    assertThat(in.headers().firstValue("Set-Cookie").orElseThrow())
        .matches("sky-session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
    String cookie = in.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    assertThat(intruder.get("/", "Cookie", cookie).body()).contains("<title>Sky</title>");
    assertThat(intruder.get("/api/session", "Cookie", cookie).body())
        .isEqualTo("{\"login\":true,\"name\":\"ann\"}");
    assertThat(intruder.get("/metrics", "Cookie", cookie).body()).contains("sky_ui_logins_total 1");
    assertThat(intruder.get("/login?return=/a", "Cookie", cookie).headers().firstValue("Location"))
        .contains("/a");
  }

  @Test
  void shouldNotBeFooledByOtherWaysToWriteAPath() throws Exception {
    for (String path : DISGUISED) {
      String answer =
          intruder.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(path).matches("(?s)HTTP/1.1 (401|303|400|404) .*");
      assertThat(answer).as(path).doesNotContain("\"keys\"", "<title>Sky</title>");
    }
  }

  @Test
  void shouldRefuseForgedCookiesAndThoseOfBefore() throws Exception {
    String cookie = intruder.cookie();
    String id = cookie.substring(cookie.indexOf('=') + 1);
    for (String forged :
        List.of(
            "sky-session=",
            "sky-session=" + id.substring(1),
            "sky-session=" + id + "A",
            "sky-session=" + id.toLowerCase(Locale.ROOT).replace(id.charAt(0), '-'),
            "sky-session=ann",
            "__Host-sky-session=" + id,
            "session=" + id,
            "sky-session=\"; sky-session",
            "sky-session=*",
            ";;;=;")) {
      assertThat(intruder.get("/api/keys", "Cookie", forged).statusCode())
          .as(forged)
          .isEqualTo(401);
    }
    assertThat(intruder.get("/api/keys", "Cookie", cookie).statusCode()).isEqualTo(200);
    HttpResponse<String> out = intruder.send("POST", "/logout", "", "Cookie", cookie);
    assertThat(out.statusCode()).isEqualTo(303);
    assertThat(out.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("sky-session=; ")
        .endsWith("; Max-Age=0");
    assertThat(intruder.get("/api/keys", "Cookie", cookie).statusCode()).isEqualTo(401);
    assertThat(intruder.get("/", "Cookie", cookie).statusCode()).isEqualTo(303);
  }

  @Test
  void shouldEndTheSessionOfBeforeWithANewLogin() throws Exception {
    String before = intruder.cookie();
    String after = intruder.cookie("Cookie", before);
    assertThat(after).isNotEqualTo(before);
    assertThat(intruder.get("/api/keys", "Cookie", before).statusCode()).isEqualTo(401);
    assertThat(intruder.get("/api/keys", "Cookie", after).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldEndSessionsThatAreOld() throws Exception {
    String cookie = intruder.cookie();
    intruder.clock.advance(Duration.ofHours(12).plusMillis(1));
    assertThat(intruder.get("/api/keys", "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void shouldTakeTokensAndNothingLikeThem() throws Exception {
    String token = Intruder.TOKEN;
    assertThat(intruder.get("/api/keys", "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(200);
    assertThat(intruder.get("/", "Authorization", "Bearer " + token).statusCode()).isEqualTo(200);
    assertThat(intruder.get("/api/session", "Authorization", "Bearer " + token).body())
        .contains("\"ci\"");
    List<String> others =
        List.of(
            "Bearer " + token.toLowerCase(Locale.ROOT),
            "Bearer " + token.toUpperCase(Locale.ROOT),
            "Bearer " + token.substring(1),
            "Bearer " + token + "A",
            "Bearer",
            "Bearer ci",
            "Basic " + token,
            token);
    for (String other : others) {
      assertThat(intruder.get("/api/keys", "Authorization", other).statusCode())
          .as(other)
          .isEqualTo(401);
      assertThat(intruder.get("/metrics", "Authorization", other).statusCode()).isEqualTo(401);
    }
    assertThat(intruder.counter("tokens_refused")).isEqualTo(2L * others.size());
    assertThat(intruder.get("/api/keys?token=" + token).statusCode()).isEqualTo(401);
  }

  @Test
  void shouldLeadNowhereElseAfterTheLogin() throws Exception {
    for (String back :
        List.of(
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "/\r\nSet-Cookie: a=b")) {
      HttpResponse<String> answer = intruder.login("ann", Intruder.PASSWORD, back);
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location")).as(back).contains("/");
    }
    assertThat(intruder.get("/login?return=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").body())
        .contains("name=\"return\" value=\"/\"");
    assertThat(intruder.get("/login?return=/%22%3E%3Cscript%3Ea%3C/script%3E").body())
        .contains("value=\"/&quot;&gt;&lt;script&gt;a&lt;/script&gt;\"");
  }

  @Test
  void shouldRefuseWhatPagesOfOtherSitesSend() throws Exception {
    String cookie = intruder.cookie();
    for (String[] foreign :
        new String[][] {
          {"Origin", "https://evil.example"},
          {"Origin", "null"},
          {"Origin", "http://localhost:" + intruder.port()},
          {"Origin", "http://127.0.0.1:1"},
          {"Sec-Fetch-Site", "cross-site"},
          {"Sec-Fetch-Site", "same-site"}
        }) {
      HttpResponse<String> login = intruder.login("ann", Intruder.PASSWORD, "/", foreign);
      assertThat(login.statusCode()).isEqualTo(403);
      assertThat(login.headers().firstValue("Set-Cookie")).isEmpty();
      for (String method : List.of("POST", "PUT", "DELETE")) {
        HttpResponse<String> answer =
            intruder.send(
                method, "/api/annotations", "{}", "Cookie", cookie, foreign[0], foreign[1]);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("pages of other sites can't do this");
      }
      assertThat(
              intruder
                  .send("POST", "/logout", "", "Cookie", cookie, foreign[0], foreign[1])
                  .statusCode())
          .isEqualTo(403);
    }
    assertThat(intruder.counter("foreign_origins")).isEqualTo(6 * 5);
    assertThat(intruder.get("/api/keys", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(intruder.login("ann", Intruder.PASSWORD, "/", "Origin", intruder.origin()))
        .returns(303, HttpResponse::statusCode);
    assertThat(
            intruder.firstLine(
                "GET /api/live HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nCookie: "
                    + cookie
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void shouldOpenALiveSocketToNobodyElse() throws Exception {
    String cookie = "Cookie: " + intruder.cookie() + "\r\n";
    String own = "Host: localhost\r\n";
    assertThat(upgrade(own)).startsWith("HTTP/1.1 401 ");
    assertThat(upgrade(own + "Cookie: sky-session=ann\r\n")).startsWith("HTTP/1.1 401 ");
    assertThat(upgrade(own + "Authorization: Bearer sky_wrong\r\n")).startsWith("HTTP/1.1 401 ");
    assertThat(upgrade("Host: evil.example\r\n" + cookie)).startsWith("HTTP/1.1 403 ");
    for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1")) {
      assertThat(upgrade(own + cookie + "Origin: " + origin + "\r\n"))
          .as(origin)
          .startsWith("HTTP/1.1 403 ");
    }
    assertThat(upgrade(own + cookie + "Sec-Fetch-Site: cross-site\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(upgrade(own + cookie)).startsWith("HTTP/1.1 101 ");
    String ownPage = "Host: 127.0.0.1:" + intruder.port() + "\r\nOrigin: " + intruder.origin();
    assertThat(upgrade(ownPage + "\r\n" + cookie)).startsWith("HTTP/1.1 101 ");
    assertThat(upgrade(own + "Authorization: Bearer " + Intruder.TOKEN + "\r\n"))
        .startsWith("HTTP/1.1 101 ");
  }

  private String upgrade(String headers) throws IOException {
    return intruder.firstLine(
        "GET /api/live HTTP/1.1\r\n"
            + headers
            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  }

  @Test
  void shouldAnswerToItsOwnNamesOnly() throws Exception {
    String cookie = intruder.cookie();
    for (String host :
        List.of("evil.example", "evil.example:8180", "sky.example.org.evil.example")) {
      assertThat(
              intruder.raw(
                  "GET /api/keys HTTP/1.1\r\nHost: "
                      + host
                      + "\r\nCookie: "
                      + cookie
                      + "\r\nConnection: close\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 403 ")
          .contains("--allow-host");
    }
    for (String host :
        List.of("sky.example.org", "SKY.example.org:443", "192.0.2.1", "localhost")) {
      assertThat(
              intruder.raw(
                  "GET /api/keys HTTP/1.1\r\nHost: "
                      + host
                      + "\r\nCookie: "
                      + cookie
                      + "\r\nConnection: close\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void shouldRefuseWrongPasswordsAndLimitTries() throws Exception {
    for (String[] wrong :
        new String[][] {{"ann", "open sesam"}, {"eve", Intruder.PASSWORD}, {"", ""}}) {
      HttpResponse<String> answer = intruder.login(wrong[0], wrong[1], "/a");
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
      assertThat(answer.body())
          .contains("No user of this name and password.", "name=\"return\" value=\"/a\"");
    }
    assertThat(intruder.counter("logins_refused")).isEqualTo(3);
    int refused = 0;
    while (intruder.login("user " + refused, "wrong", "/").statusCode() == 403) {
      refused++;
    }
    assertThat(refused).isEqualTo(10 - 3);
    HttpResponse<String> limited = intruder.login("ann", Intruder.PASSWORD, "/");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).contains("31");
    assertThat(intruder.counter("logins_limited")).isEqualTo(2);
    assertThat(
            intruder
                .login("ann", Intruder.PASSWORD, "/", "X-Forwarded-For", "192.0.2.7")
                .statusCode())
        .as("another address, by a proxy of this machine")
        .isEqualTo(303);
    intruder.clock.advance(Duration.ofSeconds(30));
    assertThat(intruder.login("ann", Intruder.PASSWORD, "/").statusCode()).isEqualTo(303);
  }

  @Test
  void shouldReadTheFilesAgainWhenTheyChange() throws Exception {
    String cookie = intruder.cookie();
    String bob = Files.readString(intruder.passwords).strip().replace("ann:", "bob:");
    rewrite(intruder.passwords, bob);
    await(() -> intruder.get("/api/keys", "Cookie", cookie).statusCode() == 401);
    assertThat(intruder.login("ann", Intruder.PASSWORD, "/").statusCode()).isEqualTo(403);
    assertThat(intruder.login("bob", Intruder.PASSWORD, "/").statusCode()).isEqualTo(303);
    String authorization = "Bearer " + Intruder.TOKEN;
    assertThat(intruder.get("/api/keys", "Authorization", authorization).statusCode())
        .isEqualTo(200);
    rewrite(intruder.tokens, "# none");
    await(() -> intruder.get("/api/keys", "Authorization", authorization).statusCode() == 401);
  }

  private static void rewrite(Path file, String line) throws IOException {
    Intruder.write(file, line);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
  }

  @FunctionalInterface
  private interface Condition {
    boolean isSo() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.isSo()) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void shouldRefuseBodiesThatAreNoFormOrTooLong() throws Exception {
    assertThat(intruder.send("POST", "/login", "{}", "Content-Type", "application/json"))
        .returns(415, HttpResponse::statusCode);
    assertThat(intruder.send("POST", "/login", "user=a")).returns(415, HttpResponse::statusCode);
    String form = "application/x-www-form-urlencoded";
    assertThat(intruder.send("POST", "/login", "user=" + "a".repeat(20_000), "Content-Type", form))
        .returns(413, HttpResponse::statusCode);
    for (String body : List.of("user=%zz", "who=a", "user=a&user=b", "user", "user=ä")) {
      assertThat(intruder.send("POST", "/login", body, "Content-Type", form))
          .as(body)
          .returns(400, HttpResponse::statusCode);
    }
    assertThat(intruder.get("/logout").statusCode()).isEqualTo(405);
    assertThat(intruder.send("PUT", "/login", "").statusCode()).isEqualTo(405);
    assertThat(intruder.login("ann", Intruder.PASSWORD, "/").statusCode()).isEqualTo(303);
  }
}
