package org.skymetrics.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.Converters.Members;
import org.skymetrics.ui.SkyUi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sky ui}: the HTTP API. */
@Command(
    name = "ui",
    description = {
      "Serves the page and the HTTP API: what is in history, in Redis and in the servers.",
      "",
      "query, keys and status ask it."
    })
final class UiCommand implements Callable<Integer> {
  private static final String ON_THIS_HOST = "127.0.0.1:8125/8126";

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private UiOptions ui = new UiOptions();
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--ring",
      paramLabel = "MEMBERS",
      description =
          "All servers of the ring: HOST:UDPPORT[/ADMINPORT], parted by commas; the admin port is the"
              + " one above, unless said. Default: with --redis all servers that use it, as they come"
              + " and go; without it "
              + ON_THIS_HOST)
  private Members ring = Members.NONE;

  @Mixin private SecretOptions secret = new SecretOptions();

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.outside().stop().heed();
    sky.logAsDaemon();
    try (Closing closing = new Closing()) {
      Stores stores = closing.add(store.openForHistory());
      SkyUi running =
          closing.add(
              ui.start(
                  ui.http(),
                  stores,
                  store.layout(),
                  ring.isEmpty() ? Members.parse(ON_THIS_HOST).list() : ring.list(),
                  Map.of(),
                  ring.isEmpty() ? stores.leases() : null,
                  secret.open(),
                  List::of));
      List<String> lines = new ArrayList<>();
      lines.add(UiOptions.line(running));
      lines.add("stores    " + stores.describe());
      if (store.historyIsOnThisHost()) {
        lines.add("note      " + RollupCommand.ONE_HOST);
      }
      sky.started("ui", lines);
      sky.outside().stop().await();
    }
    return CommandFailure.OK;
  }
}
