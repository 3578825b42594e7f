package org.skymetrics.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a reverse proxy, packaging/nginx.conf, run by a real nginx. */
final class NginxIT {
  private static final Path EXAMPLE = Path.of("../packaging/nginx.conf");
  private static final String NAME = "sky.example.org";
  private static final String STORE_PASSWORD = "changeit";

  @TempDir Path folder;
  private Intruder sky;
  private Process nginx;
  private SSLContext tls;
  private int httpPort;
  private int httpsPort;

  @BeforeEach
  void start() throws Exception {
    Optional<Path> program =
        Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeThat(program).as("nginx is installed; .ci/run does that").isPresent();
    sky = new Intruder(Files.createDirectory(folder.resolve("sky")));
    tls = makeCertificate();
    httpPort = freePort();
    httpsPort = freePort();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration());
    nginx =
        new ProcessBuilder(
                program.get().toString(),
                "-p",
                folder.toString(),
                "-e",
                folder.resolve("error.log").toString(),
                "-c",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    awaitListening();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (nginx != null) {
      nginx.destroy();
      if (!nginx.waitFor(20, TimeUnit.SECONDS)) {
        nginx.destroyForcibly();
      }
    }
    if (sky != null) {
      sky.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The example with other ports and files, in a frame that an unprivileged nginx runs. */
  private String configuration() throws IOException {
    String example = Files.readString(EXAMPLE);
    example = replaced(example, "listen 80;", "listen 127.0.0.1:" + httpPort + ";");
    example = replaced(example, "listen 443 ssl;", "listen 127.0.0.1:" + httpsPort + " ssl;");
    example = replaced(example, "server 127.0.0.1:8180;", "server 127.0.0.1:" + sky.port() + ";");
    example =
        replaced(
            example, "/etc/ssl/certs/sky.example.org.pem", folder.resolve("sky.pem").toString());
    example =
        replaced(
            example, "/etc/ssl/private/sky.example.org.key", folder.resolve("sky.key").toString());
    return """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        events { worker_connections 64; }
        http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        %2$s
        }
        """
        .formatted(folder, example);
  }

  private static String replaced(String text, String what, String with) {
    assertThat(text).contains(what);
    return text.replace(what, with);
  }

  /** A certificate that only this test trusts, made by the JDK's keytool. */
  private SSLContext makeCertificate()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = folder.resolve("sky.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "sky",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + NAME,
                "-ext",
                "san=dns:" + NAME,
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(file.toFile(), STORE_PASSWORD.toCharArray());
    writePem("CERTIFICATE", keys.getCertificate("sky").getEncoded(), "sky.pem");
    writePem(
        "PRIVATE KEY", keys.getKey("sky", STORE_PASSWORD.toCharArray()).getEncoded(), "sky.key");
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("sky", keys.getCertificate("sky"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private void writePem(String what, byte[] bytes, String name) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  private void awaitListening() throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!isListening()) {
      assertThat(nginx.isAlive() && System.nanoTime() < end)
          .as(Files.readString(folder.resolve("nginx.log")))
          .isTrue();
      LockSupport.parkNanos(20_000_000);
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpsPort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What comes back over TLS: status line, headers and body. */
  private String tls(String method, String path, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    request.append("Host: " + NAME + ":" + httpsPort + "\r\n");
    boolean goesOn = List.of(headers).contains("Upgrade: websocket");
    request.append(goesOn ? "Connection: Upgrade\r\n" : "Connection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    request.append("Content-Length: " + body.length() + "\r\n\r\n").append(body);
    try (Socket socket =
        tls.getSocketFactory()
            .createSocket(
                new Socket(InetAddress.getLoopbackAddress(), httpsPort), NAME, httpsPort, true)) {
      return exchange(socket, request.toString(), goesOn);
    }
  }

  /**
   * What comes back until the connection is closed.
   *
   * @param staysOpen whether it is not: then the first line
   */
  private static String exchange(Socket socket, String request, boolean staysOpen)
      throws IOException {
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    if (staysOpen) {
      return in.readLine();
    }
    StringBuilder answer = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answer.append(line).append('\n');
    }
    return answer.toString();
  }

  private String origin() {
    return "https://" + NAME + ":" + httpsPort;
  }

  @Test
  void shouldServePageApiAndLoginByTls() throws IOException {
    String page = tls("GET", "/", "");
    assertThat(page)
        .startsWith("HTTP/1.1 303 ")
        .containsIgnoringCase("\nLocation: /login?return=%2F\n")
        .contains("Strict-Transport-Security: max-age=31536000");
    assertThat(tls("GET", "/api/keys", "")).startsWith("HTTP/1.1 401 ");
    String form = Intruder.form("ann", Intruder.PASSWORD, "/");
    String in =
        tls(
            "POST",
            "/login",
            form,
            "Content-Type: application/x-www-form-urlencoded",
            "Sec-Fetch-Site: same-origin",
            "Origin: " + origin());
    assertThat(in).startsWith("HTTP/1.1 303 ").containsIgnoringCase("\nLocation: /\n");
    String cookie = in.replaceAll("(?is).*\nset-cookie: ([^\n]*).*", "$1");
    assertThat(cookie)
        .matches("__Host-sky-session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure");
    String show = "Cookie: " + cookie.split(";", 2)[0];
    assertThat(tls("GET", "/", "", show)).contains("<title>Sky</title>");
    assertThat(tls("GET", "/api/keys", "", show)).startsWith("HTTP/1.1 200 ").contains("\"keys\"");
    assertThat(tls("GET", "/api/keys", "", "Authorization: Bearer " + Intruder.TOKEN))
        .startsWith("HTTP/1.1 200 ");
    String longest = "/api/latest?" + ("series=counter:" + "a".repeat(400) + "&").repeat(90);
    assertThat(tls("GET", longest.substring(0, longest.length() - 1), "", show))
        .as("as long a query as Sky takes")
        .startsWith("HTTP/1.1 200 ");
    assertThat(tls("POST", "/logout", "", show, "Origin: " + origin()))
        .startsWith("HTTP/1.1 303 ")
        .contains("; Secure; Max-Age=0");
    assertThat(tls("GET", "/api/keys", "", show)).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void shouldPassOnWhatSkyChecks() throws IOException {
    String form = Intruder.form("ann", "wrong", "/");
    String[] foreign = {
      "Content-Type: application/x-www-form-urlencoded", "Origin: https://evil.example"
    };
    assertThat(tls("POST", "/login", form, foreign)).startsWith("HTTP/1.1 403 ");
    assertThat(sky.counter("foreign_origins")).isEqualTo(1);
    assertThat(
            tls(
                "GET",
                "/api/live",
                "",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "Origin: https://evil.example"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(sky.counter("foreign_origins")).as("the upgrade came through").isEqualTo(2);
    // The proxy says who asks; what a client says of that itself is not passed on.
    for (int i = 0; i < 10; i++) {
      assertThat(
              tls(
                  "POST",
                  "/login",
                  Intruder.form("user " + i, "wrong", "/"),
                  "Content-Type: application/x-www-form-urlencoded",
                  "X-Forwarded-For: 192.0.2." + i))
          .startsWith("HTTP/1.1 403 ");
    }
    assertThat(
            tls(
                "POST",
                "/login",
                form,
                "Content-Type: application/x-www-form-urlencoded",
                "X-Forwarded-For: 192.0.2.99"))
        .startsWith("HTTP/1.1 429 ");
  }

  @Test
  void shouldLeadToTls() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
      assertThat(
              exchange(
                  socket,
                  "GET /a HTTP/1.1\r\nHost: " + NAME + "\r\nConnection: close\r\n\r\n",
                  false))
          .startsWith("HTTP/1.1 301 ")
          .contains("Location: https://" + NAME + "/a");
    }
  }
}
