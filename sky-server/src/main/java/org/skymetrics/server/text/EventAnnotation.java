package org.skymetrics.server.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.server.statsd.TextEvent;
import org.skymetrics.store.annotation.Annotation;

/**
 * What an event becomes: an annotation of its title, with its text, its alert type as the type, and
 * its tags, those that it has as fields of their own among them. What is longer than an annotation
 * may be is cut.
 */
final class EventAnnotation {
  private EventAnnotation() {}

  /** The annotation; null where the event has no title, or a time that no annotation has. */
  static @Nullable Annotation of(TextEvent event, long nowMs) {
    long timeMs = event.timeSeconds() == 0 ? nowMs : event.timeSeconds() * 1000;
    if (event.title().isBlank() || timeMs < 0 || timeMs >= Annotation.MAX_TIME_MS) {
      return null;
    }
    return Annotation.of(
        timeMs,
        timeMs,
        cut(event.title(), Annotation.MAX_LABEL_BYTES),
        event.alertType(),
        cut(event.text(), Annotation.MAX_TEXT_BYTES),
        cut(event.source(), Annotation.MAX_SOURCE_BYTES),
        tags(event));
  }

  private static List<String> tags(TextEvent event) {
    TreeSet<String> tags = new TreeSet<>(List.of(event.tags().split(",", -1)));
    add("host", event.host(), tags);
    add("aggregation_key", event.aggregationKey(), tags);
    add("priority", event.priority().equals("low") ? "low" : "", tags);
    tags.removeIf(String::isBlank);
    List<String> kept = new ArrayList<>();
    for (String tag : tags) {
      if (kept.size() < Annotation.MAX_TAGS) {
        kept.add(cut(tag, Annotation.MAX_TAG_BYTES));
      }
    }
    return Collections.unmodifiableList(kept);
  }

  private static void add(String key, String value, Set<String> tags) {
    if (!value.isEmpty()) {
      tags.add(key + ":" + value);
    }
  }

  /** The longest start of a text that has at most so many bytes. */
  private static String cut(String text, int mostBytes) {
    String kept = text;
    while (kept.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
      int over = kept.getBytes(StandardCharsets.UTF_8).length - mostBytes;
      int end = kept.length() - Math.max(1, over / 4);
      kept = kept.substring(0, Character.isLowSurrogate(kept.charAt(end)) ? end - 1 : end);
    }
    return kept;
  }
}
