package org.skymetrics.ui.http;

import java.util.Map;

/** A request that is refused: the status, and a sentence that says what would be right. */
final class HttpFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Map<String, String> headers;

  HttpFault(int status, String message) {
    this(status, message, Map.of());
  }

  HttpFault(int status, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }
}
