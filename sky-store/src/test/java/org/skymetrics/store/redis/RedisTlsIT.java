package org.skymetrics.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore.PutOutcome;
import redis.clients.jedis.Protocol.Command;

/** TLS and users, with what can be wrong about them, on one server, by sentinels, as a cluster. */
class RedisTlsIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final TestCertificates CERTIFICATES = TestCertificates.shared();

  private final StoreCounters counters = new StoreCounters();

  private void requireThatItWorks(RedisOptions options) {
    try (RedisPeriodStore store = RedisPeriodStore.connect(options, LAYOUT, counters)) {
      assertThat(store.put(List.of(batch(1, "a", 1)))).containsExactly(PutOutcome.TAKEN);
    }
  }

  private void requireSentence(RedisOptions options, Fault fault, String sentence) {
    assertThatThrownBy(() -> RedisPeriodStore.connect(options, LAYOUT, counters))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining(SecuredRedis.PASSWORD)
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(fault);
  }

  @Test
  void shouldSayWhatIsWrongWithTls() throws IOException {
    int port = RedisUnderTest.freePort();
    Path authority = CERTIFICATES.certificate("authority");
    try (RedisUnderTest redis = SecuredRedis.launch(CERTIFICATES, port);
        RedisUnderTest plain = RedisUnderTest.launch()) {
      RedisOptions right = SecuredRedis.asSky(redis.options(), CERTIFICATES);
      requireThatItWorks(right);
      requireSentence(redis.options(), Fault.UNAVAILABLE, "does it expect TLS?");
      requireSentence(
          plain.options().withTls(CERTIFICATES.tls()).withConnectTimeout(Duration.ofMillis(300)),
          Fault.TIMEOUT,
          "does it speak TLS?");
      requireSentence(
          right.withTls(RedisTls.of(null, null, null)), Fault.NOT_ALLOWED, "don't agree on TLS");
      requireSentence(
          right.withTls(RedisTls.of(CERTIFICATES.certificate("stranger"), null, null)),
          Fault.NOT_ALLOWED,
          "don't agree on TLS");
      // TLS 1.3 refuses a client when the handshake is over: a write may be what fails.
      assertThatThrownBy(
              () ->
                  RedisPeriodStore.connect(
                      right.withTls(RedisTls.of(authority, null, null)), LAYOUT, counters))
          .isInstanceOf(StoreException.class)
          .hasMessageMatching("(?s).*(don't agree on TLS|does it take our certificate).*");
      requireSentence(right.withUser("sky", "guess"), Fault.NOT_ALLOWED, "user or password");
      assertThat(counters.get(StoreCounter.CALL_NOT_ALLOWED)).isBetween(3L, 4L);
      assertThat(
              counters.get(StoreCounter.CALL_NOT_ALLOWED)
                  + counters.get(StoreCounter.CALL_UNAVAILABLE))
          .isEqualTo(5);
      assertThat(counters.get(StoreCounter.TIMEOUT)).isEqualTo(1);
      assertThat(counters.get(StoreCounter.CALL_FAILED)).isEqualTo(6);
    }
  }

  @Test
  void shouldNotTrustTheCertificateOfAnotherName() throws IOException {
    int port = RedisUnderTest.freePort();
    try (RedisUnderTest redis =
        RedisUnderTest.launch(port, CERTIFICATES.settings(port, "elsewhere"))) {
      requireSentence(
          redis.options().withTls(CERTIFICATES.tls()), Fault.NOT_ALLOWED, "don't agree on TLS");
    }
  }

  @Test
  void shouldGiveUpACallThatIsNeitherReadNorAnsweredOverTls() throws IOException {
    try (RedisUnderTest redis = SecuredRedis.launch(CERTIFICATES, RedisUnderTest.freePort());
        RedisLink link =
            new RedisLink(
                SecuredRedis.asSky(redis.options(), CERTIFICATES)
                    .withCallTimeout(Duration.ofSeconds(1)),
                counters)) {
      link.call(new redis.clients.jedis.CommandArguments(Command.TIME));
      redis.suspend();
      byte[] more = new byte[64 << 20];
      assertThatThrownBy(
              () -> link.run(new ScriptCall(Script.STATES, List.of(), () -> List.of(more))))
          .isInstanceOf(StoreException.class)
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(Fault.TIMEOUT);
    }
  }

  @Test
  void shouldLogInToSentinelsAsAnotherUser() throws IOException {
    int port = RedisUnderTest.freePort();
    try (RedisUnderTest master = SecuredRedis.launch(CERTIFICATES, port)) {
      int sentinelPort = RedisUnderTest.freePort();
      List<String> settings = new ArrayList<>(List.of(CERTIFICATES.settings(sentinelPort)));
      settings.add("user default off");
      settings.add("user watch on >hush -@all +auth +sentinel|get-master-addr-by-name");
      settings.add("sentinel auth-user sky operator");
      settings.add("sentinel auth-pass sky of-the-operator");
      try (RedisUnderTest sentinel =
          RedisUnderTest.sentinel(sentinelPort, "sky", master, settings.toArray(new String[0]))) {
        RedisOptions options =
            SecuredRedis.asSky(
                RedisOptions.parse("sentinel://" + sentinel.address() + "/sky"), CERTIFICATES);
        requireThatItWorks(options.withSentinelLogin(new RedisOptions.Login("watch", "hush")));
        requireSentence(options, Fault.NOT_ALLOWED, "the sentinel at " + sentinel.address());
        requireSentence(
            options.withSentinelLogin(new RedisOptions.Login("watch", "louder")),
            Fault.NOT_ALLOWED,
            "the sentinel at " + sentinel.address());
      }
    }
  }

  @Test
  void shouldUseTlsAndUsersWithAllNodesOfACluster() throws IOException {
    try (RedisClusterUnderTest cluster =
        RedisClusterUnderTest.launch(
            (port, settings) -> SecuredRedis.launch(CERTIFICATES, port, settings))) {
      requireThatItWorks(SecuredRedis.asSky(cluster.options(), CERTIFICATES));
      requireSentence(
          cluster.options().withTls(CERTIFICATES.tls()), Fault.NOT_ALLOWED, "asks for a password");
    }
  }

  @Test
  void shouldNameTheFileThatIsWrong(@TempDir Path directory) throws IOException {
    Path client = CERTIFICATES.certificate("client");
    Path key = CERTIFICATES.key("client");
    Path odd =
        Files.writeString(
            directory.resolve("odd.pem"),
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    Path broken =
        Files.writeString(
            directory.resolve("broken.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    requireFault(() -> RedisTls.of(directory.resolve("none"), null, null), "none");
    requireFault(() -> RedisTls.of(key, null, null), "client.key has no BEGIN CERTIFICATE");
    requireFault(() -> RedisTls.of(broken, null, null), "broken.pem has a certificate");
    requireFault(() -> RedisTls.of(null, client, odd), "openssl pkcs8 -topk8");
    requireFault(() -> RedisTls.of(null, client, client), "has no BEGIN PRIVATE KEY");
    requireFault(() -> RedisTls.of(null, client, null), "go together");
  }

  private static void requireFault(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}
