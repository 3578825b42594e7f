package org.skymetrics.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.time.Clock;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupHttp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sky rollup}: from the period store to history. */
@Command(
    name = "rollup",
    description = {
      "Moves what the servers left in Redis on to history.",
      "",
      "Any number may run: they share the work, and do no harm where they overlap."
    })
final class RollupCommand implements Callable<Integer> {
  /** What a person who sees several rollups, or a ui, must know for now. */
  static final String ONE_HOST =
      "history is one SQLite file: all rollups and uis must be on this host and share --data; on"
          + " several hosts history needs --riak";

  private static final Logger LOG = LoggerFactory.getLogger(RollupCommand.class);
  private static final String ADMIN = "127.0.0.1:8127";

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private RollupOptions rollup = new RollupOptions();

  @Option(names = "--once", description = "Empty the mailboxes, and end.")
  private boolean once;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "With --once: how long to try. Default: ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(60);

  @Option(
      names = "--rollup-admin",
      paramLabel = "HOST:PORT",
      description =
          "Where /healthz, /metrics and /status of the rollup are served. Port 0: any free one."
              + " Default: "
              + ADMIN
              + ", or nowhere where another has that")
  private @Nullable HostPort admin;

  @Mixin private SecretOptions secret = new SecretOptions();

  @Option(
      names = "--allow-unsealed",
      description =
          "Serve --rollup-admin at another address than loopback, although no secret guards it: for"
              + " a network in which all are trusted.")
  private boolean allowUnsealed;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.outside().stop().heed();
    sky.logAsDaemon();
    try (Closing closing = new Closing()) {
      Stores stores = closing.add(store.openForHistory());
      return once ? empty(stores) : runOn(sky, stores, closing);
    }
  }

  private int empty(Stores stores) {
    try (Rollup moving =
        Rollup.create(rollup.config(stores), stores.periods(), stores.history(), Clock.system())) {
      if (!moving.drain(wait)) {
        throw CommandFailure.failed(
            "the mailboxes of "
                + stores.periods().describe()
                + " are not empty after "
                + wait.toSeconds()
                + " s; the log says why");
      }
    }
    return CommandFailure.OK;
  }

  private int runOn(SkyCommand sky, Stores stores, Closing closing) {
    Rollup moving =
        closing.add(
            Rollup.start(
                rollup.config(stores), stores.periods(), stores.history(), Clock.system()));
    List<String> lines = new ArrayList<>();
    RollupHttp http = serve(moving, stores);
    if (http != null) {
      closing.add(http);
      lines.add("admin     http://" + HostPort.of(http.address()));
    }
    lines.add("stores    " + stores.describe());
    if (store.historyIsOnThisHost()) {
      lines.add("note      " + ONE_HOST);
    }
    sky.started("rollup", lines);
    sky.outside().stop().await();
    return CommandFailure.OK;
  }

  /** An address that was asked for must be had; without the usual one a second rollup does well. */
  private @Nullable RollupHttp serve(Rollup moving, Stores stores) {
    HostPort at = admin == null ? HostPort.parse(ADMIN) : admin;
    InetSocketAddress address = at.resolve();
    SecretFile secrets = secret.open();
    if (secrets == null && !allowUnsealed && !address.getAddress().isLoopbackAddress()) {
      throw CommandFailure.usage(
          "--rollup-admin is "
              + at
              + ", and who reaches it can read it: without --secret-file only loopback is bound"
              + " (127.0.0.1 or [::1]), unless --allow-unsealed says that all are trusted");
    }
    try {
      return RollupHttp.start(
          address, secrets, moving, stores.counters(), stores.describe(), Clock.system());
    } catch (IOException e) {
      String sentence = "HTTP " + at + " can't be bound (" + e.getMessage() + ")";
      if (admin != null) {
        throw CommandFailure.failed("--rollup-admin: " + sentence, e);
      }
      LOG.warn("{}: /metrics is not served; --rollup-admin gives it another address", sentence);
      return null;
    }
  }
}
