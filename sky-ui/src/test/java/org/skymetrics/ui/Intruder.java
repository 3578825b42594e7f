package org.skymetrics.ui;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.skymetrics.common.file.PrivateFile;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.skymetrics.ui.access.Passwords;
import org.skymetrics.ui.access.Tokens;
import org.skymetrics.ui.count.Reading;

/** A server with a login, and one who tries to get in. */
final class Intruder implements AutoCloseable {
  static final String PASSWORD = "open sesame";
  static final String TOKEN = "sky_0123456789abcdefABCDEF0123456789abcdefABCDE";
  private static final String ANN =
      "ann:$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";

  final Path passwords;
  final Path tokens;
  final ManualClock clock = new ManualClock(1_700_000_000_000L);
  final SkyUi ui;
  private final SqlitePeriodStore periods;
  private final SqliteHistoryStore history;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Intruder(Path folder) throws IOException {
    Layout layout = new Layout(Period.ONE_MINUTE, 4);
    periods = SqlitePeriodStore.open(folder, layout, clock, new StoreCounters());
    history = SqliteHistoryStore.open(folder);
    passwords = write(folder.resolve("passwords"), ANN);
    tokens = write(folder.resolve("tokens"), Tokens.line("ci", TOKEN));
    UiConfig config =
        UiConfig.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .layout(layout)
            .allowedHosts(Set.of("sky.example.org"))
            .passwords(PrivateFile.open("password", passwords, Passwords::parse))
            .tokens(PrivateFile.open("token", tokens, Tokens::parse))
            .build();
    ui = SkyUi.start(config, periods, history, clock);
  }

  /** A file that only its owner can read. */
  static Path write(Path file, String line) throws IOException {
    Files.writeString(file, line + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  int port() {
    return ui.address().getPort();
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin() + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As the form of the login page does. */
  HttpResponse<String> login(String user, String password, String back, String... headers)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/x-www-form-urlencoded"));
    return send("POST", "/login", form(user, password, back), all.toArray(new String[0]));
  }

  static String form(String user, String password, String back) {
    return "user=" + enc(user) + "&password=" + enc(password) + "&return=" + enc(back);
  }

  private static String enc(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The cookie of a login: name and value. */
  String cookie(String... headers) throws Exception {
    HttpResponse<String> answer = login("ann", PASSWORD, "/", headers);
    return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  /** What comes back for bytes, sent as they are, until the connection is closed. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      return new String(sent(socket, request).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The first line of what comes back. */
  String firstLine(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(sent(socket, request), StandardCharsets.UTF_8))) {
      return in.readLine();
    }
  }

  private static InputStream sent(Socket socket, String request) throws IOException {
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket.getInputStream();
  }

  long counter(String name) {
    return ui.readings().stream()
        .filter(reading -> reading.name().equals("sky_ui_" + name))
        .mapToLong(Reading::value)
        .sum();
  }

  @Override
  public void close() {
    ui.close();
    periods.close();
    history.close();
  }
}
