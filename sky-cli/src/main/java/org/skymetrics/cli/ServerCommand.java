package org.skymetrics.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.server.SkyServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sky server}: a member of the ring. */
@Command(
    name = "server",
    description = {
      "Receives counts, as a member of the ring.",
      "",
      "Aggregates them for each period and leaves them in Redis for the rollups. SIGTERM has it"
          + " leave the ring and flush first, and wait until history has all: 5 s, and as long"
          + " again while history gains, 20 s in all. A Redis that is away is asked again and"
          + " again; meanwhile what is counted stays in memory."
    })
final class ServerCommand implements Callable<Integer> {
  /** How long to wait at the end for the rollups: they need a second, where they run. */
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(5);

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private StoreOptions store = new StoreOptions();

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.outside().stop().heed();
    sky.logAsDaemon();
    try (Closing closing = new Closing()) {
      Stores stores = closing.add(store.openForServer(server.id()));
      Duration confirm = store.onRedis() ? CONFIRM_TIMEOUT : Duration.ZERO;
      SkyServer running = closing.add(server.start(stores, store.layout(), confirm));
      List<String> lines = new ArrayList<>(ServerOptions.lines(running));
      lines.add("store     " + stores.describe());
      if (!store.onRedis()) {
        lines.add(
            "          without --redis the counts stay there until \"sky rollup --once\" runs");
        lines.add("          on the same --data; \"sky standalone\" is all in one");
      }
      sky.started("server " + running.member().name(), lines);
      sky.outside().stop().await();
    }
    return CommandFailure.OK;
  }
}
