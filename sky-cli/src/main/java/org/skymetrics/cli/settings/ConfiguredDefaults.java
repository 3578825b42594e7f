package org.skymetrics.cli.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What an option is where it is not on the command line: {@code SKY_...} in the environment, else
 * the line in the configuration file, else what the option itself says.
 */
public final class ConfiguredDefaults implements IDefaultValueProvider {
  private static final String CONFIG_OPTION = "config";

  private final Map<String, String> environment;
  private final Map<String, String> file;
  private final @Nullable Path path;

  private ConfiguredDefaults(
      Map<String, String> environment, Map<String, String> file, @Nullable Path path) {
    this.environment = environment;
    this.file = file;
    this.path = path;
  }

  /**
   * Reads the environment, and the file that {@code --config} or {@code SKY_CONFIG} names.
   *
   * @param command knows all options that there are
   * @throws CommandFailure where the file is wrong
   */
  public static ConfiguredDefaults read(
      String[] arguments, Map<String, String> environment, CommandLine command) {
    String named = configOption(arguments);
    if (named == null) {
      named = environment.get(variable(CONFIG_OPTION));
    }
    if (named == null || named.isEmpty()) {
      return new ConfiguredDefaults(Map.copyOf(environment), Map.of(), null);
    }
    Path path = Path.of(named);
    Map<String, String> file = ConfigFile.read(path, configurable(command));
    return new ConfiguredDefaults(Map.copyOf(environment), new HashMap<>(file), path);
  }

  /** The names of all options that can be configured, of all commands. */
  public static Set<String> configurable(CommandLine command) {
    Set<String> names = new TreeSet<>();
    addNames(command, names);
    names.remove(CONFIG_OPTION);
    return names;
  }

  private static void addNames(CommandLine command, Set<String> names) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (isConfigurable(option)) {
        names.add(name(option));
      }
    }
    command.getSubcommands().values().forEach(subcommand -> addNames(subcommand, names));
  }

  /** Whether an option means anything outside the command line. */
  public static boolean isConfigurable(OptionSpec option) {
    return !option.usageHelp() && !option.versionHelp();
  }

  /** The name of an option in a configuration file. */
  public static String name(OptionSpec option) {
    return option.longestName().substring("--".length());
  }

  /** The variable of the environment that stands for an option. */
  public static String variable(String name) {
    return "SKY_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || !isConfigurable(option)) {
      return null;
    }
    String fromEnvironment = environment.get(variable(name(option)));
    return fromEnvironment != null && !fromEnvironment.isEmpty()
        ? fromEnvironment
        : file.get(name(option));
  }

  /** Where {@link #defaultValue} has a value from, as half a sentence; empty where it has none. */
  public String origin(OptionSpec option) {
    String fromEnvironment = environment.get(variable(name(option)));
    if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
      return variable(name(option)) + " in the environment";
    }
    return file.containsKey(name(option)) ? "\"" + name(option) + "\" in " + path : "";
  }

  private static @Nullable String configOption(String[] arguments) {
    String option = "--" + CONFIG_OPTION;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--")) {
        return null;
      }
      if (arguments[i].startsWith(option + "=")) {
        return arguments[i].substring(option.length() + 1);
      }
      if (arguments[i].equals(option) && i + 1 < arguments.length) {
        return arguments[i + 1];
      }
    }
    return null;
  }
}
