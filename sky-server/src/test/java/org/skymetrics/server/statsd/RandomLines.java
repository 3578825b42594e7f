package org.skymetrics.server.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Random;

/** Lines made at random of pieces that matter, and some of them damaged. */
public final class RandomLines {
  private RandomLines() {}

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
          "T1700000000",
          "T1699999000",
          "T0",
          "T",
          "Tx",
          "c:abc",
          "e:it",
          "card:low",
          "zig",
          "",
          "#k=v");

  /** A line. */
  public static String line(Random random) {
    if (random.nextInt(10) == 0) {
      return announcement(random);
    }
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
    return line.toString();
  }

  private static final List<String> TEXTS =
      List.of("a", "up", "a|b", "é|\u00fc", "x\\ny", "", " ", "m:1", "n".repeat(30));
  private static final List<String> NOTES =
      List.of(
          "d:17",
          "d:x",
          "d:1.",
          "d:99999999999999",
          "h:web",
          "h:",
          "k:g",
          "p:low",
          "p:high",
          "t:error",
          "t:bad",
          "s:ci",
          "#a,b:c",
          "#",
          "m:why | so",
          "c:1",
          "e:2",
          "zig",
          "z:g",
          "",
          "#x|#y");

  private static String announcement(Random random) {
    StringBuilder line = new StringBuilder();
    if (random.nextBoolean()) {
      String title = pick(TEXTS, random);
      String text = pick(TEXTS, random);
      int wrong = random.nextInt(6) == 0 ? random.nextInt(3) - 1 : 0;
      line.append("_e{")
          .append(title.getBytes(UTF_8).length + wrong)
          .append(',')
          .append(text.getBytes(UTF_8).length)
          .append("}:")
          .append(title)
          .append('|')
          .append(text);
    } else {
      line.append("_sc|").append(pick(NAMES, random)).append('|').append(random.nextInt(5));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      line.append('|').append(pick(NOTES, random));
    }
    if (random.nextInt(8) == 0) {
      line.setCharAt(random.nextInt(line.length()), "|:{}#,1 é".charAt(random.nextInt(9)));
    }
    return line.toString();
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
