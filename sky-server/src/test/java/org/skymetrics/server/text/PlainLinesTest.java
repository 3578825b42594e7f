package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;

class PlainLinesTest {
  private final PlainLines lines = new PlainLines();

  /** Reads text that other text stands before and behind, as in a buffer that is used again. */
  private int read(String before, String text, int room) {
    byte[] start = before.getBytes(UTF_8);
    byte[] utf8 = text.getBytes(UTF_8);
    byte[] buffer = Arrays.copyOf(start, start.length + utf8.length + room);
    Arrays.fill(buffer, start.length, buffer.length, (byte) '7');
    System.arraycopy(utf8, 0, buffer, start.length, utf8.length);
    return lines.read(buffer, start.length, start.length + utf8.length);
  }

  @Property(tries = 2000)
  void shouldHashANameTheSameWithoutKnowingWhereItEnds(
      @ForAll @StringLength(max = 40) String before,
      @ForAll @StringLength(min = 1, max = 60) String text) {
    String name = text.replace(':', ';');
    byte[] utf8 = name.getBytes(UTF_8);

    assertThat(read(before, name + ":1|c", 8)).isEqualTo(1);
    assertThat(lines.nameEnd(0)).isEqualTo(lines.start(0) + utf8.length);
    assertThat(lines.hash(0)).isEqualTo(NameHash.of(utf8, 0, utf8.length));
  }

  @Property(tries = 5000)
  void shouldReadANumberAsItIsWritten(
      @ForAll("numbers") String number, @ForAll @IntRange(min = 1, max = 20) int room) {
    int read = read("", "a:" + number + "|ms\n", room);

    assertThat(read).isEqualTo(isPlain(number) ? 1 : 0);
    if (read == 1) {
      assertThat(lines.value(0)).isEqualTo(new BigDecimal(number).doubleValue());
      assertThat(lines.kind(0)).isEqualTo(Kind.HISTOGRAM);
    }
  }

  private static boolean isPlain(String number) {
    return number.matches("[0-9]*[.]?[0-9]*")
        && number.matches(".*[0-9].*")
        && number.replace(".", "").length() <= 15;
  }

  @Provide
  Arbitrary<String> numbers() {
    Arbitrary<String> usual =
        Arbitraries.strings().numeric().ofMaxLength(17).map(text -> point(text, text.length() / 2));
    Arbitrary<String> any = Arbitraries.strings().withChars("0123456789.-+e/:").ofMaxLength(18);
    return Arbitraries.oneOf(Arbitraries.strings().numeric().ofMaxLength(17), usual, any);
  }

  private static String point(String digits, int at) {
    return digits.substring(0, at) + "." + digits.substring(at);
  }

  @Test
  void shouldStopAtALineThatIsNotPlain() {
    assertThat(read("", "a:1|c\nb:12|g\nc:-1|g\nd:1|c\n", 8)).isEqualTo(2);
    assertThat(lines.start(2)).isEqualTo("a:1|c\nb:12|g\n".length());
    assertThat(lines.digits(1)).isEqualTo(12);
    assertThat(lines.kind(1)).isEqualTo(Kind.GAUGE);
  }

  @Test
  void shouldNotReadOnBehindTheText() {
    assertThat(read("", "a", 20)).isZero();
    assertThat(read("", "a:", 20)).isZero();
    assertThat(read("", "a:1", 20)).isZero();
    assertThat(read("", "a:1|", 20)).isZero();
    assertThat(read("", "a:1|m", 20)).isZero();
    assertThat(read("", "a:1|c", 20)).isEqualTo(1);
  }

  @Test
  void shouldLookForTheEndOfANameInItsFirstBytesAlone() {
    assertThat(read("", "n".repeat(PlainLines.MAX_NAME_BYTES - 1) + ":1|c\n", 8)).isEqualTo(1);
    assertThat(read("", "n".repeat(PlainLines.MAX_NAME_BYTES + 8) + ":1|c\n", 8)).isZero();
  }
}
