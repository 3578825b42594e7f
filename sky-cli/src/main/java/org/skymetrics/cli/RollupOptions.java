package org.skymetrics.cli;

import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.Stores;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.rollup.Retention;
import org.skymetrics.rollup.RollupConfig;
import picocli.CommandLine.Option;

/** How history is made of what servers counted. */
final class RollupOptions {
  @Option(
      names = "--keep",
      paramLabel = "LEVEL=TIME,...",
      description =
          "How long history keeps its levels, as in period=30d,5m=1y,1h=5y; levels are period, 5m,"
              + " 1h and 1d, times have h, d, w or y. A level that is not named is kept as long as"
              + " the next above it that is. The same for all rollups. Default: all for ever")
  private @Nullable String keep;

  /** The configuration of a rollup on these stores. */
  RollupConfig config(Stores stores) {
    try {
      return RollupConfig.builder()
          .lateHorizon(stores.lateHorizon())
          .keep(keep == null ? Retention.ALL : Retention.parse(keep))
          .build();
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--keep: " + e.getMessage());
    }
  }
}
