package org.skymetrics.server.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.statsd.Refusal;

/**
 * The last refused lines of each sender, for the operator who looks for what is wrong. Of the
 * senders those are kept that were refused a line last. Safe from any thread.
 */
final class RefusedLines {
  static final int MAX_SENDERS = 100;
  static final int MAX_LINES = 20;

  private record Line(long timeMs, Refusal reason, String text) {}

  private final Clock clock;
  private final Offenders offenders;

  /** Those refused longest ago first. */
  private final Map<String, Deque<Line>> bySender = new LinkedHashMap<>(16, 0.75f, true);

  RefusedLines(Clock clock, Offenders offenders) {
    this.clock = clock;
    this.offenders = offenders;
  }

  void add(String sender, Refusal reason, byte[] line, int from, int to) {
    offenders.badLine(sender);
    Line added = new Line(clock.wallMs(), reason, ShownText.of(line, from, to));
    synchronized (bySender) {
      Deque<Line> lines = bySender.computeIfAbsent(sender, s -> new ArrayDeque<>());
      if (lines.size() == MAX_LINES) {
        lines.removeFirst();
      }
      lines.addLast(added);
      if (bySender.size() > MAX_SENDERS) {
        bySender.remove(bySender.keySet().iterator().next());
      }
    }
  }

  /** By sender, each with its lines, the oldest first. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    synchronized (bySender) {
      bySender.forEach((sender, lines) -> json.put(sender, toJson(lines)));
    }
    return json;
  }

  private static JsonArray toJson(Deque<Line> lines) {
    JsonArray array = new JsonArray();
    for (Line line : lines) {
      array.add(
          new JsonObject()
              .put("time", Instant.ofEpochMilli(line.timeMs()).toString())
              .put("refusal", line.reason().name().toLowerCase(Locale.ROOT))
              .put("why", line.reason().description())
              .put("line", line.text()));
    }
    return array;
  }
}
