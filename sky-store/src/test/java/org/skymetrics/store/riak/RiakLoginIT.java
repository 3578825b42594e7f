package org.skymetrics.store.riak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.riak.standin.RiakStandIn;
import org.skymetrics.store.riak.standin.Security;

/** A Riak whose security is on: TLS, user and password. */
@Timeout(60)
final class RiakLoginIT {
  @TempDir Path folder;
  private Security security;
  private RiakStandIn node;
  private final List<HistoryStore> stores = new ArrayList<>();

  @BeforeEach
  void startNode() throws Exception {
    keytool("-genkeypair", "-keystore", "node.p12", "-dname", "CN=node", "-keyalg", "EC");
    keytool("-exportcert", "-rfc", "-keystore", "node.p12", "-file", "node.pem");
    security = Security.of(folder.resolve("node.p12"), "sky", "word");
    node = RiakStandIn.start(security);
  }

  @AfterEach
  void closeAll() {
    stores.forEach(HistoryStore::close);
    node.close();
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "node", "-storepass", "secret", "-storetype", "PKCS12"));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
  }

  private HistoryStore connect(RiakLogin login) {
    RiakOptions options = RiakOptions.parse(node.address()).withTimeout(Duration.ofSeconds(5));
    HistoryStore store =
        RiakHistoryStore.connect(login == null ? options : options.withLogin(login));
    stores.add(store);
    return store;
  }

  private RiakLogin login(String password) {
    return RiakLogin.of("sky", password, folder.resolve("node.pem"));
  }

  @Test
  void shouldKeepHistoryBehindALogin() {
    HistoryStore store = connect(login("word"));
    byte[] value = "value".getBytes(StandardCharsets.UTF_8);
    store.put("k", value, Context.NONE);
    assertThat(store.get("k").values()).containsExactly(value);
    assertThat(security.logins()).isPositive();
    node.cutConnections();
    assertThat(store.get("k").values()).as("after a new login").containsExactly(value);
    assertThat(security.refusals()).isZero();
  }

  @Test
  void shouldSayThatTheLoginMayBeRefused() {
    assertRefused(connect(login("wrong")));
    assertThat(security.logins()).isZero();
  }

  @Test
  void shouldNotTellThePasswordToANodeWithAnotherCertificate() throws Exception {
    keytool("-genkeypair", "-keystore", "other.p12", "-dname", "CN=other", "-keyalg", "EC");
    keytool("-exportcert", "-rfc", "-keystore", "other.p12", "-file", "other.pem");
    assertRefused(connect(RiakLogin.of("sky", "word", folder.resolve("other.pem"))));
    assertThat(security.logins()).isZero();
    assertThat(security.refusals()).isPositive();
  }

  private static void assertRefused(HistoryStore store) {
    StoreException e = catchThrowableOfType(StoreException.class, () -> store.get("k"));
    assertThat(e.fault()).isEqualTo(StoreException.Fault.UNAVAILABLE);
    assertThat(e).hasMessageContaining("its certificate, the user or the password was refused");
  }

  @Test
  void shouldNotSpeakInTheClearToANodeThatWantsALogin() throws IOException {
    HistoryStore store = connect(null);
    assertThat(catchThrowableOfType(StoreException.class, () -> store.get("k")))
        .hasMessageContaining("STARTTLS");
    try (Socket socket = new Socket("127.0.0.1", node.port())) {
      socket.getOutputStream().write(new byte[] {0, 0, 0, 1, 1});
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("please STARTTLS first");
    }
  }

  @Test
  void shouldSayWhatIsWrongWithTheCertificates() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RiakLogin.of("sky", "word", folder.resolve("none.pem")))
        .withMessageContaining("none.pem is not there");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RiakLogin.of("sky", "word", empty))
        .withMessageContaining("empty.pem holds no certificate");
    Path noise = Files.writeString(folder.resolve("noise.pem"), "no certificate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RiakLogin.of("sky", "word", noise))
        .withMessageContaining("noise.pem can't be read as certificates");
    assertThat(RiakLogin.of("sky", "word", folder.resolve("node.pem")))
        .hasToString("Riak user sky");
  }
}
