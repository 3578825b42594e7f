package org.skymetrics.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.client.Sky;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky send}: one point. */
@Command(
    name = "send",
    description = {
      "Sends one point, and waits until it is acknowledged.",
      "",
      "For scripts: sky send counter 'deploys|web'; sky send gauge room_temperature 21.5;",
      "sky send set visitors alice"
    })
final class SendCommand implements Callable<Integer> {
  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private RingOptions ring = new RingOptions();

  @Parameters(index = "0", paramLabel = "KIND", description = "counter, gauge, histogram or set.")
  private Kind kind = Kind.COUNTER;

  @Parameters(
      index = "1",
      paramLabel = "KEY",
      description = "Segments parted by | (counts in its parents too) or > (only scopes).")
  private String key = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VALUE",
      description =
          "A counter's integer (1 without it); the value of a gauge or a histogram; the member of a set.")
  private @Nullable String value;

  @Override
  public Integer call() {
    SkyCommand sky = Parents.of(parent);
    KeyFault fault = Key.fault(key);
    if (fault != null) {
      throw CommandFailure.usage("\"" + key + "\" is not a key: " + fault.description());
    }
    if (value == null && kind != Kind.COUNTER) {
      throw CommandFailure.usage("a " + kind.label() + " needs a VALUE behind its key");
    }
    long count = kind == Kind.COUNTER ? integer(value) : 0;
    double measured = kind == Kind.COUNTER || kind == Kind.SET ? 0 : number(value);
    sky.logAsTool();
    try (Sky client = ring.connect()) {
      switch (kind) {
        case COUNTER -> client.counter(key, count);
        case GAUGE -> client.gauge(key, measured);
        case HISTOGRAM -> client.histogram(key, measured);
        case SET -> client.set(key, String.valueOf(value));
      }
      if (!client.awaitAcknowledged(ring.patience())) {
        throw ring.notAcknowledged(1);
      }
    }
    return CommandFailure.OK;
  }

  private static long integer(@Nullable String text) {
    try {
      return text == null ? 1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw CommandFailure.usage("a counter's VALUE is an integer, not \"" + text + "\"");
    }
  }

  private static double number(@Nullable String text) {
    try {
      double number = Double.parseDouble(String.valueOf(text));
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with what is no finite number.
    }
    throw CommandFailure.usage("a VALUE is a finite number, not \"" + text + "\"");
  }
}
