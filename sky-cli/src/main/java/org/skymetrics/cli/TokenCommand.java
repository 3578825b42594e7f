package org.skymetrics.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.ui.access.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky token}: makes a token for a script. */
@Command(
    name = "token",
    description = {
      "Makes a token with which a script can ask the HTTP API.",
      "",
      "Prints it, this once: only its hash is kept. Commands take it from SKY_TOKEN, others send it as"
          + " Authorization: Bearer TOKEN."
    })
final class TokenCommand implements Callable<Integer> {
  @ParentCommand private @Nullable SkyCommand parent;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "What it is for. A token of the same name is good no longer.")
  private String name = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Puts the line with its hash there, which ui and standalone take as --token-file; the file"
              + " is made where there is none. Without it the line is printed below the token.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.logAsTool();
    if (!Tokens.isName(name)) {
      throw CommandFailure.usage(
          "a token's name has 1 to 64 letters, digits, dots, hyphens and underscores, not \""
              + name
              + "\"");
    }
    String token = Tokens.random(new SecureRandom());
    String line = Tokens.line(name, token);
    if (file != null) {
      NamedLines.put(file, name, line, Tokens::parse);
    }
    sky.print(token);
    if (file == null) {
      sky.print(line);
    }
    return CommandFailure.OK;
  }
}
