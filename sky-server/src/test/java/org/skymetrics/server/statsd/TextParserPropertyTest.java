package org.skymetrics.server.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A million lines, made at random of pieces that matter and then damaged, against the slow parser.
 */
class TextParserPropertyTest {
  private static final int LINES_A_TRY = 1_000;

  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
  void shouldAgreeWithTheSlowParser(@ForAll Random random, @ForAll Dialect dialect) {
    StringBuilder datagram = new StringBuilder();
    for (int i = 0; i < LINES_A_TRY; i++) {
      datagram.append(RandomLines.line(random)).append(random.nextInt(20) == 0 ? "\r\n" : "\n");
    }
    String text = datagram.toString();
    List<String> expected = SlowParser.parse(dialect, text);
    List<String> said = Transcript.of(dialect, text);
    if (!said.equals(expected)) {
      for (String line : text.split("\n")) {
        assertThat(Transcript.of(dialect, line))
            .as(line)
            .isEqualTo(SlowParser.parse(dialect, line));
      }
    }
    assertThat(said).isEqualTo(expected);
  }

  @Property(tries = 5_000)
  void shouldTakeAnyBytes(@ForAll Random random, @ForAll Dialect dialect) {
    byte[] bytes =
        (RandomLines.line(random)
                + "\n_e{3,4}:abc|defg|d:1\n_sc|a|1|m:x\n"
                + RandomLines.line(random))
            .getBytes(UTF_8);
    for (int i = random.nextInt(6); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    Transcript.of(dialect, bytes);
  }
}
