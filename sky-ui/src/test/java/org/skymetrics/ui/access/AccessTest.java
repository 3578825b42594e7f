package org.skymetrics.ui.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

class AccessTest {
  private static final InetAddress HERE = InetAddresses.forString("192.0.2.1");
  private static final String LINE =
      "ann:$2y$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";

  private final ManualClock clock = new ManualClock(0);
  private final Counters counters = new Counters();
  private Passwords passwords = Passwords.parse(List.of(LINE));
  private Tokens tokens = Tokens.parse(List.of(Tokens.line("ci", "sky_abc")));
  private final Access access =
      new Access(() -> passwords, () -> tokens, clock, new SecureRandom(), counters);

  @Test
  void shouldOpenASessionForTheRightPasswordOnly() {
    assertThat(access.isOpen()).isFalse();
    assertThat(access.login(HERE, "ann", "open sesam")).isNull();
    assertThat(access.login(HERE, "eve", "open sesame")).isNull();
    assertThat(counters.get(UiCounter.LOGINS_REFUSED)).isEqualTo(2);
    String session = access.login(HERE, "ann", "open sesame");
    assertThat(access.bySession(session)).isEqualTo("ann");
    assertThat(access.bySession(null)).isNull();
    assertThat(counters.get(UiCounter.LOGINS)).isEqualTo(1);
    passwords = Passwords.parse(List.of(LINE.replace("ann", "bob")));
    assertThat(access.bySession(session)).isNull();
  }

  @Test
  void shouldLimitTriesOfAnAddressWhoeverItTries() {
    for (int i = 0; i < Access.TRIES_PER_ADDRESS; i++) {
      assertThat(access.mayTry(HERE, "user " + i)).isZero();
    }
    assertThat(access.mayTry(HERE, "ann")).isPositive();
    assertThat(counters.get(UiCounter.LOGINS_LIMITED)).isEqualTo(1);
    assertThat(access.mayTry(InetAddresses.forString("192.0.2.2"), "ann")).isZero();
    clock.advance(Duration.ofMillis(Access.ADDRESS_INTERVAL.toMillis()));
    assertThat(access.mayTry(HERE, "ann")).isZero();
  }

  @Test
  void shouldTakeAnIpv6NetworkForOneAddress() {
    for (int i = 0; i < Access.TRIES_PER_ADDRESS; i++) {
      assertThat(access.mayTry(InetAddresses.forString("2001:db8::" + (i + 1)), "user " + i))
          .isZero();
    }
    assertThat(access.mayTry(InetAddresses.forString("2001:db8::ff"), "ann")).isPositive();
    assertThat(access.mayTry(InetAddresses.forString("2001:db8:0:1::1"), "ann")).isZero();
  }

  @Test
  void shouldLimitTriesForAUserFromWherever() {
    for (int i = 0; i < Access.TRIES_PER_USER; i++) {
      assertThat(access.mayTry(InetAddresses.forString("198.51.100." + i), "ann")).isZero();
    }
    assertThat(access.mayTry(HERE, "ann")).isBetween(1L, Access.USER_INTERVAL.toSeconds() + 1);
    assertThat(access.mayTry(HERE, "bob")).isZero();
  }

  @Test
  void shouldNotLetOneAddressUseUpTheTriesOfAUser() {
    for (int i = 0; i < 10 * Access.TRIES_PER_USER; i++) {
      access.mayTry(HERE, "ann");
    }
    assertThat(access.mayTry(InetAddresses.forString("192.0.2.2"), "ann")).isZero();
  }

  @Test
  void shouldNotCountLoginsThatAreRight() {
    for (int i = 0; i < 3 * Access.TRIES_PER_USER; i++) {
      assertThat(access.mayTry(HERE, "ann")).isZero();
      assertThat(access.login(HERE, "ann", "open sesame")).isNotNull();
    }
  }

  @Test
  void shouldKnowTokensAndCountOthers() {
    assertThat(access.byToken("Bearer sky_abc")).isEqualTo("ci");
    assertThat(access.byToken("bearer  sky_abc ")).isEqualTo("ci");
    assertThat(access.byToken("Bearer " + access.ownToken())).isNotNull();
    assertThat(access.byToken(null)).isNull();
    assertThat(counters.get(UiCounter.TOKENS_REFUSED)).isZero();
    for (String other :
        new String[] {
          "", "Bearer", "Bearer ", "Bearer SKY_ABC", "Basic sky_abc", "sky_abc", "Bearer sky_abc x"
        }) {
      assertThat(access.byToken(other)).as(other).isNull();
    }
    assertThat(counters.get(UiCounter.TOKENS_REFUSED)).isEqualTo(7);
    tokens = Tokens.NONE;
    assertThat(access.byToken("Bearer sky_abc")).isNull();
  }

  @Test
  void shouldBeOpenWithoutPasswords() {
    Access open = new Access(null, () -> tokens, clock, new SecureRandom(), counters);
    assertThat(open.isOpen()).isTrue();
    assertThat(open.login(HERE, "ann", "open sesame")).isNull();
    assertThat(open.bySession("any")).isNull();
  }
}
