package org.skymetrics.cli;

import java.util.ArrayList;
import java.util.List;
import org.skymetrics.cli.settings.CommandFailure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Runs a command only when nothing is wrong with how it was asked; else tells all that is. */
final class Checked implements IExecutionStrategy {
  private final UsageFaults faults;

  Checked(UsageFaults faults) {
    this.faults = faults;
  }

  @Override
  public int execute(ParseResult result) {
    Integer help = CommandLine.executeHelpRequest(result);
    if (help != null) {
      return help;
    }
    List<Exception> found = new ArrayList<>();
    ParseResult last = result;
    for (ParseResult at = result; at != null; at = at.subcommand()) {
      found.addAll(at.errors());
      last = at;
    }
    if (!found.isEmpty()) {
      faults.tell(found, last.commandSpec());
      return CommandFailure.USAGE;
    }
    return new RunLast().execute(result);
  }
}
