package org.skymetrics.common.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private static final String OLD = "0f".repeat(32);
  private static final String NEW = "f0".repeat(32);

  @Test
  void shouldReadHexAndBase64AsTheSameSecret() {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) 0xfb);
    Secret hex = Secret.parse("fb".repeat(32));
    assertThat(Secret.parse(" " + "FB".repeat(32) + " ")).isEqualTo(hex);
    assertThat(Secret.parse(Base64.getEncoder().encodeToString(bytes))).isEqualTo(hex);
    assertThat(Secret.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)))
        .isEqualTo(hex)
        .hasSameHashCodeAs(hex);
    assertThat(Secret.parse(OLD)).isNotEqualTo(hex);
  }

  @Test
  void shouldSealWithTheFirstAndAcceptAll() {
    Secrets secrets = Secrets.parse(List.of("# the new one", NEW, "", OLD));
    assertThat(secrets.first()).isEqualTo(Secret.parse(NEW));
    assertThat(secrets.all()).containsExactly(Secret.parse(NEW), Secret.parse(OLD));
    assertThat(secrets.accepts(Secret.parse(OLD).token())).isTrue();
    assertThat(secrets.accepts(Secret.parse(NEW).token())).isTrue();
    assertThat(secrets.accepts(Secret.parse("11".repeat(32)).token())).isFalse();
    assertThat(secrets.accepts("")).isFalse();
  }

  @Test
  void shouldNameAllFaultsAndTellNoSecret() {
    String mistyped = OLD.substring(1) + "!";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secrets.parse(List.of(NEW, "c2hvcnQ=", mistyped)))
        .withMessageContaining("line 2 has 5 bytes; a secret has at least 32")
        .withMessageContaining("line 3 is neither base64 nor hex")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(NEW, "c2hvcnQ", mistyped));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secrets.parse(List.of("", "# none")))
        .withMessageContaining("it holds 0 secrets");
    assertThat(Secret.parse(NEW).toString()).doesNotContain("f0");
  }

  @Test
  void shouldMakeATokenThatDoesNotTellTheSecret() {
    Secret secret = Secret.parse(NEW);
    assertThat(secret.token()).hasSize(43).doesNotContain("f0f0");
    assertThat(Secret.parse(NEW).token()).isEqualTo(secret.token());
    assertThat(Secret.parse(OLD).token()).isNotEqualTo(secret.token());
  }
}
