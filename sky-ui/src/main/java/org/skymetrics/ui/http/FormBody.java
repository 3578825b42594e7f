package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
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
    Buffer body = Buffer.buffer();
    Promise<Parameters> read = Promise.promise();
    request.handler(
        part -> {
          if (body.length() + part.length() > MAX_BYTES) {
            read.tryFail(new HttpFault(413, "the form has at most " + MAX_BYTES + " bytes"));
          } else {
            body.appendBuffer(part);
          }
        });
    request.exceptionHandler(fault -> read.tryFail(new HttpFault(400, "the form was cut short")));
    request.endHandler(
        end -> {
          try {
            String text = body.toString(StandardCharsets.ISO_8859_1);
            read.tryComplete(Parameters.parse(text, fields));
          } catch (HttpFault fault) {
            read.tryFail(fault);
          }
        });
    return read.future();
  }
}
