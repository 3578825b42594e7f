package org.skymetrics.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.skymetrics.cli.history.LineFormat;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.ConfiguredDefaults;
import org.skymetrics.cli.settings.Converters;
import org.skymetrics.store.StoreException;
import picocli.CommandLine;

/** The entry of the {@code sky} command. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Stop stop = new Stop();
    stop.listenToSignals();
    int status = run(arguments, Outside.ofProcess(stop));
    stop.end();
    System.exit(status);
  }

  /**
   * Runs a command.
   *
   * @return its exit status
   */
  static int run(String[] arguments, Outside outside) {
    CommandLine command = commandLine(outside);
    ConfiguredDefaults defaults;
    try {
      defaults = ConfiguredDefaults.read(arguments, outside.environment(), command);
    } catch (CommandFailure e) {
      outside.err().println("sky: " + e.sentence());
      return e.exitStatus();
    }
    command.setDefaultValueProvider(defaults);
    command.setExecutionStrategy(new Checked(new UsageFaults(defaults, outside.err())));
    return command.execute(arguments);
  }

  /** The command with all its subcommands. */
  static CommandLine commandLine(Outside outside) {
    SkyCommand sky = new SkyCommand(outside);
    CommandLine command = new CommandLine(sky);
    CommandGroups.addTo(command);
    Converters.register(command);
    Converters.registerChoice(command, Logging.LogLevel.class, "a log level");
    Converters.registerChoice(command, QueryCommand.Format.class, "a format");
    Converters.registerChoice(command, KeysCommand.Format.class, "a format");
    Converters.registerChoice(command, LineFormat.class, "a format");
    Converters.registerChoice(command, StatusCommand.Format.class, "a format");
    command.setOut(writer(outside.out()));
    command.setErr(writer(outside.err()));
    command.setExpandAtFiles(false);
    collectErrors(command);
    command.setExecutionExceptionHandler((e, at, result) -> report(e, at, sky));
    return command;
  }

  private static void collectErrors(CommandLine command) {
    command.getCommandSpec().parser().collectErrors(true);
    command.getSubcommands().values().forEach(Main::collectErrors);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** One sentence on stderr for whatever went wrong; the trace only for those who ask for it. */
  private static int report(Exception e, CommandLine at, SkyCommand sky) {
    String name = at.getCommandSpec().qualifiedName();
    int status = CommandFailure.FAILED;
    if (e instanceof CommandFailure failure) {
      sky.say(name + ": " + failure.sentence());
      status = failure.exitStatus();
    } else if (e instanceof StoreException) {
      sky.say(name + ": " + e.getMessage());
    } else {
      sky.say(name + ": failed unexpectedly: " + e + " (--log-level debug shows where)");
    }
    if (sky.showsTraces()) {
      e.printStackTrace(sky.outside().err());
    }
    return status;
  }
}
