package org.skymetrics.ui.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  @Test
  void shouldKnowWhatTheHashOfAFileIsOf() {
    // printf sky_abc | sha256sum
    Tokens tokens =
        Tokens.parse(
            List.of("ci:3f924f062deba0509c1919f26196fa0a4f053119b2f8b3a587616d835a5c055e"));
    assertThat(tokens.nameOf("sky_abc")).isEqualTo("ci");
    assertThat(tokens.nameOf("sky_abC")).isNull();
    assertThat(tokens.nameOf("")).isNull();
    assertThat(tokens.nameOf("3f924f062deba0509c1919f26196fa0a4f053119b2f8b3a587616d835a5c055e"))
        .as("the hash itself")
        .isNull();
    assertThat(Tokens.NONE.nameOf("sky_abc")).isNull();
  }

  @Test
  void shouldMakeTokensThatNobodyGuesses() {
    SecureRandom random = new SecureRandom();
    String one = Tokens.random(random);
    String other = Tokens.random(random);
    assertThat(one).matches("sky_[A-Za-z0-9_-]{43}").isNotEqualTo(other);
    Tokens tokens = Tokens.parse(List.of(Tokens.line("a", one), Tokens.line("b", other)));
    assertThat(tokens.nameOf(one)).isEqualTo("a");
    assertThat(tokens.nameOf(other)).isEqualTo("b");
    assertThat(tokens.nameOf(one.toLowerCase(Locale.ROOT))).isNull();
    assertThat(Tokens.line("a", one)).doesNotContain(one);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a:", "a:sky_abc", ":" + "0", "a b:00", "a:ABCDEF"})
  void shouldRefuseOtherLinesAndNotShowThem(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tokens.parse(List.of("", line)))
        .withMessage("line 2 is not name:hash, as sky token writes it");
  }
}
