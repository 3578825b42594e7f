package org.skymetrics.common.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          a, ''
          a>b, ''
          a|b, a
          a|b|c, a|b;a
          a|b>c|d, a|b>c;a
          app>http_status|200, app>http_status
          """)
  void shouldHaveAsParentsThePrefixesBeforeABar(String key, String parents) {
    List<String> expected = parents.isEmpty() ? List.of() : Arrays.asList(parents.split(";"));
    assertThat(Key.of(key).parents()).map(Key::toString).isEqualTo(expected);
    Key parent = Key.of(key).parent();
    assertThat(parent == null ? List.of() : List.of(parent.toString()))
        .isEqualTo(expected.stream().limit(1).toList());
  }

  @Test
  void shouldRefuseWhatIsNoKeyAndSayWhy() {
    assertThat(Key.fault("")).isEqualTo(KeyFault.EMPTY);
    assertThat(Key.fault("x".repeat(500))).isNull();
    assertThat(Key.fault("x".repeat(501))).isEqualTo(KeyFault.TOO_LONG);
    assertThat(Key.fault("ä".repeat(250))).isNull();
    assertThat(Key.fault("ä".repeat(251))).isEqualTo(KeyFault.TOO_LONG);
    for (String bad : List.of("a||b", "|a", "a|", ">a", "a>", "a|>b", "|")) {
      assertThat(Key.fault(bad)).as(bad).isEqualTo(KeyFault.EMPTY_SEGMENT);
    }
    for (String bad : List.of("a\nb", "\0", "a\u007f", "a\u0085b")) {
      assertThat(Key.fault(bad)).isEqualTo(KeyFault.CONTROL_CHARACTER);
    }
    assertThat(Key.fault("a\ud800b")).isEqualTo(KeyFault.NOT_UTF8);
    assertThatThrownBy(() -> Key.of("a||b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a||b\" is not a key: a key has no empty segment");
  }

  @Test
  void shouldHashAsSpecified() {
    // printf 'http_status|200' | sha256sum
    assertThat(Long.toHexString(Key.of("http_status|200").ringHash()))
        .isEqualTo("e3a7c57700b65a32");
  }

  @Property
  void shouldJudgeBytesAsAReferenceDoes(@ForAll("almostKeys") byte[] bytes) {
    assertThat(Key.fault(bytes, 0, bytes.length) == null).isEqualTo(reference(bytes));
  }

  @Property
  void shouldOrderByCodePoint(@ForAll("keys") String a, @ForAll("keys") String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    assertThat(Integer.signum(Key.of(a).compareTo(Key.of(b))))
        .isEqualTo(Integer.signum(Arrays.compare(left, right)));
  }

  @Property
  void shouldHaveParentsThatAreKeysEachAParentOfTheOneBefore(@ForAll("keys") String text) {
    Key key = Key.of(text);
    long bars = text.chars().filter(c -> c == '|').count();
    assertThat(key.parents()).hasSize((int) bars);
    Key at = key;
    for (Key parent : key.parents()) {
      assertThat(Key.fault(parent.toString())).isNull();
      assertThat(at.toString()).startsWith(parent + "|");
      assertThat(at.parent()).isEqualTo(parent);
      at = parent;
    }
    assertThat(at.parent()).isNull();
  }

  private static boolean reference(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return bytes.length <= 500
          && Stream.of(text.split("[|>]", -1)).noneMatch(String::isEmpty)
          && text.codePoints().noneMatch(Character::isISOControl);
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.strings()
        .withChars("abé😀漢|>")
        .ofMinLength(1)
        .ofMaxLength(12)
        .filter(s -> Key.fault(s) == null);
  }

  @Provide
  Arbitrary<byte[]> almostKeys() {
    Arbitrary<byte[]> text =
        Arbitraries.strings()
            .withChars("ab|>é\u0085\u00a0\u07ff\u0800\uffff\n\u007f😀")
            .ofMaxLength(8)
            .map(s -> s.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(6);
    return Arbitraries.oneOf(text, noise);
  }
}
