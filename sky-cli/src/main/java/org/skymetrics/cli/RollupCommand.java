package org.skymetrics.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.time.Clock;
import org.skymetrics.rollup.Rollup;
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
    closing.add(
        Rollup.start(rollup.config(stores), stores.periods(), stores.history(), Clock.system()));
    List<String> lines = new ArrayList<>(List.of("stores    " + stores.describe()));
    if (store.historyIsOnThisHost()) {
      lines.add("note      " + ONE_HOST);
    }
    sky.started("rollup", lines);
    sky.outside().stop().await();
    return CommandFailure.OK;
  }
}
