package org.skymetrics.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.node.OpenHistory;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.KeyDeletion;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky keys delete}: removes keys from lists and history. */
@Command(
    name = "delete",
    description = {
      "Deletes keys from the lists and from history, up to now.",
      "",
      "The system may be running. Of PATTERN a * stands for any characters but | and >. What the keys"
          + " counted stays in their parents. A key that is counted again lives again, from the next"
          + " period on. Without --yes nothing is deleted, and you are told what would be."
    })
final class KeysDeleteCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @ParentCommand private @Nullable KeysCommand parent;
  @Mixin private StoreOptions store = new StoreOptions();

  @Parameters(index = "0", paramLabel = "PATTERN", description = "A key, or a pattern.")
  private String pattern = "";

  @Option(names = "--kind", paramLabel = "KIND", description = "Only series of this kind.")
  private @Nullable Kind kind;

  @Option(names = "--below", description = "All keys below those that match, too.")
  private boolean below;

  @Option(names = "--dry-run", description = "Only tell what would be deleted.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Delete.")
  private boolean yes;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent).sky();
    KeyFault fault = Key.fault(pattern);
    if (fault != null) {
      throw CommandFailure.usage("\"" + pattern + "\" is not a key: " + fault.description());
    }
    if (yes && dryRun) {
      throw CommandFailure.usage("give --yes or --dry-run, not both");
    }
    sky.logAsTool();
    try (OpenHistory history = store.openHistoryAlone(false)) {
      return delete(sky, history);
    } catch (CorruptException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private int delete(SkyCommand sky, OpenHistory history) throws CorruptException {
    int shards = history.layout().shards();
    KeyDeletion deletion = new KeyDeletion(history.store(), shards);
    AtomicInteger done = new AtomicInteger();
    KeyDeletion.Plan plan;
    try (Progress progress = Progress.on(sky.outside())) {
      progress.show(() -> "looking through the keys, shard " + done + " of " + shards);
      plan = deletion.plan(KeyPattern.of(pattern), below, kind, done::set);
    }
    tell(sky, plan);
    if (plan.size() == 0 || dryRun) {
      return CommandFailure.OK;
    }
    if (!yes) {
      throw CommandFailure.usage("nothing was deleted; --yes deletes them");
    }
    Period period = history.layout().period();
    long untilMs = period.startOf(Clock.system().wallMs()) + period.lengthMs();
    done.set(0);
    try (Progress progress = Progress.on(sky.outside())) {
      progress.show(() -> "deleting, shard " + done + " of " + plan.series().size());
      deletion.delete(plan, untilMs, done::set);
    }
    sky.print("deleted, up to " + Instant.ofEpochMilli(untilMs));
    return CommandFailure.OK;
  }

  private static void tell(SkyCommand sky, KeyDeletion.Plan plan) {
    if (plan.size() == 0) {
      sky.print("no series match");
      return;
    }
    String kinds =
        plan.byKind().entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().label() + "s")
            .collect(Collectors.joining(", "));
    sky.print(plan.size() + " series match: " + kinds);
    plan.series().values().stream()
        .flatMap(some -> some.stream())
        .sorted()
        .limit(SHOWN)
        .map(KeysDeleteCommand::text)
        .forEach(sky::print);
    if (plan.size() > SHOWN) {
      sky.print("  and " + (plan.size() - SHOWN) + " more");
    }
  }

  private static String text(Series series) {
    return "  " + series.kind().label() + ":" + series.key();
  }
}
