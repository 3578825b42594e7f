package org.skymetrics.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.load.Load;
import org.skymetrics.cli.load.LoadPlan;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sky load}: counts made at a rate, to see whether all arrive. */
@Command(
    name = "load",
    description = {
      "Counts at a rate, and prints as JSON what was accepted and acknowledged.",
      "",
      "Counts keys named load|key-00000 and so on, a few often and many seldom; the same seed gives"
          + " the same counts. Prints {\"accepted\":n,\"acknowledged\":n} when all is acknowledged,"
          + " or --wait is over; then the exit status is 1."
    })
final class LoadCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private RingOptions ring = new RingOptions();

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many keys, up to a million. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "1000",
      description = "Counts a second. Default: ${DEFAULT-VALUE}")
  private long rate;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "For how long; R times S counts are made in all. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "X",
      defaultValue = "1",
      description = "Which keys are chosen, and when. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that count, up to 64. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(names = "--per-key", description = "Print the counts of each key, too, as \"perKey\".")
  private boolean perKey;

  @Override
  public Integer call() throws InterruptedException {
    SkyCommand sky = Parents.of(parent);
    LoadPlan plan = plan();
    Stop stop = sky.outside().stop();
    stop.heed();
    sky.logAsTool();
    try (Sky client = ring.connect(2 * keys + 1000);
        Progress progress = Progress.on(sky.outside())) {
      Load load = new Load(client, plan, Clock.system(), stop::isWished);
      progress.show(() -> load.done() + " of " + plan.total() + " counts, " + Counts.line(client));
      long[] counted = load.run();
      boolean all = client.awaitAcknowledged(ring.patience());
      progress.clear();
      sky.print(result(plan, counted, client));
      if (!all) {
        throw ring.notAcknowledged(Counts.open(client));
      }
      return CommandFailure.OK;
    }
  }

  private LoadPlan plan() {
    try {
      return new LoadPlan(keys, rate, seconds, seed, threads);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private String result(LoadPlan plan, long[] counted, Sky client) {
    ObjectNode result = JSON.createObjectNode();
    result.put("accepted", Counts.accepted(client));
    result.put("acknowledged", Counts.acknowledged(client));
    if (perKey) {
      ObjectNode each = result.putObject("perKey");
      for (int i = 0; i < counted.length; i++) {
        each.put(plan.key(i), counted[i]);
      }
    }
    return result.toString();
  }
}
