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

  private static final List<String> NAMES =
      List.of(
          "a",
          "http_status|200",
          "a.b-c",
          "x y",
          "é",
          "a>b",
          "",
          "a||b",
          "a;k=v",
          "a;k=v;b=1",
          "a;",
          "n|é>x");
  private static final List<String> VALUES =
      List.of(
          "1",
          "-5",
          "+3",
          "0.4",
          "5.",
          ".5",
          "1e3",
          "1e-7",
          "12345678901234567890",
          "999999999999999999",
          "",
          "nan",
          "1:2:3",
          "1::2",
          " 1",
          "0x1",
          "1_0",
          "00",
          "-0",
          "x:y",
          "1e400",
          "0.1234567890123456789",
          "1e",
          "--1",
          "123456789012345678901234567890e-20");
  private static final List<String> TYPES =
      List.of("c", "c", "c", "g", "ms", "h", "d", "s", "m", "", "C", "kv");
  private static final List<String> FIELDS =
      List.of(
          "@0.1",
          "@1",
          "@0.3",
          "@2",
          "@",
          "@ 1",
          "@1e-6",
          "@1e-9",
          "#x:y",
          "#b,a,b",
          "#",
          "#,,",
          "#x>y",
          "T1656581400",
          "T0",
          "T",
          "Tx",
          "c:abc",
          "e:it",
          "card:low",
          "zig",
          "",
          "#k=v");

  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
  void shouldAgreeWithTheSlowParser(@ForAll Random random, @ForAll Dialect dialect) {
    StringBuilder datagram = new StringBuilder();
    for (int i = 0; i < LINES_A_TRY; i++) {
      datagram.append(line(random)).append(random.nextInt(20) == 0 ? "\r\n" : "\n");
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
        (line(random) + "\n_e{3,4}:abc|defg|d:1\n_sc|a|1|m:x\n" + line(random)).getBytes(UTF_8);
    for (int i = random.nextInt(6); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    Transcript.of(dialect, bytes);
  }

  private static String line(Random random) {
    StringBuilder line = new StringBuilder();
    line.append(pick(NAMES, random))
        .append(':')
        .append(pick(VALUES, random))
        .append('|')
        .append(pick(TYPES, random));
    for (int i = random.nextInt(4); i > 0; i--) {
      line.append('|').append(pick(FIELDS, random));
    }
    if (random.nextInt(5) == 0) {
      int at = random.nextInt(line.length());
      line.setCharAt(at, "|:@#.e0 \t;,é".charAt(random.nextInt(12)));
    }
    // Events and checks have a test of their own.
    return line.charAt(0) == '_' ? "a" + line : line.toString();
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
