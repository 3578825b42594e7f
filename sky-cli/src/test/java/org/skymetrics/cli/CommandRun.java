package org.skymetrics.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * A command that was run in this process, to its end.
 *
 * @param out what it printed as its result
 * @param err what else it said
 */
record CommandRun(int status, String out, String err) {

  static CommandRun of(String... arguments) {
    return in(Map.of(), arguments);
  }

  static CommandRun in(Map<String, String> environment, String... arguments) {
    return withInput("", environment, arguments);
  }

  static CommandRun withInput(String input, Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Outside outside =
        new Outside(
            environment,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            ZoneOffset.UTC,
            new Stop());
    int status = Main.run(arguments, outside);
    return new CommandRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The result without the line end. */
  String result() {
    return out.strip();
  }
}
