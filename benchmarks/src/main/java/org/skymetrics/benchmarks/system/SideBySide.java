package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sky beside other daemons, with the same statsd packets, in turn (A B A B): the CPU time that each
 * takes for a million samples, and how many a second it takes before the kernel drops.
 *
 * <pre>
 * java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.system.SideBySide --help
 * </pre>
 */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends the same statsd text to Sky and to other daemons, one after the other, and prints what"
          + " CPU time each needs for a million samples.",
      "",
      "Each daemon is started afresh, warmed up, and measured while the load goes on. CPU time is"
          + " that of the process and of those it started, from /proc, with what a JVM's compilers"
          + " take of it told apart; samples are those that the kernel did not drop. Start it in"
          + " the folder of Sky's sources."
    })
public final class SideBySide implements Callable<Integer> {
  /** What some loads are, by name. */
  private static final List<TextLoad> LOADS =
      List.of(
          new TextLoad("counters, 1,000 keys, saturated", 1_000, "c", 0, TextLoad.SATURATED),
          new TextLoad("counters, 1,000 keys, 500,000/s", 1_000, "c", 0, 500_000),
          new TextLoad("counters, 100,000 keys, saturated", 100_000, "c", 0, TextLoad.SATURATED),
          new TextLoad("counters, 100,000 keys, 500,000/s", 100_000, "c", 0, 500_000),
          new TextLoad("timers, 1,000 keys, saturated", 1_000, "ms", 0, TextLoad.SATURATED),
          new TextLoad("timers, 1,000 keys, 500,000/s", 1_000, "ms", 0, 500_000),
          new TextLoad("counters, a packet each, saturated", 1_000, "c", 1, TextLoad.SATURATED),
          new TextLoad("counters, a packet each, 100,000/s", 1_000, "c", 1, 100_000));

  private static final TextLoad CEILING = new TextLoad("ceiling", 1_000, "c", 0, 0);
  private static final double LOSS_ALLOWED = 0.001;
  private static final double STEP = 1.25;

  /** How long one is warmed up that compiles nothing: until all keys are there. */
  private static final int WARM_UP_OF_OTHERS = 5;

  @Option(
      names = "--daemon",
      paramLabel = "NAME=PORT:COMMAND",
      description =
          "One more daemon, by its command line; it must stay in the foreground and listen at this"
              + " UDP port of 127.0.0.1. May be repeated.")
  private List<String> daemons = new ArrayList<>();

