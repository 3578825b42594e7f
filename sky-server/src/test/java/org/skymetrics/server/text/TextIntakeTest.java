package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.statsd.Refusal;
import org.skymetrics.store.annotation.Annotation;

class TextIntakeTest {
  private final TextBench bench = new TextBench(Dialect.STATSD);

  @Test
  void shouldCountEachType() {
    bench.take("hits|200:3|c\nhits|200:-1|c\ntemp:21.5|g\nms:10|ms\nms:20|h\nms:30|d\n");
    assertThat(bench.recording.count("hits")).isEqualTo(2);
    assertThat(bench.recording.gauge("temp")).isEqualTo(21.5);
    assertThat(bench.recording.samples("ms")).isEqualTo(3);
    assertThat(bench.counted(ServerCounter.TEXT_LINES)).isEqualTo(6);
    assertThat(bench.counted(ServerCounter.TEXT_PACKETS)).isEqualTo(1);
  }

  @Test
  void shouldCountTagsBelowTheirName() {
    bench.take("a:1|c|#b:2,a:1\na:1|c|#a:1,b:2\na;c=3:1|c");
    assertThat(bench.recording.count("a|a:1,b:2")).isEqualTo(2);
    assertThat(bench.recording.count("a")).isEqualTo(3);
  }

  /** Whole lines add up exactly; sampled and fractional ones as exactly as doubles can. */
  @Test
  void shouldAddUpAsBigDecimalsDo() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> rates = List.of("", "|@1", "|@0.1", "|@0.5", "|@0.3", "|@2e-1", "|@0.007");
    Map<String, BigDecimal> sums = new HashMap<>();
    Map<String, BigDecimal> magnitudes = new HashMap<>();
    BigDecimal whole = BigDecimal.ZERO;
    for (int i = 0; i < 20_000; i++) {
      String key = "k|" + random.nextInt(50);
      BigDecimal value = BigDecimal.valueOf(random.nextInt(2_000_000) - 500_000, random.nextInt(4));
      String rate = rates.get(random.nextInt(rates.size()));
      BigDecimal divisor = rate.isEmpty() ? BigDecimal.ONE : new BigDecimal(rate.substring(2));
      BigDecimal counted = value.divide(divisor, MathContext.DECIMAL128);
      sums.merge(key, counted, BigDecimal::add);
      magnitudes.merge(key, counted.abs(), BigDecimal::add);
      bench.take(key + ":" + value.toPlainString() + "|c" + rate);
      long n = random.nextLong() >> 20;
      whole = whole.add(BigDecimal.valueOf(n));
      bench.take("whole:" + n + "|c");
    }
    sums.forEach(
        (key, sum) ->
            assertThat(bench.recording.sum(key))
                .as("%s, seed %d", key, seed)
                .isCloseTo(sum.doubleValue(), within(1e-12 * magnitudes.get(key).doubleValue())));
    assertThat(bench.recording.count("whole")).isEqualTo(whole.longValueExact());
    assertThat(bench.counted(ServerCounter.TEXT_LINES)).isEqualTo(40_000);
  }

  @Test
  void shouldWeighSampledValuesSoThatNoCountIsOffByMoreThanAHalf() {
    for (int n = 1; n <= 1000; n++) {
      bench.take("ms:5|ms|@0.7");
      assertThat((double) bench.recording.samples("ms")).isCloseTo(n / 0.7, within(0.5001));
    }
    bench.take("many:5|ms|@0.000001");
    assertThat(bench.recording.samples("many")).isEqualTo(1_000_000);
  }

  @Test
  void shouldApplyALineWholeOrNotAtAll() {
    bench.take("g:5:-2:x|g\nc:1:x|c\nc:1:2:3|c");
    assertThat(bench.recording.gauge("g")).isNaN();
    assertThat(bench.recording.count("c")).isEqualTo(6);
    assertThat(bench.counted(ServerCounter.TEXT_BAD_VALUE)).isEqualTo(2);
    assertThat(bench.counted(ServerCounter.TEXT_LINES)).isEqualTo(1);
  }

  @Test
  void shouldTellMembersOfASetApart() {
    bench.take("u:alice|s\nu:bob|s|#at:home\nu:alice|s|@0.1\nu:x:y|s\nu:|s");
    assertThat(bench.recording.members("u")).isEqualTo(3);
    assertThat(bench.recording.members("u|at:home")).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.TEXT_BAD_VALUE)).isEqualTo(1);
    for (int i = 0; i < 5_000; i++) {
      bench.take("many:user-" + i % 2_500 + "|s");
    }
    assertThat((double) bench.recording.members("many")).isCloseTo(2_500, within(50.0));
  }

  @Test
  void shouldChangeGaugesInTheOrderOfTheLines() {
    bench.take("g:+7|g");
    assertThat(bench.recording.gauge("g")).isEqualTo(7);
    bench.take("g:-1|g\ng:-1|g");
    assertThat(bench.recording.gauge("g")).isEqualTo(5);
    bench.take("g:+1|g\ng:100|g\ng:+1:-3|g");
    assertThat(bench.recording.gauge("g")).isEqualTo(98);
    // The only way to a negative value.
    bench.take("n:0|g\nn:-5|g");
    assertThat(bench.recording.gauge("n")).isEqualTo(-5);
    TextBench datadog = new TextBench(Dialect.DOGSTATSD);
    datadog.take("g:-1|g");
    assertThat(datadog.recording.gauge("g")).isEqualTo(-1);
  }

  @Test
  void shouldTakeATimeOnlyInTheRunningPeriod() {
    long now = TextBench.START_MS / 1000;
    for (long time : new long[] {now, now - 9, now + 29, now - 31, now - 90_000, now + 30}) {
      bench.take("t:1|c|T" + time);
    }
    bench.take("t:1|c|T9223372036854775");
    assertThat(bench.recording.count("t")).isEqualTo(4);
    assertThat(bench.counted(ServerCounter.TEXT_LATE)).isEqualTo(3);
    bench.take("t:2.5|c|@0.5|T" + (now - 600) + "\ng:3|g|T" + (now - 600));
    assertThat(bench.recording.sum("t")).isEqualTo(9);
    assertThat(bench.recording.gauge("g")).isEqualTo(3);
    bench.take("g:+3|g|T" + (now - 600));
    assertThat(bench.counted(ServerCounter.TEXT_NOT_SUPPORTED)).isEqualTo(1);
  }

  /**
   * What is held of past periods until the next flush is bounded, and what is beyond is refused.
   */
  @Test
  void shouldRefuseMorePastPeriodsThanItCanHold() {
    long now = TextBench.START_MS / 1000;
    int limit = 50_000;
    for (int i = 0; i <= limit; i++) {
      bench.take("t" + i + ":1|c|T" + (now - 600));
    }
    assertThat(bench.counted(ServerCounter.TEXT_NO_ROOM)).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.TEXT_LINES)).isEqualTo(limit);
    bench.take("t:+1|g");
    assertThat(bench.counted(ServerCounter.TEXT_NO_ROOM)).isEqualTo(2);
    assertThat(bench.recording.count("t0")).isEqualTo(1);
    bench.take("t:+1|g");
    assertThat(bench.counted(ServerCounter.TEXT_NO_ROOM)).isEqualTo(2);
  }

  @Test
  void shouldKeepTheStateOfAServiceCheckInAGauge() {
    bench.take("_sc|db.up|0|h:web\n_sc|db.up|2|h:db|#env:prod\n_sc|late|1|d:5");
    assertThat(bench.recording.gauge("db.up|host:web")).isEqualTo(0);
    assertThat(bench.recording.gauge("db.up|env:prod,host:db")).isEqualTo(2);
    assertThat(bench.counted(ServerCounter.TEXT_LATE)).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.SERVICE_CHECKS)).isEqualTo(2);
  }

  @Test
  void shouldCountAKeyOfAnotherTypeAsAnotherSeriesAndSaySo() {
    bench.take("x:1|c\nx:2|g\nx:1|c\nx:3|ms");
    assertThat(bench.recording.count("x")).isEqualTo(2);
    assertThat(bench.recording.gauge("x")).isEqualTo(2);
    assertThat(bench.counted(ServerCounter.TEXT_TYPE_CONFLICTS)).isEqualTo(2);
    TextIntake otherThread = bench.input.newIntake(Dialect.STATSD);
    byte[] line = "x:4|g".getBytes(UTF_8);
    otherThread.onPacket(line, 0, line.length, TextBench.sender("127.0.0.1"));
    assertThat(bench.counted(ServerCounter.TEXT_TYPE_CONFLICTS)).isEqualTo(3);
  }

  @Test
  void shouldTakeTextFromNamedSendersOnly() {
    byte[] line = "a:1|c".getBytes(UTF_8);
    bench.take("10.1.2.3", line);
    bench.take("::1", line);
    bench.take("127.8.9.1", line);
    assertThat(bench.recording.count("a")).isEqualTo(2);
    assertThat(bench.counted(ServerCounter.TEXT_PACKETS_NOT_ALLOWED)).isEqualTo(1);
    TextBench open = new TextBench(Dialect.STATSD, "10.0.0.0/8", "2001:db8::/33", "192.0.2.7");
    for (String from :
        List.of("10.1.2.3", "11.1.2.3", "2001:db8:7fff::1", "2001:db8:8000::1", "192.0.2.7")) {
      open.take(from, line);
    }
    open.take("192.0.2.8", line);
    assertThat(open.recording.count("a")).isEqualTo(3);
    assertThat(open.counted(ServerCounter.TEXT_PACKETS_NOT_ALLOWED)).isEqualTo(3);
  }

  @Test
  void shouldNotCountTheEndOfAPacketThatWasCut() {
    byte[] packet = new byte[TextIntake.MAX_PACKET_BYTES + 1];
    Arrays.fill(packet, (byte) 'x');
    byte[] start = "a:1|c\nb:12".getBytes(UTF_8);
    System.arraycopy(start, 0, packet, 0, start.length);
    bench.take("127.0.0.1", packet);
    assertThat(bench.recording.count("a")).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.TEXT_PACKETS_CUT)).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.TEXT_NOT_TERMINATED)).isEqualTo(1);
  }

  @Test
  void shouldTakeNothingWhenItIsStopping() {
    bench.take("a:1|c");
    bench.input.stop();
    bench.take("a:1|c");
    assertThat(bench.recording.count("a")).isEqualTo(1);
    assertThat(bench.counted(ServerCounter.TEXT_PACKETS_WHILE_STOPPING)).isEqualTo(1);
  }

  @Test
  void shouldShowTheLastRefusedLinesOfEachSender() {
    for (int i = 0; i < 30; i++) {
      bench.take("bad" + i + "\u0007\u202e:1|c");
    }
    bench.take("127.0.0.2", ("z".repeat(300) + ":1|zzz").getBytes(UTF_8));
    JsonObject lines = bench.input.status().getJsonObject("refusedLines");
    JsonArray first = lines.getJsonArray("127.0.0.1");
    assertThat(first).hasSize(RefusedLines.MAX_LINES);
    JsonObject last = first.getJsonObject(RefusedLines.MAX_LINES - 1);
    assertThat(last.getString("line")).isEqualTo("bad29\\u{7}\\u{202e}:1|c");
    assertThat(last.getString("refusal")).isEqualTo("bad_text");
    assertThat(last.getString("time")).isEqualTo("2023-11-14T22:13:30Z");
    assertThat(lines.getJsonArray("127.0.0.2").getJsonObject(0).getString("line"))
        .isEqualTo("z".repeat(200));
    for (int i = 0; i < 250; i++) {
      bench.take("127.1.0." + i, "bad".getBytes(UTF_8));
    }
    lines = bench.input.status().getJsonObject("refusedLines");
    assertThat(lines.fieldNames()).hasSize(RefusedLines.MAX_SENDERS).contains("127.1.0.249");
  }

  @Test
  void shouldCountEveryRefusalByItsCause() {
    for (Refusal refusal : Refusal.values()) {
      assertThat(ServerCounter.of(refusal).description()).startsWith("Lines of text refused: ");
    }
    bench.take("a|c\n:1|c\na:1|zzz\na:1|c|@2\na:1|ms|T5\n_e{9,9}:a|b");
    for (Refusal refusal :
        List.of(
            Refusal.NO_VALUE,
            Refusal.BAD_NAME,
            Refusal.BAD_TYPE,
            Refusal.BAD_RATE,
            Refusal.BAD_TIMESTAMP,
            Refusal.BAD_EVENT)) {
      assertThat(bench.counted(ServerCounter.of(refusal))).as("%s", refusal).isEqualTo(1);
    }
  }

  @Test
  void shouldKeepTheLastEventsAndServiceChecks() {
    for (int i = 0; i < 70; i++) {
      bench.take("_e{2,4}:up|text|d:1700000000|#env:prod\n_sc|db|2|m:slow");
    }
    assertThat(bench.counted(ServerCounter.EVENTS)).isEqualTo(70);
    assertThat(bench.counted(ServerCounter.SERVICE_CHECKS)).isEqualTo(70);
    JsonArray last = bench.input.status().getJsonArray("announcements");
    assertThat(last).hasSize(Announcements.MAX);
    assertThat(last.getJsonObject(98).getString("title")).isEqualTo("up");
    assertThat(last.getJsonObject(98).getString("time")).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(last.getJsonObject(99).getInteger("status")).isEqualTo(2);
  }

  @Test
  void shouldMakeAnnotationsOfEvents() {
    bench.take("_e{2,5}:up|a\\nbc|d:1700000000|#env:prod,x|h:web|s:ci|k:g|t:error|p:low");
    bench.take("_e{2,5}:up|a\\nbc|d:1700000000|#env:prod,x|h:web|s:ci|k:g|t:error|p:low");
    Annotation made = bench.events.get(0);
    assertThat(bench.events.get(1)).isEqualTo(made);
    assertThat(made)
        .isEqualTo(
            Annotation.of(
                1_700_000_000_000L,
                1_700_000_000_000L,
                "up",
                "error",
                "a\nbc",
                "ci",
                List.of("aggregation_key:g", "env:prod", "host:web", "priority:low", "x")));
    bench.take(
        "_e{3000,1}:" + "\ud83d\ude80".repeat(750) + "|b|#" + "t,".repeat(40) + "z".repeat(300));
    Annotation cut = bench.events.get(2);
    assertThat(cut.timeMs()).isEqualTo(TextBench.START_MS);
    assertThat(cut.label().getBytes(UTF_8)).hasSize(500);
    assertThat(cut.label()).isEqualTo("\ud83d\ude80".repeat(125));
    assertThat(cut.tags()).containsExactly("t", "z".repeat(200));
    bench.take("_e{1,1}: |b\n_e{1,1}:a|b|d:99999999999999");
    assertThat(bench.events).hasSize(3);
    assertThat(bench.counted(ServerCounter.TEXT_BAD_EVENT)).isEqualTo(2);
    assertThat(bench.counted(ServerCounter.EVENTS)).isEqualTo(3);
  }

  @Test
  void shouldAllocateNothingForKnownKeys() {
    byte[] lines =
        "hits|200:1|c\nhits:1|c|@0.3\nms|a:12.5|ms|@0.7|#b:c\nms:3|h\nlevel:2|g\n".getBytes(UTF_8);
    InetSocketAddress from = TextBench.sender("127.0.0.1");
    for (int i = 0; i < 20_000; i++) {
      bench.intake.onPacket(lines, 0, lines.length, from);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        bench.intake.onPacket(lines, 0, lines.length, from);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes for 50,000 lines").isLessThan(50_000);
  }

  /** The table in the docs names each refusal by its counter, in the words of the code. */
  @Test
  void shouldBeDocumented() throws IOException {
    String docs = Files.readString(Path.of("../docs/statsd.md"));
    for (Refusal refusal : Refusal.values()) {
      String counter = ServerCounter.of(refusal).label();
      assertThat(docs).contains("| `" + counter + "` | ");
    }
  }

  @Test
  void shouldBearAnyBytes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] alphabet = "a:|c1@#.,;=-gmshdT_e{}\n\r>".getBytes(UTF_8);
    for (int i = 0; i < 50_000; i++) {
      byte[] datagram = new byte[random.nextInt(80)];
      random.nextBytes(datagram);
      for (int k = 0; i % 4 != 0 && k < datagram.length; k++) {
        datagram[k] = alphabet[(datagram[k] & 0xff) % alphabet.length];
      }
      bench.take("127.0.0.1", datagram);
    }
    assertThat(bench.counted(ServerCounter.TEXT_PACKETS)).as("seed %d", seed).isEqualTo(50_000);
    assertThat(bench.input.status().encode()).isNotEmpty();
  }
}
