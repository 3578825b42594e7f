package org.skymetrics.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.skymetrics.server.fixture.TestRing;

class CookieMintTest {
  private static final InetSocketAddress FROM = TestRing.address(1);
  private static final long NOW = TestRing.START_MS;

  private final CookieMint mint = new CookieMint(new byte[32]);

  @Test
  void shouldKnowItsCookiesForAnEpochAndTheNext() {
    byte[] cookie = mint.cookie(FROM, 5, NOW);
    assertThat(cookie).hasSize(16);
    assertThat(mint.isGood(cookie, FROM, 5, NOW)).isTrue();
    assertThat(mint.isGood(cookie, FROM, 5, NOW + 60_000)).isTrue();
    assertThat(mint.isGood(cookie, FROM, 5, NOW + 120_000)).isFalse();
    assertThat(mint.isGood(cookie, FROM, 5, NOW - 60_000)).isFalse();
  }

  @Test
  void shouldRefuseAnotherAddressPortSessionSecretOrLength() {
    byte[] cookie = mint.cookie(FROM, 5, NOW);
    InetSocketAddress port = new InetSocketAddress(FROM.getAddress(), FROM.getPort() + 1);
    assertThat(mint.isGood(cookie, TestRing.address(2), 5, NOW)).isFalse();
    assertThat(mint.isGood(cookie, port, 5, NOW)).isFalse();
    assertThat(mint.isGood(cookie, FROM, 6, NOW)).isFalse();
    assertThat(mint.isGood(new byte[0], FROM, 5, NOW)).isFalse();
    byte[] otherSecret = new byte[32];
    otherSecret[31] = 1;
    assertThat(new CookieMint(otherSecret).isGood(cookie, FROM, 5, NOW)).isFalse();
  }
}
