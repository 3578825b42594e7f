package org.skymetrics.server.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Hello;
import org.skymetrics.server.ingest.PacketTarget;
import org.skymetrics.server.journal.JournalTarget;
import org.skymetrics.server.statsd.LineTarget;

/**
 * Runs each target for some 100,000 inputs and more, which the coverage of the code leads: new
 * inputs are made from those that reached new code. {@code -Dsky.fuzz.runs=10000000} for a night.
 * The input that fails is printed, and kept in the module's target folder.
 */
class FuzzIT {
  private static final long LEAST_RUNS = 100_000;
  private static final long RUNS = Long.getLong("sky.fuzz.runs", 2 * LEAST_RUNS);
  private static final long MINUTES_FOR_LEAST_RUNS = 5;
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
  private static final Pattern COVERAGE =
      Pattern.compile("#\\d+\\s+\\S+\\s+cov: (\\d+) ft: (\\d+)");

  @TempDir Path corpus;

  @Test
  void shouldTakeAnyPacket() throws Exception {
    seed("hello", concat(new byte[] {0}, new Hello(5, 7).toBytes()));
    seed("records", concat(new byte[] {1}, records()));
    shouldHold(PacketTarget.class, 1441, RUNS);
  }

  @Test
  void shouldTakeAnyText() throws Exception {
    for (String line :
        List.of(
            "http_status|200:1|c|@0.1|#b:2,a:1",
            "a:1:2:3|ms|T1656581400",
            "g:-5|g|c:abc|e:it|card:low\r\n\nx;k=v:+1.5e3|g",
            "s:x:y|s\nh:0.4|h|@1",
            "_e{3,4}:abc|defg|d:1|#x:y\n_sc|a|1|m:x")) {
      seed("line" + line.hashCode(), ("\u0000" + line).getBytes(UTF_8));
    }
    shouldHold(LineTarget.class, 400, RUNS);
  }

  @Test
  void shouldTakeAnyStoredValue() throws Exception {
    StoredTarget.seeds().forEach(this::seed);
    shouldHold(StoredTarget.class, 2_000, RUNS);
  }

  @Test
  void shouldTakeAnyJournal() throws Exception {
    seed("journal", JournalTarget.seed());
    // Each of these starts a server.
    shouldHold(JournalTarget.class, 600, Math.max(LEAST_RUNS, RUNS / 4));
  }

  private static byte[] records() {
    DataWriter writer = new DataWriter();
    writer.addCounter(Key.of("http_status|200"), 3);
    GaugeCell gauge = new GaugeCell();
    gauge.set(1.5, 7);
    writer.add(Key.of("queue|web"), gauge);
    HistogramCell histogram = new HistogramCell();
    histogram.record(1.5, 1);
    histogram.record(250, 2);
    writer.add(Key.of("ms"), histogram);
    byte[] packet = writer.take();
    DataWriter.number(packet, 1, 1, 1);
    DataReader reader = new DataReader();
    reader.wrap(packet, 0, packet.length);
    return Arrays.copyOfRange(packet, reader.recordsOffset(), packet.length);
  }

  private void seed(String name, byte[] bytes) {
    try {
      Files.write(corpus.resolve(name), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  @Test
  void shouldFindAFaultThatOnlyCoverageLeadsTo() throws Exception {
    Run run = fuzz(PlantedTarget.class, 100, 100 * LEAST_RUNS);
    assertThat(run.exitStatus()).as(run.said()).isNotZero();
    assertThat(run.said()).contains("IllegalStateException: found");
  }

  /** How a fuzzer's process ended, and what it said. */
  private record Run(int exitStatus, String said) {}

  private void shouldHold(Class<?> target, int maxLength, long runs) throws Exception {
    Run run = fuzz(target, maxLength, runs);
    assertThat(run.exitStatus()).as(run.said()).isZero();
    Matcher done = DONE.matcher(run.said());
    assertThat(done.find()).as(run.said()).isTrue();
    String coverage = "none";
    for (Matcher at = COVERAGE.matcher(run.said()); at.find(); ) {
      coverage = at.group(1) + " edges, " + at.group(2) + " features";
    }
    long executions = Long.parseLong(done.group(1));
    System.out.printf(
        "%s: %,d executions in %s s, coverage %s%n",
        target.getSimpleName(), executions, done.group(2), coverage);
    assertThat(executions).isGreaterThanOrEqualTo(LEAST_RUNS);
    assertThat(coverage).as(run.said()).isNotEqualTo("none");
  }

  private Run fuzz(Class<?> target, int maxLength, long runs)
      throws IOException, InterruptedException {
    Path found = Path.of("target", "fuzz", target.getSimpleName()).toAbsolutePath();
    Files.createDirectories(found);
    Path log = found.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx1g",
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=org.skymetrics.**",
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + File.separator,
                "-runs=" + runs,
                "-max_len=" + maxLength,
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      long minutes = MINUTES_FOR_LEAST_RUNS * Math.max(1, runs / LEAST_RUNS);
      boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
      assertThat(ended).as("ended in %s minutes, see %s", minutes, log).isTrue();
      return new Run(process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }
}
