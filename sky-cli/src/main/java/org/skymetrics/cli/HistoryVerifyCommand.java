package org.skymetrics.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.history.HistoryVerify;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sky history verify}: whether history is what it should be. */
@Command(
    name = "verify",
    description = {
      "Reads history and says what is wrong with it.",
      "",
      "Checksums and layouts; whether each level is what its periods add up to; whether all series"
          + " that have values are in the key lists. Ends with status 1 where anything is wrong."
    })
final class HistoryVerifyCommand implements Callable<Integer> {
  @ParentCommand private @Nullable HistoryCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private TimeRange range = new TimeRange();

  @Option(
      names = "--rest",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Rest N times as long as each piece of work took, so that others get on. Default:"
              + " ${DEFAULT-VALUE}")
  private double rest = 1;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent).sky();
    if (!(rest >= 0 && rest <= 100)) {
      throw CommandFailure.usage("--rest is a number from 0 to 100");
    }
    sky.logAsTool();
    Stop stop = sky.outside().stop();
    stop.heed();
    try (OpenHistory history = store.openHistoryAlone(false)) {
      Clock clock = Clock.system();
      Period period = history.layout().period();
      HistoryVerify verify =
          new HistoryVerify(
              history.store(),
              history.layout(),
              clock,
              () -> !stop.isWished(),
              tookNs -> stop.await(Duration.ofNanos((long) (rest * tookNs))));
      long toMs = range.toMs(clock.wallMs(), period);
      long fromMs = range.fromMs(clock.wallMs(), period, verify::beginMs);
      try (Progress progress = Progress.on(sky.outside())) {
        progress.show(verify::progress);
        verify.run(fromMs, toMs);
      }
      return report(sky, verify, fromMs, toMs);
    }
  }

  private static int report(SkyCommand sky, HistoryVerify verify, long fromMs, long toMs) {
    verify.faults().stream().sorted().forEach(sky::print);
    sky.print(
        verify.summary()
            + " from "
            + Instant.ofEpochMilli(fromMs)
            + " to "
            + Instant.ofEpochMilli(toMs)
            + ": "
            + (verify.faultsFound() == 0 ? "all is well" : verify.faultsFound() + " faults"));
    if (sky.outside().stop().isWished()) {
      throw CommandFailure.failed("ended before all was verified");
    }
    return verify.faultsFound() == 0 ? CommandFailure.OK : CommandFailure.FAILED;
  }
}
