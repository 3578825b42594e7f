package org.skymetrics.server.admin;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.List;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.store.batch.Batch;

/** What readers ask: the batches that history may not have yet, and the keys met. */
final class ReaderRoutes {
  private static final int MAX_KEYS_PER_ANSWER = 10_000;

  private final long incarnation;
  private final Reads reads;
  private final KeyLog keys;

  ReaderRoutes(long incarnation, Reads reads, KeyLog keys) {
    this.incarnation = incarnation;
    this.reads = reads;
    this.keys = keys;
  }

  void addTo(Router router) {
    router.get("/v1/batches").handler(this::batches);
    router.get("/v1/keys").handler(this::keys);
  }

  private void batches(RoutingContext request) {
    SeriesQuery query;
    try {
      query = Parameters.query(request);
    } catch (BadRequestException e) {
      Answers.error(request, 400, e.getMessage());
      return;
    }
    Future.fromCompletionStage(reads.read(query), request.vertx().getOrCreateContext())
        .onSuccess(batches -> send(request, batches))
        .onFailure(fault -> Answers.error(request, 503, String.valueOf(fault.getMessage())));
  }

  private void send(RoutingContext request, List<Batch> batches) {
    Buffer body = Buffer.buffer();
    for (Batch batch : batches) {
      body.appendInt(batch.bytes().length).appendBytes(batch.bytes());
    }
    Answers.send(request, "application/octet-stream", body);
  }

  private void keys(RoutingContext request) {
    long after;
    try {
      after = Parameters.number(request, "after");
    } catch (BadRequestException e) {
      Answers.error(request, 400, e.getMessage());
      return;
    }
    KeyLog.Page page = keys.after(Math.max(0, after), MAX_KEYS_PER_ANSWER);
    JsonArray list = new JsonArray();
    for (KeyLog.Entry entry : page.entries()) {
      list.add(
          new JsonObject()
              .put("kind", entry.series().kind().label())
              .put("key", entry.series().key().toString())
              .put("seenMs", entry.seenMs()));
    }
    Answers.json(
        request,
        new JsonObject()
            .put("incarnation", HexFormat.of().toHexDigits(incarnation))
            .put("next", page.last())
            .put("keys", list));
  }
}
