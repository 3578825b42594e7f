package org.skymetrics.store.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A Redis with TLS and users: {@code sky} with the rights of docs/storage.md, and an operator. */
final class SecuredRedis {
  static final String USER = "sky";
  static final String PASSWORD = "of-sky";
  private static final String OPERATOR = "operator";
  private static final String OPERATORS_PASSWORD = "of-the-operator";

  /** As docs/storage.md has it. */
  static final String RIGHTS = "~sky:* resetchannels +@all -@admin -@dangerous +cluster|slots";

  private SecuredRedis() {}

  static RedisUnderTest launch(TestCertificates certificates, int port, String... settings)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(certificates.settings(port)));
    all.add("user default off");
    all.add("user " + USER + " on >" + PASSWORD + " " + RIGHTS);
    all.add("user " + OPERATOR + " on >" + OPERATORS_PASSWORD + " ~* &* +@all");
    all.add("masteruser " + OPERATOR);
    all.add("masterauth " + OPERATORS_PASSWORD);
    all.addAll(List.of(settings));
    return RedisUnderTest.launch(port, all.toArray(new String[0]))
        .commandedAs(
            RedisOptions.parse("127.0.0.1:" + port)
                .withUser(OPERATOR, OPERATORS_PASSWORD)
                .withTls(certificates.tls()));
  }

  static RedisOptions asSky(RedisOptions options, TestCertificates certificates) {
    return options.withUser(USER, PASSWORD).withTls(certificates.tls());
  }
}
