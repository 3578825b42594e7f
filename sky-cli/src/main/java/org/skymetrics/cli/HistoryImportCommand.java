package org.skymetrics.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.history.HistoryImport;
import org.skymetrics.cli.history.ImportException;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky history import}: takes in what export wrote. */
@Command(
    name = "import",
    description = {
      "Takes in what sky history export wrote, csv or jsonl.",
      "",
      "Taking in the same lines again changes nothing, so what was cut short is begun again. Lines of"
          + " the same five minutes that follow each other go in together, or none of them."
    })
final class HistoryImportCommand implements Callable<Integer> {
  @ParentCommand private @Nullable HistoryCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "What to read; -: stdin.")
  private Path file = Path.of("-");

  @Option(
      names = "--origin",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Whose counts these are. Equal lines of one origin count once; what two systems counted"
              + " is added up when each has a name of its own.")
  private String origin = "";

  @Option(
      names = "--add",
      description =
          "Add to what history has of the same series and period. Without it that is an error, as"
              + " the same counts might be counted twice.")
  private boolean add;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent).sky();
    sky.logAsTool();
    sky.outside().stop().heed();
    try (InputStream in = open(sky);
        OpenHistory history = store.openHistoryAlone(true)) {
      return take(sky, history, in);
    } catch (NoSuchFileException e) {
      throw CommandFailure.failed("there is no file " + e.getMessage(), e);
    } catch (IOException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private InputStream open(SkyCommand sky) throws IOException {
    return file.toString().equals("-") ? sky.outside().in() : Files.newInputStream(file);
  }

  private int take(SkyCommand sky, OpenHistory history, InputStream in) throws IOException {
    Stop stop = sky.outside().stop();
    HistoryImport work =
        new HistoryImport(
            history.store(), history.layout(), Clock.system(), origin, add, () -> !stop.isWished());
    try (Progress progress = Progress.on(sky.outside())) {
      progress.show(work::progress);
      work.run(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (ImportException e) {
      throw CommandFailure.failed(told(work) + "; " + e.getMessage(), e);
    }
    if (stop.isWished()) {
      throw CommandFailure.failed(told(work) + "; ended before all was taken in");
    }
    sky.print(told(work));
    return CommandFailure.OK;
  }

  private static String told(HistoryImport work) {
    return work.taken() + " lines taken in, " + work.known() + " were there already";
  }
}
