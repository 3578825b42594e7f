package org.skymetrics.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.cli.settings.ConfiguredDefaults;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/configuration.md, as the options themselves tell it. */
final class ConfigurationPage {
  private static final String HEAD =
      """
      # Configuration

      Every option of `sky` can be given in three ways: on the command line (`--period 10s`), in the environment (`SKY_PERIOD=10s`) and
      in a file that `--config FILE` or `SKY_CONFIG` names (`period = 10s`, one a line, `#` before a comment). The command line wins
      over the environment, and that over the file. One file may serve all commands of a host: what a command has no use for it
      passes over. A name in the file that no command has is an error, which names it and the nearest that there is.

      A flag is `true` or `false` in the environment and in the file. Lengths of time are `500ms`, `10s`, `5m`, `1h`, `7d`. Addresses are
      `HOST:PORT`, an IPv6 host in brackets. An exit status of 0 says that all went well, 1 that it did not work, 2 that it was asked
      wrongly, 3 that an answer lacks a member of the ring.

      """;

  private ConfigurationPage() {}

  static String text(CommandLine sky) {
    StringBuilder page = new StringBuilder(HEAD.replace("\r", ""));
    Map<String, OptionSpec> common = new LinkedHashMap<>();
    sky.getCommandSpec().options().stream()
        .filter(ConfiguredDefaults::isConfigurable)
        .forEach(option -> common.put(option.longestName(), option));
    section(page, "All commands", List.copyOf(common.values()));
    sections(page, sky, common);
    return page.toString().stripTrailing() + "\n";
  }

  private static void sections(
      StringBuilder page, CommandLine above, Map<String, OptionSpec> common) {
    for (CommandLine command : above.getSubcommands().values()) {
      List<OptionSpec> own = new ArrayList<>();
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (ConfiguredDefaults.isConfigurable(option)
            && !common.containsKey(option.longestName())) {
          own.add(option);
        }
      }
      if (!own.isEmpty()) {
        section(page, "`" + command.getCommandSpec().qualifiedName() + "`", own);
      }
      sections(page, command, common);
    }
  }

  private static void section(StringBuilder page, String heading, List<OptionSpec> options) {
    page.append("## ").append(heading).append("\n\n");
    page.append("| option | environment | |\n|---|---|---|\n");
    for (OptionSpec option : options) {
      String parameter = option.typeInfo().isBoolean() ? "" : " " + option.paramLabel();
      String description =
          String.join(" ", option.description())
              .replace("${DEFAULT-VALUE}", "`" + option.defaultValue() + "`");
      page.append("| `")
          .append((option.longestName() + parameter).replace("|", "\\|"))
          .append("` | `")
          .append(ConfiguredDefaults.variable(ConfiguredDefaults.name(option)))
          .append("` | ")
          .append(description.replace("|", "\\|"))
          .append(" |\n");
    }
    page.append('\n');
  }
}
