package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Reads the body of a request that changes something, as one JSON object. It must say that it is
 * JSON: a browser sends that for a page of others only where it was allowed to, which it is not.
 */
final class RequestBody {
  private static final int MAX_BYTES = 64 << 10;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RequestBody() {}

  /**
   * The object; called on the event loop that the request came on.
   *
   * @throws HttpFault where it is not taken
   */
  static Future<JsonNode> json(HttpServerRequest request) {
    String type =
        Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_TYPE), "nothing");
    if (!type.toLowerCase(Locale.ROOT).split(";", -1)[0].trim().equals("application/json")) {
      throw new HttpFault(
          415, "the body is JSON and its Content-Type application/json (curl --json)");
    }
    return bytes(request, MAX_BYTES).map(RequestBody::parse);
  }

  /** The body as it comes; called on the event loop that the request came on. */
  static Future<byte[]> bytes(HttpServerRequest request, int maxBytes) {
    Buffer body = Buffer.buffer();
    Promise<byte[]> read = Promise.promise();
    request.handler(
        part -> {
          if (body.length() + part.length() > maxBytes) {
            read.tryFail(new HttpFault(413, "the body has at most " + maxBytes + " bytes"));
          } else {
            body.appendBuffer(part);
          }
        });
    request.exceptionHandler(fault -> read.tryFail(new HttpFault(400, "the body was cut short")));
    request.endHandler(end -> read.tryComplete(body.getBytes()));
    return read.future();
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new HttpFault(400, "the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("memory gives all bytes", e);
    }
    throw new HttpFault(400, "the body is one JSON object");
  }
}
