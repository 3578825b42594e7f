package org.skymetrics.server.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.statsd.TextEvent;
import org.skymetrics.server.statsd.TextServiceCheck;

/** The last events and service checks that came in as text. Safe from any thread. */
final class Announcements {
  static final int MAX = 100;

  private final Clock clock;
  private final Deque<JsonObject> last = new ArrayDeque<>();

  Announcements(Clock clock) {
    this.clock = clock;
  }

  void add(String sender, TextEvent event) {
    keep(
        begin("event", sender, event.timeSeconds(), event.host(), event.tags())
            .put("title", ShownText.of(event.title()))
            .put("text", ShownText.of(event.text()))
            .put("priority", event.priority())
            .put("alertType", event.alertType()));
  }

  void add(String sender, TextServiceCheck check) {
    keep(
        begin("service check", sender, check.timeSeconds(), check.host(), check.tags())
            .put("name", ShownText.of(check.name()))
            .put("status", check.status())
            .put("message", ShownText.of(check.message())));
  }

  private JsonObject begin(String what, String sender, long timeSeconds, String host, String tags) {
    // A year past 9999 is not a time that anyone means.
    long timeMs = timeSeconds > 0 && timeSeconds < 253_402_300_800L ? timeSeconds * 1000 : 0;
    return new JsonObject()
        .put("what", what)
        .put("time", Instant.ofEpochMilli(timeMs == 0 ? clock.wallMs() : timeMs).toString())
        .put("sender", sender)
        .put("host", ShownText.of(host))
        .put("tags", ShownText.of(tags));
  }

  private void keep(JsonObject announcement) {
    synchronized (last) {
      if (last.size() == MAX) {
        last.removeFirst();
      }
      last.addLast(announcement);
    }
  }

  /** The oldest first. */
  JsonArray toJson() {
    JsonArray array = new JsonArray();
    synchronized (last) {
      last.forEach(array::add);
    }
    return array;
  }
}
