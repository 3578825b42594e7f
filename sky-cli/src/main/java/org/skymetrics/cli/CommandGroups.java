package org.skymetrics.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_HEADER;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;

/** The commands, in the groups in which the help shows them. */
final class CommandGroups {
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("Try it", List.of("demo"));
    GROUPS.put("Run it", List.of("standalone", "server", "rollup", "ui"));
    GROUPS.put("Count", List.of("send", "tail", "load"));
    GROUPS.put("Look", List.of("query", "keys", "status", "help"));
    GROUPS.put("Keep", List.of("history"));
    GROUPS.put("Let in", List.of("password", "token"));
  }

  private static final List<String> EXAMPLES =
      List.of(
          "sky demo                               a first look, fed by this very machine",
          "sky standalone --data /var/lib/sky     all parts in one process",
          "sky tail --once access.log.gz          count what an access log holds",
          "sky query http_status --from -1h       see it",
          "sky query 'http_status|404' --total    the one number",
          "sky help server                        all options of a command");

  private static final List<String> EXIT_STATUSES =
      List.of(
          "0  all went well",
          "1  it did not work; the sentence on stderr says why",
          "2  it was asked wrongly: an option, a value, the configuration",
          "3  there is an answer, but a member of the ring did not reply",
          "130, 143  ended by Ctrl-C or SIGTERM, in good order");

  private CommandGroups() {}

  static void addTo(CommandLine sky) {
    sky.addSubcommand(new DemoCommand());
    sky.addSubcommand(new StandaloneCommand());
    sky.addSubcommand(new ServerCommand());
    sky.addSubcommand(new RollupCommand());
    sky.addSubcommand(new UiCommand());
    sky.addSubcommand(new SendCommand());
    sky.addSubcommand(new TailCommand());
    sky.addSubcommand(new LoadCommand());
    sky.addSubcommand(new QueryCommand());
    sky.addSubcommand(new KeysCommand());
    sky.addSubcommand(new StatusCommand());
    sky.addSubcommand(new HistoryCommand());
    sky.addSubcommand(new PasswordCommand());
    sky.addSubcommand(new TokenCommand());
    sky.addSubcommand(help());
    Map<String, CommandLine.IHelpSectionRenderer> sections = sky.getHelpSectionMap();
    sections.put(SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(SECTION_KEY_COMMAND_LIST, CommandGroups::render);
  }

  private static CommandLine help() {
    CommandLine help = new CommandLine(new HelpCommand());
    help.getHelpSectionMap().put(SECTION_KEY_HEADER, of -> "");
    help.getCommandSpec().usageMessage().description("Shows this, or all about one command.");
    return help;
  }

  private static String render(Help help) {
    StringBuilder text = new StringBuilder();
    GROUPS.forEach(
        (heading, names) -> {
          text.append(String.format("%n%s:%n", heading));
          for (String name : names) {
            text.append(String.format("  %-12s %s%n", name, description(help, name)));
          }
        });
    section(text, "Examples", EXAMPLES);
    section(text, "Exit status", EXIT_STATUSES);
    return text.toString();
  }

  private static String description(Help help, String name) {
    CommandLine command = Objects.requireNonNull(help.commandSpec().subcommands().get(name), name);
    return command.getCommandSpec().usageMessage().description()[0];
  }

  private static void section(StringBuilder text, String heading, List<String> lines) {
    text.append(String.format("%n%s:%n", heading));
    lines.forEach(line -> text.append(String.format("  %s%n", line)));
  }
}
