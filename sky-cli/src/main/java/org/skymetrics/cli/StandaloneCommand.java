package org.skymetrics.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.settings.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sky standalone}: all parts in one process. */
@Command(
    name = "standalone",
    description = {
      "Runs server, rollup and HTTP API in one process.",
      "",
      "Needs nothing besides: what it counts is in SQLite files in --data. SIGTERM flushes first."
    })
final class StandaloneCommand implements Callable<Integer> {
  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private RollupOptions rollup = new RollupOptions();
  @Mixin private UiOptions ui = new UiOptions();
  @Mixin private StoreOptions store = new StoreOptions();

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.outside().stop().heed();
    sky.logAsDaemon();
    try (Closing closing = new Closing()) {
      AllInOne all =
          AllInOne.start(
              closing,
              store.openForAll(),
              store.layout(),
              server,
              rollup,
              server.udp(),
              server.admin(),
              ui,
              ui.http());
      sky.started("standalone " + all.server().member().name(), all.lines());
      sky.outside().stop().await();
    }
    return CommandFailure.OK;
  }
}
