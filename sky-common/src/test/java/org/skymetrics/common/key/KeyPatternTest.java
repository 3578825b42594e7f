package org.skymetrics.common.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class KeyPatternTest {
  private static boolean matches(String pattern, String key) {
    return KeyPattern.of(pattern).matches(Key.of(key));
  }

  @Test
  void shouldMatchWithinOneSegment() {
    assertThat(matches("name|*env:prod*", "name|env:prod,host:a")).isTrue();
    assertThat(matches("name|*env:prod*", "name|az:1,env:prod")).isTrue();
    assertThat(matches("name|*env:prod*", "name|env:test")).isFalse();
    assertThat(matches("name|*env:prod*", "name|env:prod|GET")).isFalse();
    assertThat(matches("name|*env:prod*", "name>env:prod")).isFalse();
    assertThat(matches("name|*", "name")).isFalse();
    assertThat(matches("*", "name")).isTrue();
    assertThat(matches("*", "name|a")).isFalse();
    assertThat(matches("a|*>c", "a|b>c")).isTrue();
    assertThat(matches("a|*>c", "a|b|c")).isFalse();
    assertThat(matches("a|**b*", "a|b")).isTrue();
    assertThat(matches("a", "a")).isTrue();
    assertThat(matches("a*b|x", "aüb|x")).isTrue();
  }

  @Test
  void shouldGoBackToTheLastStarOnly() {
    assertThat(matches("a*ab*b", "aaabab")).isTrue();
    assertThat(matches("*ab", "aab")).isTrue();
    assertThat(matches("*abab*", "abaabab")).isTrue();
    assertThat(matches("*a*b*c", "abcabd")).isFalse();
  }

  @Test
  void shouldRefuseWhatIsNoKey() {
    assertThatThrownBy(() -> KeyPattern.of("a||*")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyPattern.of("")).isInstanceOf(IllegalArgumentException.class);
    assertThat(KeyPattern.isPattern("a|b")).isFalse();
    assertThat(KeyPattern.isPattern("a|b*")).isTrue();
    assertThat(KeyPattern.of("a|b*")).hasToString("a|b*");
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab|>*").ofMinLength(1).ofMaxLength(8);
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.strings().withChars("ab|>").ofMinLength(1).ofMaxLength(9);
  }

  @Property(tries = 3000)
  void shouldMatchAsAnExpressionDoes(@ForAll("texts") String pattern, @ForAll("keys") String key) {
    if (Key.fault(pattern) != null || Key.fault(key) != null) {
      return;
    }
    String expression =
        List.of(pattern.split("")).stream()
            .map(c -> c.equals("*") ? "[^|>]*" : Pattern.quote(c))
            .collect(Collectors.joining());

    assertThat(matches(pattern, key)).isEqualTo(key.matches(expression));
  }
}
