package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Reads the body of a request as the fields of a form, as strictly as a query. */
final class FormBody {
  private static final int MAX_BYTES = 16 << 10;

  private FormBody() {}

  /**
   * The fields; called on the event loop that the request came on.
   *
   * @throws HttpFault 415 where it is no form
   */
  static Future<Parameters> read(HttpServerRequest request, Set<String> fields) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null
        || !type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
      throw new HttpFault(415, "the body is a form: application/x-www-form-urlencoded");
    }
    return RequestBody.bytes(request, MAX_BYTES)
        .map(body -> Parameters.parse(new String(body, StandardCharsets.ISO_8859_1), fields));
  }
}
