package org.skymetrics.ui.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A response that is ready to be sent. */
record Answered(int status, String contentType, Buffer body, Map<String, String> headers) {
  static final String JSON = "application/json; charset=utf-8";
  static final String CSV = "text/csv; charset=utf-8; header=present";
  static final String TEXT = "text/plain; charset=utf-8";

  /** Takes the bytes as they are; they are not to be changed. */
  static Answered of(int status, String contentType, byte[] body) {
    return new Answered(status, contentType, Buffer.buffer(body), Map.of());
  }

  static Answered json(byte[] body) {
    return of(200, JSON, body);
  }

  static Answered text(int status, String body) {
    return of(status, TEXT, body.getBytes(StandardCharsets.UTF_8));
  }

  Answered with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answered(status, contentType, body, more);
  }
}
