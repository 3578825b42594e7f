package org.skymetrics.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.ui.access.Passwords;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky password}: makes a line of the password file. */
@Command(
    name = "password",
    description = {
      "Gives a user of the page a password.",
      "",
      "Asks for it, twice; without a terminal, it is the first line of what comes in. ui and standalone"
          + " take the file as --password-file."
    })
final class PasswordCommand implements Callable<Integer> {
  @ParentCommand private @Nullable SkyCommand parent;

  @Parameters(index = "0", paramLabel = "USER", description = "Who logs in with it.")
  private String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "Puts the line there, in place of the user's line of before; the file is made where there is"
              + " none. Without it the line is printed.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.logAsTool();
    if (!Passwords.isUser(user)) {
      throw CommandFailure.usage(
          "a user's name has 1 to 64 characters, and no colon, not \"" + user + "\"");
    }
    String line = line(password(sky));
    if (file == null) {
      sky.print(line);
    } else {
      NamedLines.put(file, user, line, Passwords::parse);
      sky.say("sky: " + user + " can log in where " + file + " is the --password-file");
    }
    return CommandFailure.OK;
  }

  private String line(String password) {
    try {
      return Passwords.line(user, password);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static String password(SkyCommand sky) {
    Console console = sky.outside().terminal() ? System.console() : null;
    return console == null ? firstLine(sky) : asked(console);
  }

  private static String asked(Console console) {
    char[] first = console.readPassword("Password: ");
    char[] again = console.readPassword("Again: ");
    if (first == null || again == null || !Arrays.equals(first, again)) {
      throw CommandFailure.usage("the two are not the same");
    }
    return new String(first);
  }

  private static String firstLine(SkyCommand sky) {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(sky.outside().in(), StandardCharsets.UTF_8));
    try {
      String line = in.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw CommandFailure.failed("the password can't be read: " + e.getMessage(), e);
    }
  }
}
