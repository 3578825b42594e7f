package org.skymetrics.server.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The forms of answers. Whether one still reaches its asker is the asker's matter. */
final class Answers {
  private Answers() {}

  static void text(RoutingContext request, int status, String text) {
    request.response().setStatusCode(status);
    send(request, "text/plain; charset=utf-8", Buffer.buffer(text));
  }

  static void json(RoutingContext request, JsonObject json) {
    send(request, "application/json", json.toBuffer());
  }

  static void error(RoutingContext request, int status, @Nullable String sentence) {
    request.response().setStatusCode(status);
    json(request, new JsonObject().put("error", String.valueOf(sentence)));
  }

  static void send(RoutingContext request, String contentType, Buffer body) {
    var unused = request.response().putHeader("content-type", contentType).end(body);
  }
}
