package org.skymetrics.ui.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;
import org.skymetrics.ui.query.TimeText;

/** Reads the fields of a body strictly: one that nobody knows is refused, not passed over. */
final class BodyFields {
  private BodyFields() {}

  /**
   * Refuses a body with other fields than these.
   *
   * @param told fields that an answer has besides, and a body may give back
   */
  static void requireKnown(JsonNode body, Set<String> told, Set<String> writable, String sentence) {
    for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!writable.contains(name) && !told.contains(name)) {
        throw new HttpFault(
            400, "there is no field " + TimeText.shown(name) + "; known are " + sentence);
      }
    }
  }

  static String text(JsonNode body, String name, String otherwise) {
    JsonNode value = body.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw new HttpFault(400, name + " is a string");
    }
    return value.asText();
  }
}
