package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.dashboard.Dashboard;
import org.skymetrics.store.dashboard.Dashboards;
import org.skymetrics.store.dashboard.Dashboards.Found;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.http.DashboardEdits.Content;
import org.skymetrics.ui.query.TimeText;

/** {@code /api/dashboards}: charts that somebody has put together, for all to see. */
final class DashboardsEndpoints {
  private static final String ALL = "/api/dashboards";

  /** What an answer has besides, and a body may give back. */
  private static final Set<String> TOLD = Set.of("id", "version", "edited");

  private final Dashboards shelf;
  private final DashboardEdits edits;
  private final Workers workers;
  private final Counters counters;

  DashboardsEndpoints(HistoryStore history, Workers workers, Clock clock, Counters counters) {
    this.shelf = new Dashboards(history);
    this.edits = new DashboardEdits(shelf, clock, counters);
    this.workers = workers;
    this.counters = counters;
  }

  List<Endpoint> all() {
    return List.of(new Listed(), new Single());
  }

  private final class Listed implements Endpoint {
    @Override
    public String path() {
      return ALL;
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.GET, HttpMethod.POST);
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      return request.method().equals(HttpMethod.POST) ? make(request) : read();
    }

    private Future<Answered> make(HttpServerRequest request) {
      return RequestBody.json(request)
          .compose(
              body -> {
                Content content = content(body);
                return workers.run(
                    () -> {
                      Dashboard made = edits.make(content);
                      return answered(201, made).with("Location", ALL + "/" + made.id());
                    });
              });
    }

    private Future<Answered> read() {
      return workers.run(
          () -> {
            Found found = shelf.read();
            if (!found.damaged().isEmpty()) {
              counters.count(UiCounter.PARTIAL_ANSWERS);
            }
            return Answered.json(Json.bytes(out -> write(out, found)))
                .with("Cache-Control", "no-store");
          });
    }

    private void write(JsonGenerator out, Found found) throws IOException {
      out.writeStartObject();
      SeriesJson.writePartial(out, found.damaged());
      out.writeArrayFieldStart("dashboards");
      for (Dashboard dashboard : found.dashboards()) {
        out.writeStartObject();
        writeHead(out, dashboard);
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private final class Single implements Endpoint {
    @Override
    public String path() {
      return ALL + "/:id";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE);
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      String id = id(request.path());
      String ifMatch = request.getHeader(HttpHeaders.IF_MATCH);
      if (request.method().equals(HttpMethod.PUT)) {
        return edit(id, ifMatch, request);
      }
      if (request.method().equals(HttpMethod.DELETE)) {
        return workers.run(() -> answered(200, edits.delete(id, ifMatch)));
      }
      return workers.run(() -> answered(200, edits.find(id)));
    }

    private String id(String path) {
      String id = path.substring(path.lastIndexOf('/') + 1);
      if (!Dashboard.isId(id)) {
        throw new HttpFault(404, "there is no dashboard " + TimeText.shown(id));
      }
      return id;
    }

    private Future<Answered> edit(String id, @Nullable String ifMatch, HttpServerRequest request) {
      return RequestBody.json(request)
          .compose(
              body -> {
                Content content = content(body);
                return workers.run(() -> answered(200, edits.edit(id, content, ifMatch)));
              });
    }
  }

  /**
   * What a body describes.
   *
   * @throws HttpFault 400 where it is none
   */
  private static Content content(JsonNode body) {
    BodyFields.requireKnown(body, TOLD, Set.of("name", "content"), "name and content");
    JsonNode content = body.get("content");
    if (content == null || !content.isObject()) {
      throw new HttpFault(400, "content is an object: what the dashboard shows");
    }
    String title = BodyFields.text(body, "name", "").strip();
    String json = content.toString();
    // Refused here, where it is the client's fault.
    Parameters.read(() -> Dashboard.of(0, title, json));
    return new Content(title, json);
  }

  private static void writeHead(JsonGenerator out, Dashboard dashboard) throws IOException {
    out.writeStringField("id", dashboard.id());
    out.writeNumberField("version", dashboard.version());
    Json.field(out, "edited", dashboard.editedMs() / 1000.0);
    out.writeStringField("name", dashboard.title());
  }

  private static Answered answered(int status, Dashboard dashboard) {
    byte[] body =
        Json.bytes(
            out -> {
              out.writeStartObject();
              writeHead(out, dashboard);
              if (dashboard.deleted()) {
                out.writeBooleanField("deleted", true);
              } else {
                out.writeFieldName("content");
                out.writeRawValue(dashboard.content());
              }
              out.writeEndObject();
            });
    return Answered.of(status, Answered.JSON, body)
        .with("ETag", IfMatch.tag(dashboard.version()))
        .with("Cache-Control", "no-store");
  }
}
