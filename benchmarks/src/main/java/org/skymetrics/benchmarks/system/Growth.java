package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a sample costs with few keys and with many: CPU time of a whole {@code sky standalone}, the
 * flush of one minute and its way into history among it.
 *
 * <pre>
 * java -Xmx2g -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.Growth --help
 * </pre>
 */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends statsd text of so many keys, each as often as the others, and so many samples a second,"
          + " after twenty seconds to warm up, and one more for each 25,000 keys: all are to be"
          + " known by then, and a first minute of them flushed.",
      "",
      "Start it in the folder of Sky's sources."
    })
public final class Growth implements Callable<Integer> {
  private static final String JAVA = "-Xms1g -Xmx6g";
  private static final int WARM_UP_SECONDS = 20;
  private static final int KEYS_PER_SECOND_MORE = 25_000;

  @Option(
      names = "--keys",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000,1000000",
      description = "How many keys, one after the other. Default: ${DEFAULT-VALUE}")
  private List<Integer> keys = List.of();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "300000",
      description = "Samples a second. Default: ${DEFAULT-VALUE}")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "300",
      description =
          "How long it is measured; an hour is made of its minutes each 300, which are fair."
              + " Default: ${DEFAULT-VALUE}")
  private int seconds;

  private Growth() {}

  /**
   * Runs it.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Growth()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Figures figures = new Figures();
    double first = Double.NaN;
    for (int n : keys) {
      double cost = measure(n);
      String what = String.format(Locale.ROOT, "%,d keys", n);
      figures.add(what, cost, "CPU s a million samples");
      first = Double.isNaN(first) ? cost : first;
      figures.add(what + ", as many times as the first", cost / first, "", 4);
    }
    figures.end();
    return 0;
  }

  private double measure(int n) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("sky-growth").resolve("data");
    String most = "" + (2 * n + 10_000);
    TextLoad load = new TextLoad("growth", n, "c", 0, rate);
    try (RunningSky sky =
            RunningSky.start(data, JAVA, List.of("--max-keys", most, "--session-keys", most));
        TextSender sender = new TextSender(RunningSky.PORT, load.packets())) {
      sender.send(WARM_UP_SECONDS + n / KEYS_PER_SECOND_MORE, rate);
      double cpu = sky.figures().cpuSeconds();
      ThreadFigures threads = ThreadFigures.of(List.of(sky.pid()));
      long drops = UdpFigures.of(RunningSky.PORT).drops();
      TextSender.Sent sent = sender.send(seconds, rate);
      while (UdpFigures.of(RunningSky.PORT).waitingBytes() > 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      double lost = (double) (UdpFigures.of(RunningSky.PORT).drops() - drops) / sent.packets();
      double samples = sent.lines() * (1 - lost);
      double cost = 1e6 * (sky.figures().cpuSeconds() - cpu) / samples;
      System.out.printf(
          Locale.ROOT,
          "%,d keys: %,d samples, %.2f %% lost, %.3f CPU s a million, RSS %.0f MB%n",
          n,
          sent.lines(),
          100 * lost,
          cost,
          sky.figures().residentBytes() / 1e6);
      System.out.printf(
          "    of it: %s%n", ThreadFigures.of(List.of(sky.pid())).since(threads, samples));
      return cost;
    }
  }
}
