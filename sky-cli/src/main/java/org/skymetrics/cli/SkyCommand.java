package org.skymetrics.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code sky}: what all its commands have in common. */
@Command(
    name = "sky",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Counts what happens, exactly, and shows it.",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nArguments:%n",
    descriptionHeading = "%n")
final class SkyCommand implements Runnable {
  private final Outside outside;

  @Spec private @Nullable CommandSpec spec;

  // Read before the command line is (ConfiguredDefaults); here for the help and the parser.
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      order = 900,
      description =
          "Read options from this file: lines of name = value, the names without dashes. An option"
              + " given here wins over SKY_... in the environment, and that over the file.")
  private @Nullable Path config;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      order = 901,
      description =
          "How much to log to stderr: error, warn, info, debug, trace. Without it: info for what"
              + " runs on, warn for the others. debug shows the stack traces of failures.")
  private Logging.@Nullable LogLevel logLevel;

  @Option(
      names = "--log-json",
      scope = ScopeType.INHERIT,
      order = 902,
      description = "Log JSON, one object a line.")
  private boolean logJson;

  SkyCommand(Outside outside) {
    this.outside = outside;
  }

  Outside outside() {
    return outside;
  }

  /** Starts logging for a command that runs until it is stopped. */
  void logAsDaemon() {
    Logging.configure(logLevel == null ? Logging.LogLevel.INFO : logLevel, logJson, outside.err());
  }

  /** Starts logging for a command that does one thing. */
  void logAsTool() {
    Logging.configure(logLevel == null ? Logging.LogLevel.WARN : logLevel, logJson, outside.err());
  }

  /** Whether failures are shown with their stack traces. */
  boolean showsTraces() {
    return logLevel != null && logLevel.compareTo(Logging.LogLevel.DEBUG) >= 0;
  }

  /** Prints a result. */
  void print(String line) {
    outside.out().println(line);
  }

  void print(List<String> lines) {
    lines.forEach(outside.out()::println);
  }

  /** The start message of a daemon: what it is, and below that where it is reached. */
  void started(String what, List<String> lines) {
    print("sky " + what + " is up; Ctrl-C or SIGTERM ends it");
    lines.forEach(line -> print("  " + line));
    outside.out().flush();
  }

  /** Says something that is no result. */
  void say(String line) {
    outside.err().println(line);
  }

  /** {@code sky} alone. */
  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(outside.err());
    }
    throw CommandFailure.usage("a command is missing");
  }
}