  @Option(
      names = "--statsd",
      paramLabel = "FILE",
      description = "statsd.js of statsd for Node, as npm install statsd leaves it.")
  private Path statsd = Path.of("node_modules/statsd/stats.js");

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description =
          "Only these daemons, besides what --daemon adds: sky, collectd, netdata, statsd.")
  private List<String> only = List.of();

  @Option(
      names = "--loads",
      paramLabel = "TEXT",
      description = "Only the loads whose name contains this.")
  private String loads = "";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "How often each is measured; 0 for the highest rates alone. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "How long each load is measured; all flush every ten seconds, so ten, twenty and so on"
              + " are fair. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "30",
      description =
          "How long each load is sent before it is measured, for a JVM compiles meanwhile; others"
              + " get five seconds at most. Default: ${DEFAULT-VALUE}")
  private int warmUp;

  @Option(
      names = "--no-ceiling",
      description = "Leave out the search for the highest rate without loss.")
  private boolean noCeiling;

  @Option(names = "--json", paramLabel = "FILE", description = "Where the figures go as JSON.")
  private Path json = Path.of("benchmarks/target/side-by-side.json");

  private final List<Measured> all = new ArrayList<>();

  private SideBySide() {}

  /** What one run of a load at one daemon gave, and what its threads used for a million samples. */
  private record Measured(
      String load,
      String daemon,
      long samples,
      double cpuSeconds,
      double compilerSeconds,
      double loss,
      long rssBytes,
      String threads) {
    double cpuPerMillion() {
      return cpuSeconds * 1e6 / samples;
    }

    double compilerPerMillion() {
      return compilerSeconds * 1e6 / samples;
    }
  }

  /**
   * Runs it.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SideBySide()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Peer> peers = peers();
    System.out.printf("Measured: %s%n", String.join(", ", peers.stream().map(Peer::name).toList()));
    for (TextLoad load : LOADS) {
      if (rounds > 0 && load.name().contains(loads)) {
        compare(load, peers);
      }
    }
    Map<String, Long> ceilings = new TreeMap<>();
    if (!noCeiling) {
      for (Peer peer : peers) {
        ceilings.put(peer.name(), ceiling(peer));
      }
    }
    Files.createDirectories(json.toAbsolutePath().getParent());
    Files.writeString(json, asJson(ceilings));
    System.out.printf("Figures: %s%n", json);
    return 0;
  }

  private List<Peer> peers() {
    List<Peer> peers = new ArrayList<>(List.of(Peer.sky()));
    addIfThere(peers, "/usr/sbin/collectd", Peer::collectd);
    addIfThere(peers, "/usr/sbin/netdata", Peer::netdata);
    addIfThere(peers, statsd.toString(), program -> Peer.statsd(Path.of(program)));
    if (!only.isEmpty()) {
      peers.removeIf(peer -> !only.contains(peer.name()));
    }
    daemons.stream().map(Peer::parse).forEach(peers::add);
    return peers;
  }

  private static void addIfThere(List<Peer> peers, String program, Function<String, Peer> peer) {
    if (Files.exists(Path.of(program))) {
      peers.add(peer.apply(program));
    } else {
      System.out.printf("Left out, for it is not there: %s%n", program);
    }
  }

  private void compare(TextLoad load, List<Peer> peers) throws IOException, InterruptedException {
    TextLoad.Packets packets = load.packets();
    System.out.printf("%n%s%n", load.name());
    System.out.printf(
        "  %-12s %14s %16s %16s %8s %8s%n",
        "daemon", "samples", "CPU s/million", "of it compiler", "lost %", "RSS MB");
    List<Measured> ofLoad = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (Peer peer : peers) {
        Measured measured = measure(load, packets, peer);
        ofLoad.add(measured);
        System.out.printf(
            Locale.ROOT,
            "  %-12s %,14d %16.4f %16.4f %8.2f %8.0f%n",
            peer.name(),
            measured.samples(),
            measured.cpuPerMillion(),
            measured.compilerPerMillion(),
            100 * measured.loss(),
            measured.rssBytes() / 1e6);
        System.out.printf("    of it: %s%n", measured.threads());
      }
    }
    all.addAll(ofLoad);
    double sky = best(ofLoad, "sky");
    for (Peer peer : peers) {
      if (!peer.name().equals("sky")) {
        System.out.printf(
            Locale.ROOT, "  sky takes %.2f of %s%n", sky / best(ofLoad, peer.name()), peer.name());
      }
    }
  }

  /** The least that was measured: what else runs on a machine only adds. */
  private static double best(List<Measured> measured, String daemon) {
    return measured.stream()
        .filter(m -> m.daemon().equals(daemon))
        .mapToDouble(Measured::cpuPerMillion)
        .min()
        .orElse(Double.NaN);
  }

  private Measured measure(TextLoad load, TextLoad.Packets packets, Peer peer)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sky-beside-" + peer.name());
    try (RunningPeer running = peer.start(folder);
        TextSender sender = new TextSender(peer.port(), packets)) {
      int warm = peer.name().equals("sky") ? warmUp : Math.min(warmUp, WARM_UP_OF_OTHERS);
      sender.send(warm, load.samplesPerSecond());
      settle(peer);
      double cpuBefore = running.cpuSeconds();
      long dropsBefore = UdpFigures.of(peer.port()).drops();
      ThreadFigures threads = running.threads();
      TextSender.Sent sent = sender.send(seconds, load.samplesPerSecond());
      settle(peer);
      double cpu = running.cpuSeconds() - cpuBefore;
      ThreadFigures threadsAfter = running.threads();
      double loss = (double) (UdpFigures.of(peer.port()).drops() - dropsBefore) / sent.packets();
      return new Measured(
          load.name(),
          peer.name(),
          Math.round(sent.lines() * (1 - loss)),
          cpu,
          threadsAfter.compilerSecondsSince(threads),
          loss,
          running.residentBytes(),
          threadsAfter.since(threads, sent.lines() * (1 - loss)));
    }
  }

  /** Waits until the daemon has read all that the kernel keeps for it. */
  private static void settle(Peer peer) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (UdpFigures.of(peer.port()).waitingBytes() > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private long ceiling(Peer peer) throws IOException, InterruptedException {
    TextLoad.Packets packets = CEILING.packets();
    Path folder = Files.createTempDirectory("sky-beside-" + peer.name());
    long best = 0;
    try (RunningPeer running = peer.start(folder);
        TextSender sender = new TextSender(peer.port(), packets)) {
      sender.send(seconds, 1_000_000);
      for (long rate = 1_000_000; running.isAlive(); rate = (long) (rate * STEP)) {
        settle(peer);
        long dropsBefore = UdpFigures.of(peer.port()).drops();
        TextSender.Sent sent = sender.send(5, rate);
        settle(peer);
        double loss = (double) (UdpFigures.of(peer.port()).drops() - dropsBefore) / sent.packets();
        if (loss > LOSS_ALLOWED || sent.lines() < 0.9 * 5 * rate) {
          break;
        }
        best = rate;
      }
    }
    System.out.printf(
        "%nhighest rate without loss, counters, 1,000 keys: %s %,d a second%n", peer.name(), best);
    return best;
  }

  private String asJson(Map<String, Long> ceilings) {
    List<String> rows = new ArrayList<>();
    for (Measured m : all) {
      rows.add(
          String.format(
              Locale.ROOT,
              "{\"load\":\"%s\",\"daemon\":\"%s\",\"samples\":%d,\"cpuSecondsPerMillion\":%.5f,"
                  + "\"compilerCpuSecondsPerMillion\":%.5f,\"lossRatio\":%.6f,\"rssBytes\":%d}",
              m.load(),
              m.daemon(),
              m.samples(),
              m.cpuPerMillion(),
              m.compilerPerMillion(),
              m.loss(),
              m.rssBytes()));
    }
    ceilings.forEach(
        (daemon, rate) ->
            rows.add(
                "{\"load\":\"ceiling\",\"daemon\":\"%s\",\"samplesPerSecond\":%d}"
                    .formatted(daemon, rate)));
    return "[\n" + String.join(",\n", rows) + "\n]\n";
  }
}
