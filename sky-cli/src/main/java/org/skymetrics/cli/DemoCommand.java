package org.skymetrics.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.demo.Balance;
import org.skymetrics.cli.demo.FreePorts;
import org.skymetrics.cli.demo.MachineFigures;
import org.skymetrics.cli.demo.Screen;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.client.Sky;
import org.skymetrics.client.SkyBuilder;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.examples.ShopService;
import org.skymetrics.examples.Visitors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sky demo}: everything in one process, fed with real figures. */
@Command(
    name = "demo",
    description = {
      "Starts everything in one process, fed by this very machine.",
      "",
      "Counts CPU, memory, disk, network and JVM of this machine, and what a small HTTP service"
          + " answers to visitors of its own. Shows how many counts went in and how many came out."
          + " Ports that are taken are replaced by free ones; without --data all is gone at the end."
    })
final class DemoCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);
  private static final Duration REDRAW = Duration.ofSeconds(1);
  private static final int TICKS_PER_LINE = 5;
  private static final Duration LAST_COUNTS = Duration.ofSeconds(10);

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private RollupOptions rollup = new RollupOptions();
  @Mixin private UiOptions ui = new UiOptions();
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0",
      description = "End after so many seconds; 0: at Ctrl-C. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Override
  public Integer call() throws IOException {
    SkyCommand sky = Parents.of(parent);
    sky.outside().stop().heed();
    sky.logAsTool();
    server.beAlone();
    try (Closing closing = new Closing()) {
      Path own = null;
      if (!store.hasData()) {
        Path made = Files.createTempDirectory("sky-demo-");
        closing.add(() -> deleteAll(made));
        own = made;
      }
      return run(sky, closing, own);
    }
  }

  private int run(SkyCommand sky, Closing closing, @Nullable Path own) throws IOException {
    AllInOne all =
        AllInOne.start(
            closing,
            own == null ? store.openForAll() : store.openIn(own),
            store.layout(),
            server,
            rollup,
            FreePorts.both(server.udp()),
            FreePorts.tcp(server.admin()),
            ui,
            FreePorts.tcp(ui.http()));
    HostPort http = HostPort.of(all.ui().address());
    Balance balance =
        new Balance(new Api(http, all.ui().ownToken()), System.currentTimeMillis() / 1000);
    balance.begin();
    // Closed here, in order: by itself it would close at Ctrl-C while the shop still answers.
    Sky client = closing.add(client(all));
    ShopService shop = closing.add(ShopService.start(client, 0));
    List<String> lines = new ArrayList<>(all.lines());
    lines.add(
        "shop      http://" + HostPort.of(shop.address()) + "  (the service that is watched)");
    lines.add(
        "try       ./sky keys"
            + httpOption(http)
            + "   ./sky query"
            + httpOption(http)
            + " 'shop>latency_ms'");
    sky.started("demo", lines);
    sayMoved(sky, all);
    closing.add(feedMachine(client));
    Visitors visitors = closing.add(Visitors.start(shop.address()));
    watch(sky, shop, client, balance);
    visitors.close();
    return last(sky, shop, client, balance);
  }

  private static Sky client(AllInOne all) {
    SkyBuilder client =
        Sky.builder().servers(HostPort.of(all.server().udpAddress()).toString()).closeAtExit(false);
    SecretFile secrets = all.secrets();
    return (secrets == null ? client : client.secrets(secrets)).build();
  }

  /** The option that a command needs to reach this demo. */
  private static String httpOption(HostPort http) {
    return http.port() == 8180 ? "" : " --http " + http;
  }

  private void sayMoved(SkyCommand sky, AllInOne all) {
    boolean moved =
        all.server().udpAddress().getPort() != server.udp().port()
            || all.server().adminAddress().getPort() != server.admin().port()
            || all.ui().address().getPort() != ui.http().port();
    if (moved) {
      sky.print("  note      the usual ports are taken; these are free ones");
    }
  }

  private static AutoCloseable feedMachine(Sky client) {
    MachineFigures figures = new MachineFigures(client, hostName());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "machine-figures");
              thread.setDaemon(true);
              return thread;
            });
    var unused = timer.scheduleAtFixedRate(() -> sample(figures), 0, 1, TimeUnit.SECONDS);
    return timer::shutdownNow;
  }

  /** The figures come from the system; one that is not to be had must not end the others. */
  private static void sample(MachineFigures figures) {
    try {
      figures.sample();
    } catch (RuntimeException e) {
      LOG.warn("the machine's figures can't be read now: {}", e.toString());
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private void watch(SkyCommand sky, ShopService shop, Sky client, Balance balance) {
    Screen screen = new Screen(sky.outside().out());
    long tick = 0;
    long lastIn = 0;
    while (!sky.outside().stop().await(REDRAW) && (seconds == 0 || tick + 1 < seconds)) {
      tick++;
      long in = shop.answered();
      long out = balance.out();
      if (sky.outside().terminal()) {
        screen.draw(status(tick, in, out, in - lastIn, client, balance));
      } else if (tick % TICKS_PER_LINE == 0) {
        sky.print(
            String.format(
                Locale.ROOT,
                "%d s: %d counts in (requests that the shop answered), %d out, %d keys; all sums: %s",
                tick,
                in,
                out,
                balance.keys(),
                Counts.line(client)));
      }
      lastIn = in;
    }
  }

  private static List<String> status(
      long tick, long in, long out, long perSecond, Sky client, Balance balance) {
    return List.of(
        "",
        String.format(Locale.ROOT, "  %,12d  counts in: requests that the shop answered", in),
        String.format(Locale.ROOT, "  %,12d  counts out: asked back through the HTTP API", out),
        String.format(Locale.ROOT, "  %,12d  on their way", Math.max(0, in - out)),
        String.format(Locale.ROOT, "  %,12d  a second", perSecond),
        String.format(Locale.ROOT, "  %,12d  keys", balance.keys()),
        String.format(Locale.ROOT, "  %,12d  seconds; the client: %s", tick, Counts.line(client)));
  }

  /** The last word: all that went in has come out. */
  private int last(SkyCommand sky, ShopService shop, Sky client, Balance balance) {
    shop.close();
    boolean all = client.awaitAcknowledged(LAST_COUNTS);
    long in = shop.answered();
    long out = balance.out();
    sky.print(in + " counts in, " + out + " counts out" + (in == out ? ": exact" : ""));
    if (!all || in != out) {
      throw CommandFailure.failed(
          "what went in has not come out" + (all ? "" : ": not all was acknowledged in time"));
    }
    return CommandFailure.OK;
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
