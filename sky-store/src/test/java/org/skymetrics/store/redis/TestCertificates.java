package org.skymetrics.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Certificates that are good for a day, made with the JDK's keytool: an authority, a server on
 * loopback and a client that it signed, and another authority that nobody knows.
 */
final class TestCertificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private RedisTls tls;

  private TestCertificates(Path directory) {
    this.directory = directory;
  }

  private static final class Shared {
    static final TestCertificates CERTIFICATES = make();

    private static TestCertificates make() {
      try {
        return TestCertificates.make();
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The same for all tests: it takes seconds to make them. */
  static TestCertificates shared() {
    return Shared.CERTIFICATES;
  }

  private static TestCertificates make() throws IOException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("sky-certificates");
    TestCertificates made = new TestCertificates(directory);
    made.pair("authority", "-ext", "bc:critical=ca:true");
    made.pair("stranger", "-ext", "bc:critical=ca:true");
    made.pair("server", "-signer", "authority", "-ext", "san=ip:127.0.0.1,dns:localhost");
    made.pair("elsewhere", "-signer", "authority", "-ext", "san=dns:elsewhere.example");
    made.pair("client", "-signer", "authority");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("all.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    for (String name : List.of("authority", "stranger", "server", "elsewhere", "client")) {
      StringBuilder chain = new StringBuilder("subject: " + name + "\n");
      for (Certificate certificate : store.getCertificateChain(name)) {
        chain.append(part("CERTIFICATE", certificate.getEncoded()));
      }
      Files.writeString(made.certificate(name), chain);
      byte[] key = store.getKey(name, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(made.key(name), part("PRIVATE KEY", key));
    }
    made.tls =
        RedisTls.of(made.certificate("authority"), made.certificate("client"), made.key("client"));
    try (Stream<Path> files = Files.list(directory)) {
      directory.toFile().deleteOnExit();
      files.forEach(file -> file.toFile().deleteOnExit());
    }
    return made;
  }

  private void pair(String name, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "1",
                "-dname",
                "CN=" + name,
                "-keystore",
                directory.resolve("all.p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    command.addAll(List.of(more));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes());
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String part(String what, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }

  Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** What a client of ours has. */
  RedisTls tls() {
    return tls;
  }

  /** The settings of a Redis that takes TLS on this port, from clients with a certificate. */
  String[] settings(int port) {
    return settings(port, "server");
  }

  String[] settings(int port, String name) {
    return new String[] {
      "port 0",
      "tls-port " + port,
      "tls-cert-file " + certificate(name),
      "tls-key-file " + key(name),
      "tls-ca-cert-file " + certificate("authority"),
      "tls-auth-clients yes",
      "tls-replication yes",
      "tls-cluster yes"
    };
  }
}
