package org.skymetrics.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.history.ArchiveException;
import org.skymetrics.cli.history.HistoryRestore;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.settings.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky history restore}: what backup copied, back into history. */
@Command(
    name = "restore",
    description = {
      "Puts back what sky history backup copied.",
      "",
      "What is in history stays and is united with it, and restoring again changes nothing. --period"
          + " and --shards must be those of the backup."
    })
final class HistoryRestoreCommand implements Callable<Integer> {
  @ParentCommand private @Nullable HistoryCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "What to restore.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent).sky();
    sky.logAsTool();
    try {
      // Before a store is made for it.
      HistoryRestore.requireLayout(file, store.layout());
      try (OpenHistory history = store.openHistoryAlone(true)) {
        HistoryRestore restore = new HistoryRestore(history.store(), history.layout());
        try (Progress progress = Progress.on(sky.outside())) {
          progress.show(restore::progress);
          restore.run(file);
        }
        sky.print(restore.summary());
      }
    } catch (NoSuchFileException e) {
      throw CommandFailure.failed("there is no file " + file, e);
    } catch (ArchiveException e) {
      throw CommandFailure.failed(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw CommandFailure.failed(file + " can't be read: " + e, e);
    }
    return CommandFailure.OK;
  }
}
