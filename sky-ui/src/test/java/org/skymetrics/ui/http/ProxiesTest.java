package org.skymetrics.ui.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProxiesTest {
  private static final InetAddress LOOPBACK = ip("127.0.0.1");
  private static final InetAddress PROXY = ip("10.0.0.1");
  private static final InetAddress OTHER = ip("203.0.113.9");

  private final Proxies proxies = new Proxies(Set.of(PROXY));

  private static InetAddress ip(String text) {
    return InetAddresses.forString(text);
  }

  @Test
  void shouldTakeTheWordOfTrustedProxies() {
    assertThat(proxies.client(LOOPBACK, List.of("192.0.2.1"))).isEqualTo(ip("192.0.2.1"));
    assertThat(proxies.client(PROXY, List.of("2001:db8::1"))).isEqualTo(ip("2001:db8::1"));
    assertThat(proxies.client(LOOPBACK, List.of("192.0.2.1, 10.0.0.1"))).isEqualTo(ip("192.0.2.1"));
    assertThat(proxies.client(LOOPBACK, List.of("192.0.2.1", "10.0.0.1")))
        .isEqualTo(ip("192.0.2.1"));
    assertThat(proxies.isSecure(LOOPBACK, "https")).isTrue();
    assertThat(proxies.isSecure(PROXY, "https")).isTrue();
    assertThat(proxies.isSecure(PROXY, "http")).isFalse();
    assertThat(proxies.isSecure(PROXY, null)).isFalse();
  }

  @Test
  void shouldNotTakeTheWordOfAnybodyElse() {
    assertThat(proxies.client(OTHER, List.of("192.0.2.1"))).isEqualTo(OTHER);
    assertThat(proxies.isSecure(OTHER, "https")).isFalse();
  }

  @Test
  void shouldNotBelieveWhatAClientTellsTheProxy() {
    assertThat(proxies.client(LOOPBACK, List.of("192.0.2.1, 203.0.113.9"))).isEqualTo(OTHER);
    assertThat(proxies.client(LOOPBACK, List.of("127.0.0.1, 203.0.113.9, 10.0.0.1")))
        .isEqualTo(OTHER);
  }

  @Test
  void shouldStayWithWhatIsKnownWhereTheHeaderIsNonsense() {
    assertThat(proxies.client(LOOPBACK, List.of())).isEqualTo(LOOPBACK);
    assertThat(proxies.client(LOOPBACK, List.of(""))).isEqualTo(LOOPBACK);
    assertThat(proxies.client(LOOPBACK, List.of("192.0.2.1, unknown"))).isEqualTo(LOOPBACK);
    assertThat(proxies.client(LOOPBACK, List.of("localhost, 10.0.0.1"))).isEqualTo(PROXY);
  }
}
