package org.skymetrics.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Closing;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.common.seal.SecretFile;
import org.skymetrics.common.time.Clock;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.server.SkyServer;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.SkyUi;
import org.skymetrics.ui.count.Reading;

/** Server, rollup and HTTP API in one process, on the same stores. */
record AllInOne(Stores stores, SkyServer server, SkyUi ui, @Nullable SecretFile secrets) {

  /**
   * Starts them.
   *
   * @param closing ends them, the HTTP API first: so no reader sees a part without another
   */
  static AllInOne start(
      Closing closing,
      Stores stores,
      Layout layout,
      ServerOptions options,
      RollupOptions rollupOptions,
      HostPort udp,
      HostPort admin,
      UiOptions uiOptions,
      HostPort http) {
    closing.add(stores);
    SecretFile secrets = options.openSecretFile();
    SkyServer server = closing.add(options.start(stores, layout, udp, admin, secrets));
    Rollup rollup =
        closing.add(
            Rollup.start(
                rollupOptions.config(stores), stores.periods(), stores.history(), Clock.system()));
    SkyUi ui =
        closing.add(
            uiOptions.start(
                http,
                stores,
                layout,
                List.of(UiOptions.near(server)),
                Map.of(server.member().name(), server::batches),
                options.leases(stores),
                secrets,
                () -> readings(rollup)));
    return new AllInOne(stores, server, ui, secrets);
  }

  private static List<Reading> readings(Rollup rollup) {
    List<Reading> readings = new ArrayList<>();
    rollup
        .counters()
        .forEach(
            (counter, value) ->
                readings.add(
                    new Reading("sky_rollup_" + counter.label(), counter.description(), value)));
    return readings;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(ServerOptions.lines(server));
    lines.add(UiOptions.line(ui));
    lines.add("stores    " + stores.describe());
    return lines;
  }
}
