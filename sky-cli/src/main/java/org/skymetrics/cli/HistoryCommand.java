package org.skymetrics.cli;

import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sky history}: work on the whole of history. */
@Command(
    name = "history",
    description = {
      "Verifies, exports, imports, backs up and restores history.",
      "",
      "The system may be running: history is read and written as its rollups do."
    },
    subcommands = {
      HistoryVerifyCommand.class,
      HistoryExportCommand.class,
      HistoryImportCommand.class,
      HistoryBackupCommand.class,
      HistoryRestoreCommand.class
    })
final class HistoryCommand implements Runnable {
  @ParentCommand private @Nullable SkyCommand parent;
  @Spec private @Nullable CommandSpec spec;

  SkyCommand sky() {
    return Parents.of(parent);
  }

  /** {@code sky history} alone. */
  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(sky().outside().err());
    }
    throw CommandFailure.usage("a command is missing");
  }
}
