package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.statsd.TextParser;

class LineStreamTest {
  private static final InetAddress SENDER = InetAddress.getLoopbackAddress();

  private final TextBench bench = new TextBench(Dialect.STATSD);
  private final LineStream lines = bench.intake.newStream();

  private void read(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    bench.intake.onBytes(lines, bytes, bytes.length, SENDER);
  }

  @Test
  void shouldCountTheSameWhereverAStreamIsCut() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    long sum = 0;
    for (int i = 0; i < 2000; i++) {
      int n = random.nextInt(100_000);
      sum += n;
      text.append("sum|é").append(i % 7).append(':').append(n).append("|c");
      text.append(random.nextInt(3) == 0 ? "\r\n" : random.nextInt(3) == 0 ? "\n\n" : "\n");
    }
    byte[] all = text.toString().getBytes(UTF_8);
    int at = 0;
    while (at < all.length) {
      int n = Math.min(all.length - at, random.nextInt(random.nextInt(5) == 0 ? 200 : 5));
      byte[] part = new byte[n];
      System.arraycopy(all, at, part, 0, n);
      bench.intake.onBytes(lines, part, n, SENDER);
      at += n;
    }
    assertThat(bench.recording.count("sum")).as("seed %d", seed).isEqualTo(sum);
    assertThat(bench.counted(ServerCounter.TEXT_LINES)).isEqualTo(2000);
    assertThat(bench.counted(ServerCounter.TEXT_STREAM_BYTES)).isEqualTo(all.length);
  }

  @Test
  void shouldKeepALineOfTheGreatestLengthAndSkipALongerOne() {
    String comment = "|c|#" + "x".repeat(400) + "|" + "y".repeat(TextParser.MAX_LINE_BYTES);
    String longest = ("a:1" + comment).substring(0, TextParser.MAX_LINE_BYTES);
    read(longest.substring(0, 5000));
    read(longest.substring(5000));
    read("\r");
    read("\nb:1|c\n");
    assertThat(bench.recording.count("a")).isEqualTo(1);
    read(longest + "yy");
    read("z".repeat(10_000));
    read("c:9|c");
    read("\nb:1|c\n");
    read("d:1|c|#" + "z".repeat(9000) + "\nb:1|c\n");
    assertThat(bench.recording.count("b")).isEqualTo(3);
    assertThat(bench.recording.count("c")).isZero();
    assertThat(bench.counted(ServerCounter.TEXT_TOO_LONG)).isEqualTo(2);
  }

  @Test
  void shouldNotCountALineWithoutAnEnd() {
    read("a:1|c\na:1");
    bench.intake.onEnd(lines, SENDER);
    assertThat(bench.recording.count("a")).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.TEXT_NOT_TERMINATED)).isEqualTo(1);
  }
}
