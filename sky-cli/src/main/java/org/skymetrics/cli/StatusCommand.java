package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.answer.Api;
import org.skymetrics.cli.answer.StatusView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sky status}: who is there, and what waits. */
@Command(
    name = "status",
    description = {
      "Shows the members of the ring, what waits for history, and what was lost.",
      "",
      "The exit status is 3 when a member does not reply."
    })
final class StatusCommand implements Callable<Integer> {
  /** What is printed. */
  enum Format {
    TABLE,
    JSON
  }

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private ApiOptions http = new ApiOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json. Default: ${DEFAULT-VALUE}")
  private Format format = Format.TABLE;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    sky.logAsTool();
    JsonNode answer = http.api().get("/api/status", Map.of());
    switch (format) {
      case TABLE -> sky.print(new StatusView(answer).lines());
      case JSON -> sky.print(Api.pretty(answer));
    }
    return ApiOptions.statusFor(Api.partial(answer), sky);
  }
}
