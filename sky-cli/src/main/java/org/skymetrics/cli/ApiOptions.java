package org.skymetrics.cli;

import java.util.List;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;
import picocli.CommandLine.Option;

/** How a command that asks reaches the HTTP API. */
final class ApiOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8180",
      description = "The address of the HTTP API. Default: ${DEFAULT-VALUE}")
  private HostPort http = new HostPort("127.0.0.1", 8180);

  Api api() {
    return new Api(http);
  }

  /** The exit status for an answer; names on stderr the members that it lacks. */
  static int statusFor(List<String> partial, SkyCommand sky) {
    for (String member : partial) {
      sky.say("sky: the answer is not complete: no reply from " + member);
    }
    return partial.isEmpty() ? CommandFailure.OK : CommandFailure.PARTIAL;
  }
}
