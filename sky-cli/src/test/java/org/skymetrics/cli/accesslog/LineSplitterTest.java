package org.skymetrics.cli.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LineSplitterTest {
  private final GatheredLines gathered = new GatheredLines();
  private final LineSplitter splitter = new LineSplitter(gathered);

  @Property(tries = 300)
  void shouldGiveTheSameLinesHoweverTheBytesAreCut(
      @ForAll List<@AlphaChars String> lines, @ForAll @IntRange(min = 1, max = 9) int piece) {
    GatheredLines pieces = new GatheredLines();
    LineSplitter cut = new LineSplitter(pieces);
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; at < bytes.length; at += piece) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
      cut.accept(part, part.length);
    }
    cut.finish();

    assertThat(pieces.lines).isEqualTo(lines.isEmpty() ? List.of("") : lines);
  }

  @Test
  void shouldKeepALineThatIsNotEndedYet() {
    accept("one\ntw");
    assertThat(gathered.lines).containsExactly("one");

    accept("o\r\n");
    assertThat(gathered.lines).containsExactly("one", "two");
  }

  @Test
  void shouldTakeALastLineWithoutAnEndAsALine() {
    accept("one\ntwo");
    splitter.finish();
    splitter.finish();

    assertThat(gathered.lines).containsExactly("one", "two");
  }

  @Test
  void shouldTellOfALineThatIsTooLongAndGoOnBehindIt() {
    accept("x".repeat(LineSplitter.MAX_LINE_BYTES) + "\n");
    accept("x".repeat(LineSplitter.MAX_LINE_BYTES));
    accept("x");
    accept("xx\nnext\n");

    assertThat(gathered.tooLong).isEqualTo(1);
    assertThat(gathered.lines).hasSize(2).endsWith("next");
  }

  private void accept(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    splitter.accept(bytes, bytes.length);
  }
}
