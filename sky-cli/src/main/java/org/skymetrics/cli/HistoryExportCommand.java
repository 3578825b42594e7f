package org.skymetrics.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.history.HistoryExport;
import org.skymetrics.cli.history.LineFormat;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky history export}: history as text. */
@Command(
    name = "export",
    description = {
      "Writes history as text, a line for each series and period, without loss.",
      "",
      "docs/storage.md tells the columns. sky history import takes the file in again."
    })
final class HistoryExportCommand implements Callable<Integer> {
  @ParentCommand private @Nullable HistoryCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private TimeRange range = new TimeRange();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where to write; it is there when it is whole. Without it: stdout.")
  private @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "csv, or jsonl: a JSON object a line. Default: ${DEFAULT-VALUE}")
  private LineFormat format = LineFormat.CSV;

  @Option(
      names = "--keys",
      paramLabel = "PATTERN",
      description = "Only keys that match; a * stands for any characters but | and >.")
  private @Nullable String keys;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent).sky();
    KeyPattern pattern = pattern();
    sky.logAsTool();
    sky.outside().stop().heed();
    try (OpenHistory history = store.openHistoryAlone(false)) {
      return file == null
          ? write(sky, history, pattern, sky.outside().out())
          : writeFile(sky, history, pattern, file);
    } catch (CorruptException | IOException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable KeyPattern pattern() {
    if (keys == null) {
      return null;
    }
    KeyFault fault = Key.fault(keys);
    if (fault != null) {
      throw CommandFailure.usage("\"" + keys + "\" is not a key: " + fault.description());
    }
    return KeyPattern.of(keys);
  }

  /** A file that is there is whole. */
  private int writeFile(
      SkyCommand sky, OpenHistory history, @Nullable KeyPattern pattern, Path target)
      throws CorruptException, IOException {
    Path part = Path.of(target + ".part");
    int status;
    try (OutputStream out = Files.newOutputStream(part)) {
      status = write(sky, history, pattern, out);
    }
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    return status;
  }

  private int write(
      SkyCommand sky, OpenHistory history, @Nullable KeyPattern pattern, OutputStream out)
      throws CorruptException, IOException {
    Stop stop = sky.outside().stop();
    Clock clock = Clock.system();
    Period period = history.layout().period();
    HistoryExport export =
        new HistoryExport(history.store(), history.layout(), clock, format, () -> !stop.isWished());
    long toMs = range.toMs(clock.wallMs(), period);
    long fromMs = range.fromMs(clock.wallMs(), period, export::beginMs);
    List<String> damaged;
    try (Progress progress = Progress.on(sky.outside())) {
      progress.show(export::progress);
      damaged =
          export.run(
              fromMs,
              toMs,
              series -> pattern == null || pattern.matches(series.key()),
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
    }
    if (stop.isWished()) {
      throw CommandFailure.failed("ended before all was exported");
    }
    damaged.stream().distinct().forEach(fault -> sky.say("sky history export: " + fault));
    sky.say(
        "sky history export: " + export.lines() + " lines, up to " + Instant.ofEpochMilli(toMs));
    return damaged.isEmpty() ? CommandFailure.OK : CommandFailure.FAILED;
  }
}
