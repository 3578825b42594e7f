package org.skymetrics.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.history.HistoryBackup;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.CorruptException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky history backup}: a copy of all history. */
@Command(
    name = "backup",
    description = {
      "Copies all of history into one file.",
      "",
      "The same for each store: a backup of SQLite can be restored to Riak. What is still on its way"
          + " to history is not in it."
    })
final class HistoryBackupCommand implements Callable<Integer> {
  @ParentCommand private @Nullable HistoryCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "Where to write; it is there when it is whole.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent).sky();
    sky.logAsTool();
    Stop stop = sky.outside().stop();
    stop.heed();
    Path part = Path.of(file + ".part");
    try (OpenHistory history = store.openHistoryAlone(false)) {
      HistoryBackup backup =
          new HistoryBackup(
              history.store(), history.layout(), Clock.system(), () -> !stop.isWished());
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16);
          Progress progress = Progress.on(sky.outside())) {
        progress.show(backup::progress);
        backup.run(out);
      }
      if (stop.isWished()) {
        throw CommandFailure.failed("ended before all was copied");
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      sky.print(backup.summary());
    } catch (CorruptException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw CommandFailure.failed(file + " can't be written: " + e, e);
    }
    return CommandFailure.OK;
  }
}
