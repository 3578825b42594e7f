package org.skymetrics.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;
import org.skymetrics.common.file.PrivateFile;
import org.skymetrics.ui.access.Tokens;
import picocli.CommandLine.Option;

/** How a command that asks reaches the HTTP API. */
final class ApiOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8180",
      description = "The address of the HTTP API. Default: ${DEFAULT-VALUE}")
  private HostPort http = new HostPort("127.0.0.1", 8180);

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "The token to show, where the HTTP API wants a login. All users of a machine see command"
              + " lines: better SKY_TOKEN in the environment, or --token-file.")
  private @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "A file with the token to show: the one that sky token printed, not the file of hashes that"
              + " the HTTP API reads.")
  private @Nullable Path tokenFile;

  Api api() {
    return new Api(http, token());
  }

  /** What is said outright goes before a file, which may be configured for another command. */
  private @Nullable String token() {
    if (token != null || tokenFile == null) {
      return token;
    }
    try {
      return PrivateFile.open("token", tokenFile, ApiOptions::only).get();
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--token-file: " + e.getMessage());
    }
  }

  private static String only(List<String> lines) {
    List<String> tokens = lines.stream().map(String::strip).filter(t -> !t.isEmpty()).toList();
    if (tokens.stream().anyMatch(Tokens::isLine)) {
      throw new IllegalArgumentException(
          "it holds the hashes of tokens, which the HTTP API reads; what asks it needs the token"
              + " itself, here or in SKY_TOKEN");
    }
    if (tokens.size() != 1) {
      throw new IllegalArgumentException("it has " + tokens.size() + " lines, not one token");
    }
    return tokens.get(0);
  }

  /** The exit status for an answer; names on stderr the members that it lacks. */
  static int statusFor(List<String> partial, SkyCommand sky) {
    for (String member : partial) {
      sky.say("sky: the answer is not complete: no reply from " + member);
    }
    return partial.isEmpty() ? CommandFailure.OK : CommandFailure.PARTIAL;
  }
}
