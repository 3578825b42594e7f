package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.answer.KeyTree;
import org.skymetrics.cli.answer.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky keys}: which series there are. */
@Command(
    name = "keys",
    subcommands = KeysDeleteCommand.class,
    description = {
      "Lists the keys that begin with a prefix.",
      "",
      "A key is there within a second of its first count, and leaves the list when it was not seen"
          + " for 7 days (--keys-live of the ui). Parents stand before their children."
    })
final class KeysCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  /** What is printed. */
  enum Format {
    TABLE,
    TREE,
    JSON
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ApiOptions http = new ApiOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "The beginning of a key; all keys without it.")
  private String prefix = "";

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many segments deep to go. Default: ${DEFAULT-VALUE}")
  private int depth;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many keys to list at most. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Option(names = "--all", description = "Those keys too that were not seen lately.")
  private boolean all;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, tree or json. Default: ${DEFAULT-VALUE}")
  private Format format = Format.TABLE;

  SkyCommand sky() {
    return Parents.of(parent);
  }

  @Override
  public Integer call() {
    SkyCommand sky = sky();
    sky.logAsTool();
    KeyTree tree = KeyTree.read(http.api(), prefix, depth, limit, all);
    switch (format) {
      case TABLE -> printTable(sky, tree);
      case TREE -> tree.entries().forEach(entry -> sky.print(branch(entry)));
      case JSON -> printJson(sky, tree);
    }
    if (tree.truncated()) {
      sky.say("sky: there are more; --limit " + limit + " of them are shown");
    }
    return ApiOptions.statusFor(tree.partial(), sky);
  }

  private static void printTable(SkyCommand sky, KeyTree tree) {
    if (tree.entries().isEmpty()) {
      sky.say("sky: there are no such keys");
      return;
    }
    TextTable table =
        new TextTable("key", "kinds", "last seen (" + sky.outside().zone().getId() + ")");
    for (KeyTree.Entry entry : tree.entries()) {
      table.row(
          entry.key(),
          String.join(",", entry.kinds()),
          entry.lastSeen() == 0
              ? ""
              : TIME.format(Instant.ofEpochSecond(entry.lastSeen()).atZone(sky.outside().zone())));
    }
    sky.print(table.lines());
  }

  private static String branch(KeyTree.Entry entry) {
    String kinds = entry.kinds().isEmpty() ? "" : "  (" + String.join(",", entry.kinds()) + ")";
    return "  ".repeat(entry.level()) + entry.separator() + entry.segment() + kinds;
  }

  private static void printJson(SkyCommand sky, KeyTree tree) {
    ArrayNode keys = JSON.createArrayNode();
    for (KeyTree.Entry entry : tree.entries()) {
      JsonNode kinds = JSON.valueToTree(entry.kinds());
      keys.addObject()
          .put("key", entry.key())
          .put("lastSeen", entry.lastSeen())
          .set("kinds", kinds);
    }
    sky.print(Api.pretty(keys));
  }
}
