package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long the latest values of 1,000 keys of one server take to come over HTTP, while reports of
 * many come in.
 *
 * <pre>
 * java -Xmx2g -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.LatestTimes --help
 * </pre>
 */
@Command(
    name = "latest-times",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A client of Sky counts each of its keys once a minute at a Sky of its own, spread evenly: with"
          + " 445,000 keys that is 10 GB of packets a day, as of 445 machines that report 1,000"
          + " values each a minute. Meanwhile 1,000 of them are asked for, at random moments.",
      "",
      "Start it in the folder of Sky's sources."
    })
public final class LatestTimes implements Callable<Integer> {
  private static final String JAVA = "-Xms1g -Xmx4g";
  private static final int ASKED = 1_000;
  private static final int MAX_REST_MS = 100;
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]*)\"");
  private static final Pattern MEMBER = Pattern.compile("\"name\":\"([^\"]*)\"");

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "445000",
      description = "How many counters. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "2",
      description = "For how long, after two minutes to warm up. Default: ${DEFAULT-VALUE}")
  private int minutes;

  @Option(
      names = "--page",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many are asked for at once. Default: ${DEFAULT-VALUE}")
  private int page;

  private final Random random = new Random(1);
  private final Histogram timesUs = new Histogram(3);
  private volatile boolean ends;

  private LatestTimes() {}

  /**
   * Runs it.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LatestTimes()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("sky-latest").resolve("data");
    String most = "" + (2 * keys + 10_000);
    List<String> options = List.of("--max-keys", most, "--session-keys", most);
    try (RunningSky sky = RunningSky.start(data, JAVA, options);
        NativeClients load = new NativeClients(keys)) {
      load.add();
      Thread reports = new Thread(() -> report(load), "reports");
      reports.start();
      ask(sky, TimeUnit.MINUTES.toNanos(2));
      timesUs.reset();
      ask(sky, TimeUnit.MINUTES.toNanos(minutes));
      ends = true;
      reports.join();
    }
    String what = "latest values of 1,000 keys, " + timesUs.getTotalCount() + " times: ";
    Figures figures = new Figures();
    figures.add(what + "median", timesUs.getValueAtPercentile(50) / 1e3, "ms");
    figures.add(what + "90 %", timesUs.getValueAtPercentile(90) / 1e3, "ms");
    figures.add(what + "99 %", timesUs.getValueAtPercentile(99) / 1e3, "ms", 2);
    figures.add(what + "longest", timesUs.getMaxValue() / 1e3, "ms");
    figures.end();
    return 0;
  }

  private void report(NativeClients load) {
    while (!ends) {
      load.spread(1, 60);
    }
  }

  private void ask(RunningSky sky, long lengthNs) throws IOException, InterruptedException {
    Matcher name = MEMBER.matcher(text(sky, "/api/status"));
    if (!name.find()) {
      throw new IOException("no member");
    }
    long endNs = System.nanoTime() + lengthNs;
    while (System.nanoTime() < endNs) {
      TimeUnit.MICROSECONDS.sleep(random.nextInt(MAX_REST_MS * 1000));
      long startNs = System.nanoTime();
      askAll(sky, "/api/latest?member=" + name.group(1) + "&limit=" + page);
      timesUs.recordValue((System.nanoTime() - startNs) / 1000);
    }
  }

  private void askAll(RunningSky sky, String path) throws IOException, InterruptedException {
    String after = "";
    for (int asked = 0; asked < ASKED; asked += page) {
      Matcher next = NEXT.matcher(text(sky, path + after));
      if (!next.find()) {
        return;
      }
      after = "&after=" + next.group(1).replace("|", "%7C");
    }
  }

  private static String text(RunningSky sky, String path) throws IOException, InterruptedException {
    return new String(sky.ask(path), StandardCharsets.UTF_8);
  }
}
