package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.ui.query.TimeText;

/** Annotations in JSON, written and read. */
final class AnnotationJson {
  private static final Set<String> WRITABLE =
      Set.of("time", "end", "label", "type", "text", "source", "tags");

  /** What an answer has besides, and a body may give back. */
  private static final Set<String> TOLD = Set.of("id", "version");

  private AnnotationJson() {}

  static void write(JsonGenerator out, Annotation annotation) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", annotation.id().toString());
    out.writeNumberField("version", annotation.version());
    Json.seconds(out, "time", annotation.timeMs());
    if (annotation.endMs() > annotation.timeMs()) {
      Json.seconds(out, "end", annotation.endMs());
    }
    out.writeStringField("label", annotation.label());
    out.writeStringField("type", annotation.type());
    out.writeStringField("text", annotation.text());
    out.writeStringField("source", annotation.source());
    out.writeArrayFieldStart("tags");
    for (String tag : annotation.tags()) {
      out.writeString(tag);
    }
    out.writeEndArray();
    if (annotation.deleted()) {
      out.writeBooleanField("deleted", true);
    }
    out.writeEndObject();
  }

  /**
   * The annotation that a body describes, in its first version.
   *
   * @throws HttpFault 400 where it is none
   */
  static Annotation read(JsonNode body, long nowMs) {
    BodyFields.requireKnown(
        body, TOLD, WRITABLE, "label, and where wanted time, end, type, text, source, tags");
    long timeMs = body.has("time") ? time(body, "time", nowMs) : nowMs;
    long endMs = body.has("end") ? time(body, "end", nowMs) : timeMs;
    return Parameters.read(
        () ->
            Annotation.of(
                timeMs,
                endMs,
                BodyFields.text(body, "label", ""),
                BodyFields.text(body, "type", "info"),
                BodyFields.text(body, "text", ""),
                BodyFields.text(body, "source", ""),
                tags(body)));
  }

  private static long time(JsonNode body, String name, long nowMs) {
    JsonNode value = body.get(name);
    if (value.isNumber() && Math.abs(value.asDouble()) < Annotation.MAX_TIME_MS) {
      return Math.round(value.asDouble() * 1000);
    }
    return Parameters.read(() -> TimeText.instantMs(name, value.asText(), nowMs));
  }

  private static List<String> tags(JsonNode body) {
    JsonNode value = body.get("tags");
    List<String> tags = new ArrayList<>();
    if (value == null) {
      return tags;
    }
    if (!value.isArray()) {
      throw new HttpFault(400, "tags are an array of strings");
    }
    for (JsonNode tag : value) {
      if (!tag.isTextual()) {
        throw new HttpFault(400, "tags are an array of strings");
      }
      tags.add(tag.asText());
    }
    return tags;
  }
}
