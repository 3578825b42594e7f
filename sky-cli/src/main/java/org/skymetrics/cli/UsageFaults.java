package org.skymetrics.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.skymetrics.cli.settings.ConfiguredDefaults;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with how a command was asked: each fault, where it stands, what is right. */
final class UsageFaults {
  private final ConfiguredDefaults defaults;
  private final PrintStream err;

  UsageFaults(ConfiguredDefaults defaults, PrintStream err) {
    this.defaults = defaults;
    this.err = err;
  }

  void tell(List<Exception> faults, CommandSpec command) {
    String name = command.qualifiedName();
    telling(faults).map(this::sentence).distinct().forEach(s -> err.println(name + ": " + s));
    String rest = name.contains(" ") ? name.substring(name.indexOf(' ')) : "";
    err.println("Try: sky help" + rest);
  }

  /** Without those faults that only follow from another. */
  private static Stream<Exception> telling(List<Exception> faults) {
    List<Exception> unknown =
        faults.stream()
            .filter(f -> f instanceof UnmatchedArgumentException u && u.isUnknownOption())
            .toList();
    if (!unknown.isEmpty()) {
      return unknown.stream();
    }
    // Behind an argument that can't be read, the others are not where they are looked for.
    boolean argumentWrong =
        faults.stream()
            .anyMatch(
                f ->
                    f instanceof ParameterException p
                        && p.getArgSpec() instanceof PositionalParamSpec
                        && !(f instanceof MissingParameterException));
    return argumentWrong
        ? faults.stream()
            .filter(f -> !(f instanceof UnmatchedArgumentException))
            .filter(f -> !(f instanceof MissingParameterException))
        : faults.stream();
  }

  private String sentence(Exception fault) {
    if (fault instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    if (fault instanceof MissingParameterException missing) {
      return decapitalized(missing);
    }
    if (fault instanceof ParameterException parameter
        && parameter.getArgSpec() instanceof OptionSpec option) {
      return decapitalized(fault) + origin(option, parameter);
    }
    return decapitalized(fault);
  }

  /** Where a value that is wrong was found, when that was not the command line. */
  private String origin(OptionSpec option, ParameterException fault) {
    String configured = defaults.defaultValue(option);
    return configured != null && configured.equals(fault.getValue())
        ? " (" + defaults.origin(option) + ")"
        : "";
  }

  private static String unmatched(UnmatchedArgumentException fault) {
    String names =
        fault.getUnmatched().stream()
            .map(argument -> "\"" + argument + "\"")
            .collect(Collectors.joining(", "));
    boolean option = fault.isUnknownOption();
    String suggestions = String.join(" or ", fault.getSuggestions());
    return (option ? "there is no option " : "there is no place for ")
        + names
        + (suggestions.isEmpty() ? "" : "; did you mean " + suggestions + "?");
  }

  private static String decapitalized(Exception fault) {
    String message = String.valueOf(fault.getMessage());
    return message.isEmpty()
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }
}
