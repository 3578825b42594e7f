package org.skymetrics.ui.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  /** Made by crypt(3) of the C library. */
  private static final String TAIL = "$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";

  @ParameterizedTest
  @ValueSource(strings = {"$2a", "$2b", "$2y"})
  void shouldKnowPasswordsThatOthersHashed(String version) {
    Passwords passwords = Passwords.parse(List.of("# users", "", "ann:" + version + TAIL));
    assertThat(passwords.verify("ann", "open sesame")).isTrue();
    assertThat(passwords.verify("ann", "open sesamE")).isFalse();
    assertThat(passwords.verify("ann", "")).isFalse();
    assertThat(passwords.verify("ann", "open sesame" + "\0")).isFalse();
    assertThat(passwords.verify("ann", "o".repeat(Passwords.MAX_BYTES + 1))).isFalse();
    assertThat(passwords.verify("Ann", "open sesame")).isFalse();
    assertThat(passwords.verify("", "open sesame")).isFalse();
  }

  @Test
  void shouldReadWhatItWrites() {
    String line = Passwords.line("bö", "pässwort");
    assertThat(line).startsWith("bö:$2y$12$").doesNotContain("pässwort");
    assertThat(Passwords.parse(List.of(line)).verify("bö", "pässwort")).isTrue();
    assertThat(Passwords.line("bö", "pässwort")).as("salted").isNotEqualTo(line);
  }

  @Test
  void shouldRefusePasswordsThatBcryptWouldCut() {
    String longest = "p".repeat(Passwords.MAX_BYTES);
    Passwords passwords = Passwords.parse(List.of(Passwords.line("ann", longest)));
    assertThat(passwords.verify("ann", longest)).isTrue();
    assertThat(passwords.verify("ann", longest + "p")).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Passwords.line("ann", longest + "p"))
        .withMessage("a password has 1 to 71 bytes, not 72");
    assertThatIllegalArgumentException().isThrownBy(() -> Passwords.line("ann", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann",
        "ann:secret",
        ":$2y$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde",
        "ann:$2y$03$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde",
        "ann:$2y$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde",
        "ann:$apr1$abcdefgh$abcdefghijklmnopqrstuv",
        "ann:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk="
      })
  void shouldRefuseOtherLinesAndNotShowThem(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Passwords.parse(List.of("# one", line)))
        .withMessageContaining("line 2")
        .withMessageNotContaining("secret")
        .withMessageNotContaining("abcdefgh");
  }

  @Test
  void shouldRefuseAFileWithoutUsersAndOneWithAUserTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Passwords.parse(List.of("# none")))
        .withMessage("there is no user in it");
    String line = "ann:$2y" + TAIL;
    assertThatIllegalArgumentException().isThrownBy(() -> Passwords.parse(List.of(line, line)));
  }
}
