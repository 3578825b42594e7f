package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.net.HostAndPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    requireOwnOrigin(request);
    String type =
        Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_TYPE), "nothing");
    if (!type.toLowerCase(Locale.ROOT).split(";", -1)[0].trim().equals("application/json")) {
      throw new HttpFault(
          415, "the body is JSON and its Content-Type application/json (curl --json)");
    }
    Buffer body = Buffer.buffer();
    Promise<JsonNode> read = Promise.promise();
    request.handler(
        part -> {
          if (body.length() + part.length() > MAX_BYTES) {
            read.tryFail(new HttpFault(413, "the body has at most " + MAX_BYTES + " bytes"));
          } else {
            body.appendBuffer(part);
          }
        });
    request.exceptionHandler(fault -> read.tryFail(new HttpFault(400, "the body was cut short")));
    request.endHandler(
        end -> {
          try {
            read.tryComplete(parse(body.getBytes()));
          } catch (HttpFault fault) {
            read.tryFail(fault);
          }
        });
    return read.future();
  }

  /**
   * Refuses a request that a page of another server makes.
   *
   * @throws HttpFault 403
   */
  static void requireOwnOrigin(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String host = request.getHeader(HttpHeaders.HOST);
    if (origin != null && !isAt(origin, host)) {
      throw new HttpFault(403, "pages of other servers can't change anything here");
    }
  }

  private static boolean isAt(String origin, @Nullable String host) {
    try {
      URI uri = URI.create(origin);
      HostAndPort own = HostAndPort.fromString(String.valueOf(host)).withDefaultPort(80);
      int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
      return own.getHost().equalsIgnoreCase(withoutBrackets(String.valueOf(uri.getHost())))
          && (own.getPort() == port || !String.valueOf(host).contains(":"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
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
